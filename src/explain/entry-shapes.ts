import type { StoredEntry } from '../audit/read-audit.ts';
import type { RequestShape } from '../kernel/cause.ts';

/** What the request of an entry asked of the gates: as it was written, else what its table and method say. */
export const shapesOfEntry = (entry: StoredEntry): readonly RequestShape[] => entry.shapes ?? shapesOfRest(entry);

/** What a method does with a row. */
const kindOf: Readonly<Record<string, RequestShape['kind']>> = {
  GET: 'read',
  HEAD: 'read',
  POST: 'create',
  PATCH: 'update',
  PUT: 'update',
  DELETE: 'delete',
};

function shapesOfRest({ table, message, method = '', surface, kind: what }: StoredEntry): readonly RequestShape[] {
  const kind = what === 'read' ? 'read' : kindOf[method];
  if (surface !== 'web-api' || table === undefined || kind === undefined) return [];
  return message === undefined || what === 'read' ? [{ kind, table }] : [];
}
