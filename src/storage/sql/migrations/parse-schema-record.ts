import { StorageError } from '../../storage-error.ts';
import type { SchemaRecord } from '../schema.ts';

/** The schema as it was noted when the data was last changed to follow the model. */
export function parseSchemaRecord(text: string): SchemaRecord {
  const parsed = parseJson(text);
  if (!isRecord(parsed)) throw damaged();
  for (const columns of Object.values(parsed)) {
    if (!isRecord(columns) || Object.values(columns).some((kind) => typeof kind !== 'string')) throw damaged();
  }
  return parsed as SchemaRecord;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw damaged();
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const damaged = (): StorageError => new StorageError('the noted schema of the data is damaged; restore a backup');
