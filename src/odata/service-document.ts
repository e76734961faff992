import type { Model } from '../metadata/table.ts';

export interface ServiceDocument {
  readonly '@odata.context': string;
  readonly value: readonly { readonly name: string; readonly kind: 'EntitySet'; readonly url: string }[];
}

/**
 * What `GET /api/data/v9.x/` answers: every entity set, by name (OData JSON Format 4.0 section 5). `contextUrl` is the
 * absolute URL of `$metadata`.
 */
export function serviceDocument(model: Model, contextUrl: string): ServiceDocument {
  const names = [...model.entitySet.keys()].sort();
  return {
    '@odata.context': contextUrl,
    value: names.map((name) => ({ name, kind: 'EntitySet', url: name })),
  };
}
