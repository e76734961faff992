import type { OperatorLanguage } from '../../../../src/admin/contract.ts';
import type { TableRow } from './role-model.ts';

const codes: Readonly<Record<OperatorLanguage, number>> = { en: 1033, nb: 1044 };

/** What a table is called in a language; its logical name where it has no label. */
export const labelOf = ({ labels, logicalName }: TableRow, language: OperatorLanguage): string =>
  labels[codes[language]] ?? labels[codes.en] ?? logicalName;
