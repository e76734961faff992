import type { OperatorRole } from '../../../../src/admin/contract.ts';
import type { Field } from '../../components/record-form/field.ts';
import type { Translate } from '../../i18n/translate.ts';
import { roleTexts } from '../../shell/role-texts.ts';

export const operatorsPath = '/portvakt/v1/operators';
export const operatorsKey: readonly string[] = ['operators'];

/** Name and role: what is given to an operator, and changed later. */
export const operatorFields = (t: Translate): readonly Field[] => [
  { name: 'name', kind: 'text', label: t('signIn.name'), isRequired: true, maxLength: 100 },
  {
    ...{ name: 'role', kind: 'choice', label: t('operators.role'), isRequired: true },
    options: (Object.keys(roleTexts) as OperatorRole[]).map((value) => ({ value, label: t(roleTexts[value]) })),
  },
];
