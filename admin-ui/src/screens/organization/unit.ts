import { webApi } from '../../api/odata.ts';
import type { LookupSource } from '../../components/lookup.tsx';

/** A business unit. */
export interface Unit {
  readonly '@odata.etag': string;
  readonly businessunitid: string;
  readonly name: string;
  readonly isdisabled: boolean;
  readonly _parentbusinessunitid_value: string | null;
  readonly '_parentbusinessunitid_value@OData.Community.Display.V1.FormattedValue'?: string;
}

export const unitColumns = 'name,isdisabled,_parentbusinessunitid_value';

export const unitSource: LookupSource = {
  key: 'units',
  load: async (api, signal) => {
    const { rows } = await api.list<Unit>(`${webApi}/businessunits?$select=name&$orderby=name`, { signal });
    return rows.map(({ businessunitid, name }) => ({ value: businessunitid, label: name }));
  },
};
