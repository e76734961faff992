import type { OperatorLanguage } from '../../../../src/admin/contract.ts';

/** A text of the metadata in several languages. */
export interface Label {
  readonly LocalizedLabels: readonly { readonly Label: string; readonly LanguageCode: number }[];
}

/** Codes of the languages on the wire. */
const languageCodes: Readonly<Record<OperatorLanguage, number>> = { en: 1033, nb: 1044 };

/** In the reader's language, else in English, else nothing. */
export function labelIn(label: Label, language: OperatorLanguage): string {
  const find = (code: number): string | undefined =>
    label.LocalizedLabels.find(({ LanguageCode }) => LanguageCode === code)?.Label;
  return find(languageCodes[language]) ?? find(languageCodes.en) ?? '';
}

/** A label in both languages, as a request has it. */
export const bothLabels = (en: string, nb: string) => ({
  '@odata.type': 'Microsoft.Dynamics.CRM.Label',
  LocalizedLabels: (
    [
      [en, languageCodes.en],
      [nb, languageCodes.nb],
    ] as const
  )
    .filter(([text]) => text !== '')
    .map(([text, LanguageCode]) => ({
      '@odata.type': 'Microsoft.Dynamics.CRM.LocalizedLabel',
      Label: text,
      LanguageCode,
    })),
});
