import { StorageError } from '../storage-error.ts';

export type AuditEngine = 'sqlite' | 'postgres';

const refusal = 'the audit log is append-only';
const tables = ['portvakt_audit', 'portvakt_audit_id'] as const;

/** The step that a log is at is noted in this table. */
export const auditStepTable = 'portvakt_audit_migration';

interface Step extends Readonly<Record<AuditEngine, readonly string[]>> {
  readonly version: number;
  readonly name: string;
}

/** What may be removed: entries that a seal says are pruned, and ids of segments that are no longer there. */
const pruned = `exists (select 1 from {seal} where kind = 'prune' and run = old.run and last >= old.first + old.count - 1)`;
const gone = 'not exists (select 1 from {audit} where place = old.place)';
const filled = (condition: string, prefix: string): string =>
  condition.replace('{seal}', `${prefix}portvakt_audit_seal`).replace('{audit}', `${prefix}portvakt_audit`);

/**
 * In order; a new one is added at the end and none is ever changed. `@` stands for the schema with its point. Triggers
 * refuse every change of what is in the tables, whoever asks for it.
 */
const steps: readonly Step[] = [
  {
    version: 1,
    name: 'segments and ids',
    // Logs of before there were steps have these already.
    sqlite: [
      `create table if not exists @portvakt_audit (place integer primary key autoincrement, run text not null,
        first integer not null, count integer not null, since text not null, until text not null,
        lowest_id text not null, highest_id text not null, lines text not null, unique (run, first)) strict`,
      `create table if not exists @portvakt_audit_id (id text not null, place integer not null,
        primary key (id, place)) strict, without rowid`,
      'create index if not exists @portvakt_audit_since on portvakt_audit (since)',
      'create index if not exists @portvakt_audit_until on portvakt_audit (until)',
      'create index if not exists @portvakt_audit_highest_id on portvakt_audit (highest_id)',
      ...tables.flatMap((table) =>
        ['update', 'delete'].map(
          (verb) => `create trigger if not exists @${table}_no_${verb} before ${verb} on ${table}
            begin select raise(abort, '${refusal}'); end`,
        ),
      ),
    ],
    postgres: [
      `create table if not exists @portvakt_audit (place bigint generated always as identity primary key,
        run text collate "C" not null, first bigint not null, count integer not null, since text collate "C" not null,
        until text collate "C" not null, lowest_id text collate "C" not null, highest_id text collate "C" not null,
        lines text not null, unique (run, first))`,
      `create table if not exists @portvakt_audit_id (id text collate "C" not null, place bigint not null,
        primary key (id, place))`,
      'create index if not exists portvakt_audit_since on @portvakt_audit (since)',
      'create index if not exists portvakt_audit_until on @portvakt_audit (until)',
      'create index if not exists portvakt_audit_highest_id on @portvakt_audit (highest_id)',
      `create or replace function @portvakt_audit_refuse() returns trigger language plpgsql
        as $$ begin raise exception '${refusal}'; end $$`,
      ...tables.map(
        (table) => `create or replace trigger ${table}_no_change before update or delete or truncate on @${table}
          for each statement execute function @portvakt_audit_refuse()`,
      ),
    ],
  },
  {
    version: 2,
    name: 'the chain and its seals',
    sqlite: [
      ...['prev', 'digests', 'hash'].map((column) => `alter table @portvakt_audit add column ${column} text`),
      `create table @portvakt_audit_seal (number integer primary key not null, time text not null, kind text not null,
        run text not null, last integer not null, link text not null, prev text not null, hash text not null) strict`,
      'create index @portvakt_audit_seal_run on portvakt_audit_seal (run, last)',
      'create index @portvakt_audit_seal_kind on portvakt_audit_seal (kind, number)',
      `create unique index @portvakt_audit_seal_open on portvakt_audit_seal (run) where kind = 'open'`,
      `create unique index @portvakt_audit_seal_end on portvakt_audit_seal (run) where kind in ('close', 'orphan')`,
      ...tables.map((table) => `drop trigger @${table}_no_delete`),
      ...['update', 'delete'].map(
        (verb) => `create trigger @portvakt_audit_seal_no_${verb} before ${verb} on portvakt_audit_seal
          begin select raise(abort, '${refusal}'); end`,
      ),
      `create trigger @portvakt_audit_no_delete before delete on portvakt_audit when not ${filled(pruned, '')}
        begin select raise(abort, '${refusal}'); end`,
      `create trigger @portvakt_audit_id_no_delete before delete on portvakt_audit_id when not ${filled(gone, '')}
        begin select raise(abort, '${refusal}'); end`,
    ],
    postgres: [
      `alter table @portvakt_audit add column prev text collate "C", add column digests text collate "C",
        add column hash text collate "C"`,
      `create table @portvakt_audit_seal (number bigint primary key, time text collate "C" not null,
        kind text collate "C" not null, run text collate "C" not null, last bigint not null,
        link text collate "C" not null, prev text collate "C" not null, hash text collate "C" not null)`,
      'create index portvakt_audit_seal_run on @portvakt_audit_seal (run, last)',
      'create index portvakt_audit_seal_kind on @portvakt_audit_seal (kind, number)',
      `create unique index portvakt_audit_seal_open on @portvakt_audit_seal (run) where kind = 'open'`,
      `create unique index portvakt_audit_seal_end on @portvakt_audit_seal (run) where kind in ('close', 'orphan')`,
      ...tables.flatMap((table) => [
        `drop trigger ${table}_no_change on @${table}`,
        `create trigger ${table}_no_change before update or truncate on @${table}
          for each statement execute function @portvakt_audit_refuse()`,
        `create or replace function @${table}_prune() returns trigger language plpgsql as $$ begin
          if ${filled(table === 'portvakt_audit' ? pruned : gone, '@')} then return old; end if;
          raise exception '${refusal}'; end $$`,
        `create trigger ${table}_no_delete before delete on @${table}
          for each row execute function @${table}_prune()`,
      ]),
      `create trigger portvakt_audit_seal_no_change before update or delete or truncate on @portvakt_audit_seal
        for each statement execute function @portvakt_audit_refuse()`,
    ],
  },
];

const latest = steps.at(-1)?.version ?? 0;

/** Makes the table in which steps are noted; harmless where it is there. */
export const noteSteps = `create table if not exists @${auditStepTable} (version integer primary key, name text not null)`;

/**
 * Statements that bring a log from a step to the newest one; 0: there is none, or one of before there were steps.
 * @throws StorageError when the log was written by a newer program
 */
export function stepsAfter(version: number, engine: AuditEngine, place: string): readonly string[] {
  if (version > latest) {
    throw new StorageError(
      `${place}: the audit log was written by a newer version of Portvakt (its step ${version}, this program knows ${latest}): start that version`,
    );
  }
  return steps
    .filter((step) => step.version > version)
    .flatMap((step) => [
      ...step[engine],
      `insert into @${auditStepTable} (version, name) values (${step.version}, '${step.name}')`,
    ]);
}
