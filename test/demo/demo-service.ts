import { setImmediate } from 'node:timers/promises';
import type { Answer, Method, SeedClient } from '../../src/demo/seed-client.ts';
import { builtInModel } from '../../src/metadata/built-in.ts';
import { tablePrivileges } from '../../src/metadata/privileges.ts';
import type { Column, Table } from '../../src/metadata/table.ts';

type StoredRow = Map<string, unknown>;

export interface Call {
  readonly surface: 'graph' | 'webapi' | 'data';
  readonly method: Method;
  readonly path: string;
  readonly body: unknown;
}

/**
 * Takes the calls of the demo as the service would, judging each body by the model alone: known and writable columns,
 * lengths, options, required columns, business keys and references. Rows of a stage are found by later stages only, so
 * that an order within a stage which the demo must not rely on shows.
 */
export class DemoService implements SeedClient {
  readonly model = builtInModel();
  readonly calls: Call[] = [];
  readonly #rows = new Map<string, StoredRow[]>();
  readonly #numbers = new Map<string, number>();
  #pending: (() => void)[] = [];
  #ids = 0;
  readonly #unrest: number;

  /** @param unrest with another number, calls that are under way together are answered in another order */
  constructor(unrest = 0) {
    this.#unrest = unrest;
  }

  /** Makes the rows of the stage before visible. */
  beginStage(): void {
    for (const settle of this.#pending) settle();
    this.#pending = [];
  }

  rows(logicalName: string): readonly StoredRow[] {
    return this.#rows.get(logicalName) ?? [];
  }

  async graph(method: Method, path: string, body?: unknown): Promise<unknown> {
    this.calls.push({ surface: 'graph', method, path, body });
    if (path.endsWith('/addPassword')) return { secretText: `secret~/+=&%${++this.#ids}` };
    return { id: this.#newId(), appId: this.#newId() };
  }

  async webapi(method: Method, path: string, body?: unknown): Promise<Answer> {
    this.calls.push({ surface: 'webapi', method, path, body });
    for (let turns = (this.calls.length * this.#unrest) % 5; turns > 0; turns--) await setImmediate();
    if (method === 'GET') return { body: { value: this.#list(path) }, entityId: undefined };
    if (path.includes('/')) return { body: undefined, entityId: undefined }; // actions and references
    const [setName = '', key] = path.split(/[()]/);
    const table = this.model.entitySet.get(setName);
    if (table === undefined) throw new Error(`${method} ${path}: no such table`);
    if (method === 'PATCH') return this.#update(table, key ?? '', body);
    const row = this.#create(table, body);
    const id = row.get(table.primaryKey.name);
    return { body: Object.fromEntries(row), entityId: `https://hr.example/api/data/v9.2/${setName}(${id})` };
  }

  async data(method: Method, path: string, body?: unknown): Promise<unknown> {
    this.calls.push({ surface: 'data', method, path, body });
    const [set = '', key] = path.split(/\('|'\)/);
    const table = this.model.administrationSet.get(set);
    if (table === undefined) throw new Error(`${method} ${path}: no such set`);
    if (method === 'PATCH') {
      const [column] = table.naturalKey;
      const row = this.rows(table.logicalName).find((each) => each.get(column?.name ?? '') === key);
      if (row === undefined) throw new Error(`${method} ${path}: no such row`);
      for (const [name, value] of Object.entries(Object(body))) row.set(name, value);
      return undefined;
    }
    const row = this.#create(table, body);
    if (path === 'LegalEntities') {
      const company = { cdm_companycode: row.get('LegalEntityId'), cdm_name: row.get('Name') };
      this.#create(this.#table('cdm_company'), company);
    }
    return Object.fromEntries(row);
  }

  #list(path: string): unknown[] {
    if (path.startsWith('businessunits')) return [{ businessunitid: '00000000-0000-4000-8000-000000000001' }];
    const metadata = ['prvReadEntity', 'prvReadAttribute', 'prvReadRelationship', 'prvReadOptionSet'];
    const names = [...tablePrivileges(this.model).map(({ name }) => name), ...metadata];
    return names.map((name) => ({ name, privilegeid: `id of ${name}` }));
  }

  #create(table: Table, body: unknown): StoredRow {
    const row: StoredRow = new Map(this.#checked(table, body, (column) => column.access === 'read-only'));
    row.set(table.primaryKey.name, this.#newId());
    if (table.logicalName === 'mshr_hcmcandidatetohireentity') this.#settleCandidate(row);
    for (const column of table.columns) {
      if (row.has(column.name)) continue;
      if (column.sequence !== undefined) row.set(column.name, this.#nextNumber(table, column, row));
      else if (column.default !== undefined) row.set(column.name, column.default);
      else if (column.requiredOnCreate === true && column.type !== 'Lookup') {
        throw new Error(`${table.logicalName}: ${column.name} is missing`);
      }
    }
    this.#checkReferences(table, row);
    this.#checkKey(table, row);
    const rows = this.#rows.get(table.logicalName) ?? [];
    this.#rows.set(table.logicalName, rows);
    row.set('visible', false);
    rows.push(row);
    this.#pending.push(() => row.set('visible', true));
    return row;
  }

  #update(table: Table, key: string, body: unknown): Answer {
    const row = this.rows(table.logicalName).find((each) => each.get(table.primaryKey.name) === key);
    if (row === undefined) throw new Error(`${table.logicalName}(${key}): no such row`);
    for (const [name, value] of this.#checked(table, body, ({ access }) => access !== 'read-write'))
      row.set(name, value);
    this.#checkReferences(table, row);
    return { body: undefined, entityId: undefined };
  }

  /** Entries of the body without references to rows by URL. */
  #checked(table: Table, body: unknown, isForbidden: (column: Column) => boolean): [string, unknown][] {
    return Object.entries(body ?? {}).flatMap(([name, value]): [string, unknown][] => {
      if (name.endsWith('@odata.bind')) return [];
      const column = table.property.get(name);
      if (column === undefined) throw new Error(`${table.logicalName}: no column ${name}`);
      if (isForbidden(column)) throw new Error(`${table.logicalName}: ${name} is ${column.access}`);
      const problem = this.problemOf(column, value);
      if (problem !== undefined) throw new Error(`${table.logicalName}: ${name} ${problem}: ${JSON.stringify(value)}`);
      return [[name, value]];
    });
  }

  /** Why the value cannot stand in the column. */
  problemOf(column: Column, value: unknown): string | undefined {
    switch (column.type) {
      case 'String':
      case 'Memo':
        if (typeof value !== 'string' || value === '') return 'is no text';
        return value.length > column.maxLength ? `is longer than ${column.maxLength}` : undefined;
      case 'Choice': {
        const choice = this.model.choice.get(column.choice ?? '');
        return choice?.options.some((option) => option.value === value) === true ? undefined : 'is no option';
      }
      case 'Integer':
      case 'BigInt':
        return Number.isInteger(value) ? rangeProblem(column, Number(value)) : 'is no whole number';
      case 'Decimal':
        return typeof value === 'number' ? rangeProblem(column, value) : 'is no number';
      case 'Boolean':
        return typeof value === 'boolean' ? undefined : 'is no boolean';
      case 'Date':
      case 'DateTime':
        return /^\d{4}-\d\d-\d\dT00:00:00Z$/.test(String(value)) && !Number.isNaN(Date.parse(String(value)))
          ? undefined
          : 'is no date';
      case 'Guid':
        return /^[0-9a-f-]{36}$/.test(String(value)) ? undefined : 'is no GUID';
      case 'Choices':
        return 'is a list of options';
      case 'Lookup':
        return 'is a lookup';
    }
  }

  #checkReferences(table: Table, row: StoredRow): void {
    for (const column of table.columns) {
      const pairs = Object.entries(column.lookup?.resolvedFrom ?? {});
      if (column.lookup === undefined || pairs.length === 0 || pairs.some(([local]) => row.get(local) === undefined)) {
        continue;
      }
      const found = this.rows(column.lookup.target).some(
        (other) =>
          (other.get('visible') === true || other === row) &&
          pairs.every(([local, there]) => other.get(there) === row.get(local)),
      );
      const values = pairs.map(([local]) => `${local} ${String(row.get(local))}`).join(', ');
      if (!found) throw new Error(`${table.logicalName}: ${values} is not in ${column.lookup.target} yet`);
    }
  }

  #checkKey(table: Table, row: StoredRow): void {
    const keyOf = (each: StoredRow): string => table.naturalKey.map(({ name }) => String(each.get(name))).join(' | ');
    const key = keyOf(row);
    if (table.naturalKey.some(({ name }) => row.get(name) === undefined)) return;
    if (this.rows(table.logicalName).some((other) => keyOf(other) === key)) {
      throw new Error(`${table.logicalName}: ${key} is there already`);
    }
  }

  /** As ats-api 5: without a party number the person is made, with one no personal column may be given. */
  #settleCandidate(row: StoredRow): void {
    const personal = ['mshr_firstname', 'mshr_middlename', 'mshr_lastname', 'mshr_gender'];
    if (row.has('mshr_partynumber')) {
      if (personal.some((name) => row.has(name))) throw new Error('candidate: known person with personal columns');
      return;
    }
    const values = personal.flatMap((name) => (row.has(name) ? [[name, row.get(name)]] : []));
    const person = this.#create(this.#table('mshr_dirpersonentity'), Object.fromEntries(values));
    person.set('visible', true);
    row.set('mshr_partynumber', person.get('mshr_partynumber'));
  }

  #nextNumber(table: Table, column: Column, row: StoredRow): string {
    const company = String(row.get(table.company?.name ?? '') ?? '').toUpperCase();
    const prefix = column.sequence?.prefix === 'company' ? `${company}-` : (column.sequence?.prefix ?? '');
    const name = `${table.logicalName}.${column.name}:${prefix}`;
    const number = (this.#numbers.get(name) ?? 0) + 1;
    this.#numbers.set(name, number);
    return `${prefix}${String(number).padStart(column.sequence?.digits ?? 0, '0')}`;
  }

  #table(logicalName: string): Table {
    const table = this.model.table.get(logicalName);
    if (table === undefined) throw new Error(`no table ${logicalName}`);
    return table;
  }

  #newId(): string {
    return `00000000-0000-4000-9000-${String(++this.#ids).padStart(12, '0')}`;
  }
}

const rangeProblem = (column: Column, value: number): string | undefined =>
  value < (column.min ?? Number.NEGATIVE_INFINITY) || value > (column.max ?? Number.POSITIVE_INFINITY)
    ? 'is out of range'
    : undefined;
