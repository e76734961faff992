import { join } from 'node:path';
import { directoryTables } from '../environment/installation.ts';
import { modelOf } from '../environment/live-model.ts';
import { systemClock } from '../kernel/clock.ts';
import { builtInModel } from '../metadata/built-in.ts';
import type { Alphabet } from '../storage/alphabet.ts';
import type { DatabaseOptions } from '../storage/database.ts';
import type { PortableEngine } from '../storage/portable/portable-database.ts';
import type { Dialect } from '../storage/sql/dialect.ts';
import type { Target } from '../storage/sql/migrations/schema-session.ts';
import { schemasOf } from '../storage/sql/schema.ts';
import { auditDatabase, directoryDatabase, environmentDatabase } from './format.ts';

/** Name of a database in a backup, and where it is on either side. */
export interface NamedPlace {
  readonly name: string;
  /** Below the data folder. */
  readonly file: string;
  readonly schema: string;
}

export const directoryPlace: NamedPlace = { name: directoryDatabase, file: 'directory.db', schema: 'portvakt' };
/** On PostgreSQL the tables of the audit log are beside those of the directory. */
export const auditPlace: NamedPlace = { name: auditDatabase, file: 'audit.db', schema: 'portvakt' };
export const environmentPlace = (uniqueName: string): NamedPlace => ({
  name: environmentDatabase(uniqueName),
  file: join('environments', `${uniqueName}.db`),
  schema: `env_${uniqueName}`,
});

/** The place of a database by its name in a backup; `undefined`: there is no such one. */
export function placeOf(name: string): NamedPlace | undefined {
  if (name === directoryDatabase) return directoryPlace;
  if (name === auditDatabase) return auditPlace;
  const [, uniqueName] = /^environment:([a-z](?:[a-z0-9-]{0,38}[a-z0-9])?)$/.exec(name) ?? [];
  return uniqueName === undefined ? undefined : environmentPlace(uniqueName);
}

/** An engine and what its database is to hold. */
export function targetOf(engine: PortableEngine, { name }: NamedPlace, place: string, alphabet: Alphabet): Target {
  return { dialect: engine.dialect, schemasOf: shapes(name, engine.dialect), alphabet, place, clock: systemClock };
}

function shapes(name: string, dialect: Dialect): Target['schemasOf'] {
  const model = builtInModel();
  const tables: DatabaseOptions['tables'] =
    name === directoryDatabase ? directoryTables : (definitions) => modelOf(definitions, model).tables;
  return schemasOf(tables, dialect);
}
