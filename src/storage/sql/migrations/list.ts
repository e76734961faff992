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
  {
    version: 3,
    name: 'business events and webhooks',
    sqlite: [
      'create table {table:portvakt_event} (seq integer primary key autoincrement, position integer, id text not null, type text not null, subject text not null, time text not null, data text not null) strict',
      'create table {table:portvakt_webhook} (id text primary key not null, name text not null, url text not null, types text not null, is_enabled integer not null, secret text not null, old_secret text, old_secret_until text, created_at text not null) strict',
      'create table {table:portvakt_delivery} (webhook text not null, position integer not null, event text not null, type text not null, subject text not null, state text not null, attempts integer not null, due text not null, status integer, failure text, changed_at text not null, primary key (webhook, position)) strict',
      'create table {table:portvakt_lease} (name text primary key not null, owner text not null, until text not null) strict',
      'create unique index {table:portvakt_event_position} on portvakt_event (position)',
      'create index {table:portvakt_event_new} on portvakt_event (seq) where position is null',
      "create index {table:portvakt_delivery_open} on portvakt_delivery (webhook, subject, position) where state in ('pending', 'dead')",
      "create index {table:portvakt_delivery_due} on portvakt_delivery (due) where state = 'pending'",
    ],
    postgres: [
      'create table {table:portvakt_event} (seq bigint generated always as identity primary key, position bigint, id text collate "C" not null, type text collate "C" not null, subject text collate "C" not null, time text collate "C" not null, data text not null)',
      'create table {table:portvakt_webhook} (id text collate "C" primary key, name text not null, url text not null, types text not null, is_enabled integer not null, secret text not null, old_secret text, old_secret_until text collate "C", created_at text collate "C" not null)',
      'create table {table:portvakt_delivery} (webhook text collate "C" not null, position bigint not null, event text not null, type text not null, subject text collate "C" not null, state text collate "C" not null, attempts integer not null, due text collate "C" not null, status integer, failure text, changed_at text not null, primary key (webhook, position))',
      'create table {table:portvakt_lease} (name text collate "C" primary key, owner text collate "C" not null, until text collate "C" not null)',
      'create unique index portvakt_event_position on {table:portvakt_event} (position)',
      'create index portvakt_event_new on {table:portvakt_event} (seq) where position is null',
      "create index portvakt_delivery_open on {table:portvakt_delivery} (webhook, subject, position) where state in ('pending', 'dead')",
      "create index portvakt_delivery_due on {table:portvakt_delivery} (due) where state = 'pending'",
    ],
  },
  {
    version: 4,
    name: 'numbers for a role that may not make sequences',
    sqlite: [],
    postgres: ['create table {table:portvakt_counter} (name text collate "C" primary key, value bigint not null)'],
  },
];

/** Makes the table in which migrations are noted. */
export const migrationTable = {
  sqlite:
    'create table {table:portvakt_migration} (version integer primary key, name text not null, applied_at text not null) strict',
  postgres:
    'create table {table:portvakt_migration} (version integer primary key, name text not null, applied_at text not null)',
} as const;
