import { join } from 'node:path';
import { environmentsFolder } from '../data-folder.ts';
import { auditNames, type DatabaseNames, directoryNames, environmentNames } from '../environment/database-names.ts';
import { directoryTables } from '../environment/installation.ts';
import { modelOf } from '../environment/live-model.ts';
import { systemClock } from '../kernel/clock.ts';
import { uniqueNamePattern } from '../kernel/unique-name.ts';
import { builtInModel } from '../metadata/built-in.ts';
import type { Alphabet } from '../storage/alphabet.ts';
import type { DatabaseOptions } from '../storage/database.ts';
import type { PortableEngine } from '../storage/portable/portable-database.ts';
import type { Dialect } from '../storage/sql/dialect.ts';
import type { Target } from '../storage/sql/migrations/schema-session.ts';
import { schemasOf } from '../storage/sql/schema.ts';
import { auditDatabase, directoryDatabase, environmentDatabase } from './format.ts';

/** Name of a database in a backup, and where it is on either side. */
export interface NamedPlace extends DatabaseNames {
  readonly name: string;
  /** Below the data folder. */
  readonly file: string;
}

export const directoryPlace: NamedPlace = { name: directoryDatabase, ...directoryNames };
export const auditPlace: NamedPlace = { name: auditDatabase, ...auditNames };
export function environmentPlace(uniqueName: string): NamedPlace {
  const { file, schema } = environmentNames(uniqueName);
  return { name: environmentDatabase(uniqueName), file: join(environmentsFolder, file), schema };
}

/** The place of a database by its name in a backup; `undefined`: there is no such one. */
export function placeOf(name: string): NamedPlace | undefined {
  if (name === directoryDatabase) return directoryPlace;
  if (name === auditDatabase) return auditPlace;
  const prefix = environmentDatabase('');
  const uniqueName = name.slice(prefix.length);
  return name.startsWith(prefix) && uniqueNamePattern.test(uniqueName) ? environmentPlace(uniqueName) : undefined;
}

/** What stands before the name of a table: its schema with the point. */
export const schemaPrefix = (dialect: Dialect): string => dialect.table('x').slice(0, -'"x"'.length);

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
