import type { OperatorLanguage } from '../../../../src/admin/contract.ts';
import { webApi } from '../../api/odata.ts';
import type { LookupSource } from '../../components/lookup.tsx';
import { type Label, labelIn } from '../tables/label.ts';

interface TableName {
  readonly LogicalName: string;
  readonly DisplayName: Label;
}

/** Tables by label and logical name. */
export const tableSource = (language: OperatorLanguage): LookupSource => ({
  key: `tables ${language}`,
  load: async (api, signal) => {
    const path = `${webApi}/EntityDefinitions?$select=LogicalName,DisplayName`;
    const { rows } = await api.list<TableName>(path, { signal });
    return rows.map(({ LogicalName, DisplayName }) => ({
      value: LogicalName,
      label: labelIn(DisplayName, language) || LogicalName,
      secondary: LogicalName,
    }));
  },
});
