/** One step in the life of the tables that Portvakt itself keeps beside those of the model. */
export interface Migration {
  readonly version: number;
  readonly name: string;
  /** Statements, run one at a time. `{table:x}` stands for the name of the table `x`, with its schema. */
  readonly sqlite: readonly string[];
  readonly postgres: readonly string[];
}

/**
 * In order; a new one is added at the end and none is ever changed. The tables of the model need no entry here: new
 * tables, columns and indexes follow from the model (`follow-model.ts`). What does: a changed type, a renamed column,
 * keys of text that are computed anew.
 */
export const migrations: readonly Migration[] = [
  {
    version: 1,
    name: 'settings and counters',
    sqlite: [
      'create table {table:portvakt_setting} (name text primary key not null, value text not null) strict',
      'create table {table:portvakt_counter} (name text primary key not null, value integer not null) strict',
    ],
    postgres: [
      'create table {table:portvakt_setting} (name text collate "C" primary key, value text not null)',
      'create sequence {table:portvakt_row_version}',
    ],
  },
  {
    version: 2,
    name: 'definitions and what is retired',
    sqlite: [
      'create table {table:portvakt_definition} (name text primary key not null, value text not null) strict',
      'create table {table:portvakt_retired} (table_name text not null, column_name text not null, primary key (table_name, column_name)) strict',
    ],
    postgres: [
      'create table {table:portvakt_definition} (name text collate "C" primary key, value text not null)',
      'create table {table:portvakt_retired} (table_name text collate "C" not null, column_name text collate "C" not null, primary key (table_name, column_name))',
    ],
  },
];

/** Makes the table in which migrations are noted. */
export const migrationTable = {
  sqlite:
    'create table {table:portvakt_migration} (version integer primary key, name text not null, applied_at text not null) strict',
  postgres:
    'create table {table:portvakt_migration} (version integer primary key, name text not null, applied_at text not null)',
} as const;
