import { DatabaseError, Pool, type PoolClient } from 'pg';
import type { Guid } from '../../../kernel/ids.ts';
import { Refusal } from '../../../kernel/refusal.ts';
import type { Model } from '../../../metadata/table.ts';
import type { Values } from '../../../odata/operation.ts';
import { refuse } from '../../../odata/problems.ts';
import { type Condition, equals } from '../../../odata/query.ts';
import { ColumnValues, digestOf, parseRowId, type SourceText } from '../mapped/column-values.ts';
import type { MappedTable, MappedTables } from '../mapped/mapping.ts';
import { sourceRefusal } from '../mapped/source-problems.ts';
import type { Selection, SourceRow, TableSource } from '../mapped/table-source.ts';
import { SqlWords } from './sql-words.ts';

export interface SqlSettings {
  readonly url: string;
  readonly timeoutMs?: number;
}

const defaultTimeout = 10_000;
const connections = 4;

/** Every value as the text that the database writes: no digit is lost, and no time zone is guessed. */
const asText = { getTypeParser: () => (text: string) => text };

/** @param onError told of connections that broke while nobody used them */
export function openPool({ url, timeoutMs = defaultTimeout }: SqlSettings, onError: (error: Error) => void): Pool {
  const pool = new Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: timeoutMs,
    statement_timeout: timeoutMs,
    query_timeout: timeoutMs * 2,
    options: '-c TimeZone=UTC -c DateStyle=ISO',
    types: asText,
  });
  pool.on('error', onError);
  return pool;
}

/** Tables or views of a PostgreSQL database. Writes are transactions. */
export class SqlSource implements TableSource {
  readonly #pool: Pool;
  readonly #values: ColumnValues;
  readonly #client: PoolClient | undefined;

  constructor(pool: Pool, values: ColumnValues, client?: PoolClient) {
    this.#pool = pool;
    this.#values = values;
    this.#client = client;
  }

  static over(pool: Pool, model: Model, tables: MappedTables): SqlSource {
    return new SqlSource(pool, new ColumnValues(model, tables));
  }

  async select(table: MappedTable, { where, orderBy, limit }: Selection): Promise<readonly SourceRow[]> {
    const words = this.#words(table);
    const columns = [...table.names.keys()].map((column) => words.name(column)).join(', ');
    const condition = where === undefined ? '' : ` where ${words.where(where)}`;
    const order = orderBy.length === 0 ? '' : ` order by ${words.order(orderBy)}`;
    // A row that is about to be written stays as it is until then.
    const lock = this.#client === undefined ? '' : ' for update';
    const text = `select ${columns} from ${words.relation}${condition}${order} limit ${limit}${lock}`;
    return (await this.#run(text, words.parameters)).map((row) => this.#parse(table, row));
  }

  async count(table: MappedTable, where: Condition | undefined, upTo: number): Promise<number> {
    const words = this.#words(table);
    const condition = where === undefined ? '' : ` where ${words.where(where)}`;
    const counted = `select 1 from ${words.relation}${condition} limit ${upTo}`;
    const [row] = await this.#run(`select count(*) from (${counted}) as counted`, words.parameters);
    return Number(row?.[0]);
  }

  async insert(table: MappedTable, values: Values): Promise<Guid> {
    const words = this.#words(table);
    const names = [...values.keys()].map((column) => words.name(column));
    const places = [...values].map(([column, value]) => words.parameter(column, value) ?? 'null');
    const into = names.length === 0 ? 'default values' : `(${names.join(', ')}) values (${places.join(', ')})`;
    const key = table.table.primaryKey;
    const [row] = await this.#run(
      `insert into ${words.relation} ${into} returning ${words.name(key)}`,
      words.parameters,
    );
    return parseRowId(this.#values.parse(key, row?.[0] ?? null));
  }

  async update(table: MappedTable, { id }: SourceRow, values: Values): Promise<void> {
    if (values.size === 0) return;
    const words = this.#words(table);
    const changes = [...values].map(
      ([column, value]) => `${words.name(column)} = ${words.parameter(column, value) ?? 'null'}`,
    );
    const condition = words.where(equals(table.table.primaryKey, id));
    await this.#run(`update ${words.relation} set ${changes.join(', ')} where ${condition}`, words.parameters);
  }

  async delete(table: MappedTable, { id }: SourceRow): Promise<void> {
    const words = this.#words(table);
    await this.#run(
      `delete from ${words.relation} where ${words.where(equals(table.table.primaryKey, id))}`,
      words.parameters,
    );
  }

  async write<T>(job: (source: TableSource, isUndone: boolean) => Promise<T>): Promise<T> {
    const client = await this.#pool.connect().catch(fail);
    let isBroken = false;
    try {
      await client.query('begin');
      const result = await job(new SqlSource(this.#pool, this.#values, client), true);
      await client.query('commit').catch(fail);
      return result;
    } catch (error) {
      await client.query('rollback').catch(() => {
        isBroken = true;
      });
      throw error;
    } finally {
      client.release(isBroken);
    }
  }

  #words(table: MappedTable): SqlWords {
    return new SqlWords(table, this.#values);
  }

  async #run(text: string, values: readonly SourceText[]): Promise<readonly (readonly SourceText[])[]> {
    const asked = { text, values: [...values], rowMode: 'array' as const };
    const running: Promise<{ rows: SourceText[][] }> = (this.#client ?? this.#pool).query<SourceText[]>(asked);
    return (await running.catch(fail)).rows;
  }

  #parse(table: MappedTable, row: readonly SourceText[]): SourceRow {
    const texts = [...table.names.keys()].map((column, index) => [column, row[index] ?? null] as const);
    const values = new Map(texts.map(([column, text]) => [column, this.#values.parse(column, text)]));
    const id = parseRowId(values.get(table.table.primaryKey) ?? null);
    return { id, values, version: digestOf(texts.map(([, text]) => text)), address: id, etag: undefined };
  }
}

/** Class 23 of SQLSTATE: what the database holds against the values (PostgreSQL appendix A). */
function fail(error: unknown): never {
  if (error instanceof Refusal) throw error;
  if (!(error instanceof DatabaseError)) throw sourceRefusal.failed(`the database did not answer: ${String(error)}`);
  if (error.code === '23505') throw refuse.duplicateKey();
  // The database's own words may hold values of rows that the caller may not see.
  if (error.code?.startsWith('23')) throw sourceRefusal.refused('The database does not accept these values.');
  throw sourceRefusal.failed(`the database refused the statement: ${error.code} ${error.message}`);
}
