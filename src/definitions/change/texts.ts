import type { ChangedTexts } from '../../metadata/customization.ts';
import type { Texts } from '../complex-types.ts';
import type { DefinitionBody } from './definition-body.ts';

/** Members of a definition for its texts. */
type TextKeys =
  | readonly ['label', 'labelNb']
  | readonly ['pluralLabel', 'pluralLabelNb']
  | readonly ['description', 'descriptionNb'];

/** What a label makes of the texts of a definition. Without `merge`, a language that was not sent has no text any more. */
function withTexts(before: ChangedTexts, [en, nb]: TextKeys, given: Texts | undefined, merge: boolean): ChangedTexts {
  if (given === undefined) return before;
  const { [en]: oldEn, [nb]: oldNb, ...rest } = before;
  const newEn = given.en ?? (merge ? oldEn : undefined);
  const newNb = given.nb ?? (merge ? oldNb : undefined);
  return {
    ...rest,
    ...(newEn === undefined ? {} : { [en]: newEn }),
    ...(newNb === undefined ? {} : { [nb]: newNb }),
  };
}

/** Texts of a definition, changed by the labels of a body. The name must keep a text in the base language. */
export function changedTexts(before: ChangedTexts, body: DefinitionBody, merge: boolean): ChangedTexts {
  const named = withTexts(before, ['label', 'labelNb'], body.label('DisplayName'), merge);
  const plural = withTexts(named, ['pluralLabel', 'pluralLabelNb'], body.label('DisplayCollectionName'), merge);
  const after = withTexts(plural, ['description', 'descriptionNb'], body.label('Description'), merge);
  if (after.label === undefined) body.requireLabel('DisplayName');
  return after;
}

/** Texts of one option. */
export function optionTexts(before: ChangedTexts, body: DefinitionBody, merge: boolean): ChangedTexts {
  const named = withTexts(before, ['label', 'labelNb'], body.label('Label'), merge);
  const after = withTexts(named, ['description', 'descriptionNb'], body.label('Description'), merge);
  if (after.label === undefined) body.requireLabel('Label');
  return after;
}

/** Only the texts of something that has more. */
export const textsOf = ({
  label,
  labelNb,
  pluralLabel,
  pluralLabelNb,
  description,
  descriptionNb,
}: ChangedTexts): ChangedTexts => ({
  ...(label === undefined ? {} : { label }),
  ...(labelNb === undefined ? {} : { labelNb }),
  ...(pluralLabel === undefined ? {} : { pluralLabel }),
  ...(pluralLabelNb === undefined ? {} : { pluralLabelNb }),
  ...(description === undefined ? {} : { description }),
  ...(descriptionNb === undefined ? {} : { descriptionNb }),
});
