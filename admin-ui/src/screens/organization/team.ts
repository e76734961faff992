/** A team of users. */
export interface Team {
  readonly '@odata.etag': string;
  readonly teamid: string;
  readonly name: string;
  readonly teamtype: number;
  readonly isdefault: boolean;
  readonly _businessunitid_value: string;
  readonly '_businessunitid_value@OData.Community.Display.V1.FormattedValue'?: string;
}

export const teamColumns = 'name,teamtype,isdefault,_businessunitid_value';
