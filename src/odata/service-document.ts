export interface ServiceDocument {
  readonly '@odata.context': string;
  readonly value: readonly { readonly name: string; readonly kind: 'EntitySet'; readonly url: string }[];
}

/**
 * What the root of a service answers: every entity set, by name (OData JSON Format 4.0 section 5). `contextUrl` is the
 * absolute URL of `$metadata`.
 */
export function serviceDocument(sets: ReadonlyMap<string, unknown>, contextUrl: string): ServiceDocument {
  const names = [...sets.keys()].sort();
  return {
    '@odata.context': contextUrl,
    value: names.map((name) => ({ name, kind: 'EntitySet', url: name })),
  };
}
