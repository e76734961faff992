import type { Label } from './label.ts';

/** A choice that tables share. */
export interface ChoiceDefinition {
  readonly MetadataId: string;
  readonly Name: string;
  readonly DisplayName: Label;
  readonly IsManaged: boolean;
  readonly Options: readonly ChoiceOption[];
}

export interface ChoiceOption {
  readonly Value: number;
  readonly Label: Label;
  readonly ExternalValue: string | null;
}
