import type { LookupSource } from '../lookup.tsx';

export type FieldValue = string | boolean;
export type FormValues = Readonly<Record<string, FieldValue>>;

interface FieldBase {
  /** The wire's name: messages of the server that name it land here. */
  readonly name: string;
  /** What else the server may call it. */
  readonly aliases?: readonly string[];
  readonly label: string;
  /** One sentence under the label. */
  readonly hint?: string;
  readonly isRequired?: boolean;
  /** Shown as plain text. */
  readonly isReadOnly?: boolean;
  /** Only shown where this holds. */
  readonly isVisible?: (values: FormValues) => boolean;
  /** A message, or nothing where the value is good. */
  readonly check?: (value: FieldValue, values: FormValues) => string | undefined;
}

/** One field of a form, as data. Values are texts (ticks apart), as the person typed them. */
export type Field = FieldBase &
  (
    | { readonly kind: 'text' | 'multiline' | 'guid'; readonly maxLength?: number }
    | { readonly kind: 'number' | 'date' | 'moment' | 'tick' }
    | { readonly kind: 'choice'; readonly options: readonly { readonly value: string; readonly label: string }[] }
    | { readonly kind: 'lookup'; readonly source: LookupSource }
  );
