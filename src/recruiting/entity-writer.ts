import type { ReadableBind } from '../hr/authorized-operation.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Guid, LegalEntityId } from '../kernel/ids.ts';
import type { Column, Model, Table } from '../metadata/table.ts';
import type { Join, Values } from '../odata/operation.ts';
import { refuse } from '../odata/problems.ts';
import { equals, type Value } from '../odata/query.ts';
import { DuplicateKey, type Row, type Transaction } from '../odata/row-store.ts';
import { bindLookups, joinRow } from './bind-lookups.ts';
import { runSteps } from './derive.ts';
import { Draft, type LeadsTo } from './draft.ts';
import type { EntityRules, MirrorStep, TableRules } from './entity-rules.ts';
import { infolog } from './infolog.ts';
import { listAll } from './listing.ts';
import { fillNumbers, nextRowId } from './number-sequence.ts';
import { fillPrimaryName } from './primary-field.ts';

/** What a caller, or a rule, wants a row to be. */
export interface RowInput {
  readonly values: Values;
  readonly binds?: readonly ReadableBind[];
  /** Lookups to rows that the same request has made. */
  readonly joins?: readonly Join[];
  /** Id of a new row; absent: the next record id of its table. */
  readonly id?: Guid;
  /** Does the caller say so? Then readable ids lead to rows that the caller may see, and to no others. */
  readonly isAsked?: true;
}

/** Throws the refusal where the caller may not call a method of a data entity on a row of that legal entity. */
export type RequireMethod = (table: Table, method: string, company: Value) => void;

/** What the rights of a caller leave to the business logic that runs for them. */
export interface WriterGate {
  readonly requireMethod: RequireMethod;
  readonly leadsTo: LeadsTo;
  /** Throws the refusal where the caller may not change that row of a table other than their own. */
  readonly requireChange: (table: Table, id: Guid) => Promise<void>;
}

/** Full power: for what the product itself writes. Callers come with a gate of their own. */
const noGate: WriterGate = {
  requireMethod: () => undefined,
  leadsTo: () => undefined,
  requireChange: () => Promise.resolve(),
};

/**
 * The business logic of Human Resources inside one write (human-resources-security 5.5): defaults, number sequences,
 * lookups, mirrored columns, required columns, keys, restricted deletion. Driven by the model; what single tables add
 * stands in `entities/`. Throws `Infolog` with the message for the caller, and whatever it threw undoes the write.
 */
export class EntityWriter {
  readonly rows: Transaction;
  readonly gate: WriterGate;
  readonly #rules: EntityRules;
  readonly #company: LegalEntityId | undefined;

  /**
   * @param company where rows go that name none: the default company of the Human Resources user
   * @param gate of the caller; absent: full power
   */
  constructor(rules: EntityRules, rows: Transaction, company: LegalEntityId | undefined, gate: WriterGate = noGate) {
    this.#rules = rules;
    this.rows = rows;
    this.#company = company;
    this.gate = gate;
  }

  get now(): Clock {
    return this.#rules.clock;
  }

  get model(): Model {
    return this.#rules.model;
  }

  async create(table: Table, input: RowInput): Promise<Guid> {
    return (await this.createRow(table, input)).id;
  }

