/** The text under `name` of a JSON answer. @throws TypeError naming the operation when it is not there */
export function textOf(answer: unknown, name: string, operation: string): string {
  const value = propertyOf(answer, name);
  if (typeof value !== 'string' || value === '') throw new TypeError(`${operation} answered no ${name}`);
  return value;
}

/** The rows of an OData collection. @throws TypeError naming the operation when the answer is none */
export function rowsOf(answer: unknown, operation: string): readonly unknown[] {
  const rows = propertyOf(answer, 'value');
  if (!Array.isArray(rows)) throw new TypeError(`${operation} answered no collection`);
  return rows;
}

/** The GUID in the header `OData-EntityId`, which ends with the created row's key. */
export function guidOf(entityId: string | undefined, operation: string): string {
  const guid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?=\)?$)/i.exec(entityId ?? '')?.[0];
  if (guid === undefined) throw new TypeError(`${operation} answered no OData-EntityId`);
  return guid.toLowerCase();
}

const propertyOf = (answer: unknown, name: string): unknown =>
  typeof answer === 'object' && answer !== null
    ? new Map<string, unknown>(Object.entries(answer)).get(name)
    : undefined;
