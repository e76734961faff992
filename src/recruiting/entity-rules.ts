import { type Clock, systemClock } from '../kernel/clock.ts';
import type { Column, Model, Table } from '../metadata/table.ts';
import type { Value } from '../odata/query.ts';
import type { EntityHooks } from './entity-hooks.ts';
import { getColumn, getTable } from './model-lookup.ts';

/** A lookup that follows readable columns of its own row: pairs of local column and column of the target. */
export interface LookupStep {
  readonly kind: 'lookup';
  readonly column: Column;
  readonly target: Table;
  readonly pairs: readonly (readonly [local: Column, target: Column])[];
  /** Columns of the target that its own row is filled from: those of the pairs and of mirrors through this lookup. */
  readonly wanted: readonly Column[];
}

/** Columns that show values of the row that a lookup points to: pairs of local column and source column. */
export interface MirrorStep {
  readonly kind: 'mirror';
  readonly through: Column;
  readonly source: Table;
  readonly pairs: readonly (readonly [local: Column, source: Column])[];
}

export type DeriveStep = LookupStep | MirrorStep;

/** A lookup of another table that points here, and the columns of this table that it is found by. */
interface Incoming {
  readonly table: Table;
  readonly lookup: Column;
  readonly foundBy: ReadonlySet<Column>;
}

/** What business logic knows of one table, worked out from the model once. */
export interface TableRules {
  readonly table: Table;
  /** Lookups and mirrors in an order in which each finds its inputs ready. */
  readonly steps: readonly DeriveStep[];
  /** The same, in groups: those of one need nothing of each other. */
  readonly waves: readonly (readonly DeriveStep[])[];
  /** What columns are filled with that nobody gave a value, in the form that storage keeps. */
  readonly defaults: readonly (readonly [Column, Value])[];
  readonly requiredOnCreate: readonly Column[];
  readonly incoming: readonly Incoming[];
  /** Mirrors in other tables that show values of this one. */
  readonly shownBy: readonly { readonly table: Table; readonly mirror: MirrorStep }[];
  readonly hooks: EntityHooks;
}

export interface EntityRules {
  readonly model: Model;
  readonly clock: Clock;
  of(table: Table): TableRules;
}

const noHooks: EntityHooks = {};

/** Compiles the model and the special rules of single tables (`entities/all.ts`) into what writes are run by. */
export function compileEntityRules(
  model: Model,
  hooks: Readonly<Record<string, EntityHooks>>,
  clock: Clock = systemClock,
): EntityRules {
  for (const name of Object.keys(hooks)) getTable(model, name);
  const waves = new Map(model.tables.map((table) => [table, wavesOf(table, stepsOf(model, table))]));
  const steps = new Map([...waves].map(([table, own]) => [table, own.flat()]));
  const rules = new Map(
    model.tables.map((table): [Table, TableRules] => [
      table,
      {
        table,
        steps: steps.get(table) ?? [],
        waves: waves.get(table) ?? [],
        defaults: table.columns.flatMap(defaultOf),
        requiredOnCreate: table.columns.filter((column) => column.requiredOnCreate === true),
        incoming: incomingOf(steps, table),
        shownBy: shownByOf(steps, table),
        hooks: hooks[table.logicalName] ?? noHooks,
      },
    ]),
  );
  return {
    model,
    clock,
    of(table) {
      const found = rules.get(table);
      if (found === undefined) throw new TypeError(`no rules for table ${table.logicalName}: it is of another model`);
      return found;
    },
  };
}

function stepsOf(model: Model, table: Table): DeriveStep[] {
  const mirrors = (table.mirrors ?? []).map((mirror): MirrorStep => {
    const through = getColumn(table, mirror.through);
    const source = getTable(model, through.lookup?.target ?? '');
    return { kind: 'mirror', through, source, pairs: pairsOf(table, mirror.columns, source) };
  });
  const lookups = table.columns.flatMap((column): LookupStep[] => {
    if (column.lookup?.resolvedFrom === undefined) return [];
    const target = getTable(model, column.lookup.target);
    const pairs = pairsOf(table, column.lookup.resolvedFrom, target);
    const shown = mirrors.filter(({ through }) => through === column).flatMap((mirror) => mirror.pairs);
    const wanted = new Set([target.primaryKey, ...[...pairs, ...shown].map(([, there]) => there)]);
    return [{ kind: 'lookup', column, target, pairs, wanted: [...wanted] }];
  });
  return [...lookups, ...mirrors];
}

/** The default of a column in the form that storage keeps (`Value`), if it has one. */
function defaultOf(column: Column): [Column, Value][] {
  if (column.default === undefined) return [];
  if (column.type === 'Decimal') return [[column, String(column.default)]];
  return [[column, column.type === 'BigInt' ? BigInt(column.default) : column.default]];
}

const pairsOf = (table: Table, names: Readonly<Record<string, string>>, other: Table): [Column, Column][] =>
  Object.entries(names).map(([local, there]) => [getColumn(table, local), getColumn(other, there)]);

/** A mirror comes after the lookup it goes through; a lookup after the mirrors that write its readable columns. */
function wavesOf(table: Table, steps: readonly DeriveStep[]): readonly (readonly DeriveStep[])[] {
  const waves: DeriveStep[][] = [];
  let left = steps;
  while (left.length > 0) {
    const waiting = new Set(left.flatMap(outputsOf));
    const ready = left.filter((step) => !inputsOf(step).some((column) => waiting.has(column)));
    if (ready.length === 0) throw new TypeError(`lookups and mirrors of ${table.logicalName} depend on each other`);
    waves.push(ready);
    left = left.filter((step) => !ready.includes(step));
  }
  return waves;
}

const inputsOf = (step: DeriveStep): Column[] =>
  step.kind === 'mirror' ? [step.through] : step.pairs.map(([local]) => local);

const outputsOf = (step: DeriveStep): Column[] =>
  step.kind === 'lookup' ? [step.column] : step.pairs.map(([local]) => local);

function incomingOf(steps: ReadonlyMap<Table, readonly DeriveStep[]>, target: Table): Incoming[] {
  return [...steps].flatMap(([table, own]) =>
    table.columns
      .filter((column) => table.kind === 'virtual' && column.lookup?.target === target.logicalName)
      .map((lookup): Incoming => {
        const step = own.find((step) => step.kind === 'lookup' && step.column === lookup);
        return { table, lookup, foundBy: new Set(step?.pairs.map(([, there]) => there)) };
      }),
  );
}

const shownByOf = (steps: ReadonlyMap<Table, readonly DeriveStep[]>, source: Table): TableRules['shownBy'] =>
  [...steps].flatMap(([table, own]) =>
    own.flatMap((mirror) => (mirror.kind === 'mirror' && mirror.source === source ? [{ table, mirror }] : [])),
  );