  /** As `create`; gives the row as it was stored. */
  async createRow(table: Table, input: RowInput): Promise<Draft> {
    const rules = this.#rules.of(table);
    const draft = Draft.ofNew(table, input.id ?? (await nextRowId(this.rows, table)));
    draft.give(input.values, this.#leadsOf(input));
    for (const join of input.joins ?? []) await joinRow(this.rows, rules, draft, join);
    await rules.hooks.prepareCreate?.(draft, this);
    this.#fillDefaults(rules, draft);
    await bindLookups(this.rows, rules, draft, input.binds ?? []);
    await fillNumbers(this.rows, draft);
    await this.#derive(rules, draft);
    for (const column of rules.requiredOnCreate) if (!draft.has(column)) throw infolog.mustBeFilledIn(column);
    this.rows.insertLater(table, draft.changes(), (error) => explain(draft, error));
    await rules.hooks.afterCreate?.(draft, this);
    return draft;
  }

  async update(table: Table, row: Row, input: RowInput): Promise<void> {
    const rules = this.#rules.of(table);
    const draft = Draft.ofRow(table, row);
    draft.give(input.values, this.#leadsOf(input));
    requireCompany(draft);
    await rules.hooks.prepareUpdate?.(draft, this);
    await bindLookups(this.rows, rules, draft, input.binds ?? []);
    await this.#derive(rules, draft);
    await this.#save(rules, draft);
  }

  /** Writes values that a row shows of another one: no rule about what the caller may change applies. */
  async updateShown(table: Table, row: Row, values: Values): Promise<void> {
    const rules = this.#rules.of(table);
    const draft = Draft.ofRow(table, row);
    for (const [column, value] of values) draft.set(column, value);
    await this.#derive(rules, draft);
    await this.#save(rules, draft);
  }

  async delete(table: Table, row: Row): Promise<void> {
    const rules = this.#rules.of(table);
    const owned = new Set(rules.hooks.deletedWith);
    for (const { table: dependent, lookup } of rules.incoming) {
      if (owned.has(dependent.logicalName)) continue;
      const found = await this.rows.list(dependent, equals(lookup, row.id), 1);
      if (found.length > 0) throw infolog.hasDependents(table, dependent);
    }
    await rules.hooks.beforeDelete?.(Draft.ofRow(table, row), this);
    for (const { table: dependent, lookup } of rules.incoming) {
      if (!owned.has(dependent.logicalName)) continue;
      for await (const part of listAll(this.rows, dependent, equals(lookup, row.id)))
        await this.delete(dependent, part);
    }
    await this.rows.delete(table, row.id);
  }

  #leadsOf({ isAsked }: RowInput): LeadsTo | undefined {
    return isAsked === true ? this.gate.leadsTo : undefined;
  }

  #fillDefaults({ defaults }: TableRules, draft: Draft): void {
    const { company } = draft.table;
    for (const [column, value] of defaults) if (draft.get(column) === null) draft.set(column, value);
    if (company === undefined) return;
    if (isBlank(draft.get(company))) draft.set(company, this.#company ?? null);
    requireCompany(draft);
  }

  async #derive(rules: TableRules, draft: Draft, again?: MirrorStep): Promise<void> {
    await runSteps(this.rows, rules, draft, again);
    await rules.hooks.derive?.(draft, this);
    fillPrimaryName(this.model, draft);
  }

  async #save(rules: TableRules, draft: Draft): Promise<void> {
    const changes = draft.changes();
    if (changes.size === 0) return;
    for (const column of changes.keys()) {
      if (column.required === true && column.access !== 'read-only' && !draft.has(column)) {
        throw infolog.mustBeFilledIn(column);
      }
    }
    await this.#checkKeyIsFree(rules, draft, changes);
    await this.rows.update(draft.table, draft.id, changes).catch((error: unknown) => {
      throw explain(draft, error);
    });
    await rules.hooks.afterUpdate?.(draft, this);
    await this.#showElsewhere(rules, draft.id, changes);
  }

  /** Columns that other rows find this one by stand still while they do. */
  async #checkKeyIsFree(rules: TableRules, draft: Draft, changes: Values): Promise<void> {
    for (const { table, lookup, foundBy } of rules.incoming) {
      const column = [...foundBy].find((column) => changes.has(column) && !isRespelt(draft, column));
      if (column === undefined) continue;
      const found = await this.rows.list(table, equals(lookup, draft.id), 1);
      if (found.length > 0) throw infolog.keyInUse(column, table);
    }
  }

  /** Writes changed values again into the rows that show them. */
  async #showElsewhere(rules: TableRules, id: Guid, changes: Values): Promise<void> {
    for (const { table, mirror } of rules.shownBy) {
      if (!mirror.pairs.some(([, source]) => changes.has(source))) continue;
      const other = this.#rules.of(table);
      for await (const row of listAll(this.rows, table, equals(mirror.through, id))) {
        const draft = Draft.ofRow(table, row);
        await this.#derive(other, draft, mirror);
        await this.#save(other, draft);
      }
    }
  }
}

/** Why a row could not be stored, for the caller. */
function explain(draft: Draft, error: unknown): unknown {
  if (!(error instanceof DuplicateKey)) return error;
  const { table } = draft;
  if (error.columns.includes(table.primaryKey)) return refuse.duplicateKey();
  const key = error.columns.map((column): [Column, Value] => [column, draft.get(column)]);
  return infolog.alreadyExists(table, key);
}

/** A row of a legal entity stays in one: without it, nobody who is held to legal entities could reach the row again. */
function requireCompany(draft: Draft): void {
  const { company } = draft.table;
  if (company === undefined || !(draft.isNew || draft.isChanged(company))) return;
  if (isBlank(draft.get(company))) throw infolog.mustBeFilledIn(company);
}

const isBlank = (value: Value): boolean => String(value ?? '').trim() === '';

/** The same text in other letters is the same key. */
function isRespelt(draft: Draft, column: Column): boolean {
  const before = draft.before?.values.get(column);
  return String(before ?? '').toLowerCase() === String(draft.get(column) ?? '').toLowerCase();
}
