import type { OperatorLanguage } from '../../../../src/admin/contract.ts';
import { webApi } from '../../api/odata.ts';
import type { LookupSource } from '../../components/lookup.tsx';
import { type Label, labelIn } from '../tables/label.ts';

interface TableDefinition {
  readonly LogicalName: string;
  readonly DisplayName: Label;
}

/** Tables of Human Resources as its security names them: without the publisher's prefix. */
const prefix = 'mshr_';

/** Data entities by the label of their table. */
export const entitySource = (language: OperatorLanguage): LookupSource => ({
  key: `data entities ${language}`,
  load: async (api, signal) => {
    const path = `${webApi}/EntityDefinitions?$select=LogicalName,DisplayName`;
    const { rows } = await api.list<TableDefinition>(path, { signal });
    return rows
      .filter(({ LogicalName }) => LogicalName.startsWith(prefix))
      .map(({ LogicalName, DisplayName }) => ({
        value: LogicalName.slice(prefix.length),
        label: labelIn(DisplayName, language) || LogicalName,
        secondary: LogicalName.slice(prefix.length),
      }));
  },
});
