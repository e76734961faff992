import type { Guid } from '../../../kernel/ids.ts';
import type { Model } from '../../../metadata/table.ts';
import { JsonNumber, type JsonObject, type JsonValue } from '../../../odata/json.ts';
import type { Values } from '../../../odata/operation.ts';
import type { Condition } from '../../../odata/query.ts';
import { ColumnValues, digestOf, parseRowId, type SourceText } from '../mapped/column-values.ts';
import type { MappedTable, MappedTables } from '../mapped/mapping.ts';
import { sourceRefusal } from '../mapped/source-problems.ts';
import type { Selection, SourceRow, TableSource } from '../mapped/table-source.ts';
import type { ODataClient } from './odata-client.ts';
import { ODataFilter } from './odata-filter.ts';

/** Tables of another OData service, such as finance and operations' `/data`. It keeps single writes, not several. */
export class ODataSource implements TableSource {
  readonly #client: ODataClient;
  readonly #values: ColumnValues;

  constructor(client: ODataClient, model: Model, tables: MappedTables) {
    this.#client = client;
    this.#values = new ColumnValues(model, tables);
  }

  async select(table: MappedTable, { where, orderBy, limit }: Selection): Promise<readonly SourceRow[]> {
    const words = this.#words(table);
    const options = {
      $select: [...new Set([...table.names.values(), ...keyOf(table)])].join(','),
      ...(where === undefined ? {} : { $filter: words.filter(where) }),
      ...(orderBy.length === 0 ? {} : { $orderby: words.order(orderBy) }),
      $top: String(limit),
    };
    const rows: SourceRow[] = [];
    let next: { path: string; options?: Readonly<Record<string, string>> } | undefined = {
      path: table.mapping.from,
      options,
    };
    // A service may send fewer rows at a time than were asked for.
    while (next !== undefined && rows.length < limit) {
      const { body } = await this.#client.call({ method: 'GET', ...next });
      rows.push(...objectsOf(body?.get('value')).map((row) => this.#parse(table, row)));
      const link = body?.get('@odata.nextLink');
      next = typeof link === 'string' ? { path: link } : undefined;
    }
    return rows.slice(0, limit);
  }

  async count(table: MappedTable, where: Condition | undefined, upTo: number): Promise<number> {
    const filter = where === undefined ? {} : { $filter: this.#words(table).filter(where) };
    const options = { ...filter, $count: 'true', $top: '1' };
    const { body } = await this.#client.call({ method: 'GET', path: table.mapping.from, options });
    const count = body?.get('@odata.count');
    if (!(count instanceof JsonNumber)) throw sourceRefusal.failed('the service does not count');
    return Math.min(Number(count.text), upTo);
  }

  async insert(table: MappedTable, values: Values): Promise<Guid> {
    const { body } = await this.#client.call({
      method: 'POST',
      path: table.mapping.from,
      body: this.#print(table, values),
    });
    if (body === undefined) throw sourceRefusal.failed('the service does not show the row that it has made');
    return this.#parse(table, body).id;
  }

  async update(table: MappedTable, row: SourceRow, values: Values): Promise<void> {
    const ifMatch = row.etag ?? '*';
    await this.#client.call({ method: 'PATCH', path: row.address, body: this.#print(table, values), ifMatch });
  }

  async delete(_table: MappedTable, row: SourceRow): Promise<void> {
    await this.#client.call({ method: 'DELETE', path: row.address, ifMatch: row.etag ?? '*' });
  }

  write<T>(job: (source: TableSource, isUndone: boolean) => Promise<T>): Promise<T> {
    return job(this, false);
  }

  #words(table: MappedTable): ODataFilter {
    return new ODataFilter(table, this.#values);
  }

  #parse(table: MappedTable, row: JsonObject): SourceRow {
    const texts = [...table.names].map(([column, name]) => [column, textOf(row.get(name))] as const);
    const values = new Map(texts.map(([column, text]) => [column, this.#values.parse(column, text)]));
    const etag = row.get('@odata.etag');
    return {
      id: parseRowId(values.get(table.table.primaryKey) ?? null),
      version: digestOf(texts.map(([, text]) => text)),
      values,
      address: addressOf(table, row),
      etag: typeof etag === 'string' ? etag : undefined,
    };
  }

  /** JSON with numbers digit by digit. */
  #print(table: MappedTable, values: Values): string {
    const members = [...values].map(([column, value]) => {
      const text = this.#values.format(column, value);
      const isBare = this.#values.isNumber(column) || column.type === 'Boolean';
      const printed = text === undefined || text === null ? 'null' : isBare ? text : JSON.stringify(text);
      return `${JSON.stringify(table.names.get(column))}:${printed}`;
    });
    return `{${members.join(',')}}`;
  }
}

const keyOf = ({ mapping }: MappedTable): readonly string[] => mapping.key ?? [mapping.id.name];

/** `Titles('Lead')`, `Titles(dataAreaId='usmf',TitleId='Lead')` (OData 4.01 part 2, section 4.3.1). */
function addressOf(table: MappedTable, row: JsonObject): string {
  const parts = keyOf(table).map((name) => {
    const value = row.get(name);
    const text = textOf(value);
    if (text === null) throw sourceRefusal.failed(`the service gave a row without its key ${name}`);
    const isBare = value instanceof JsonNumber || (name === table.mapping.id.name && table.mapping.idsAreText !== true);
    const literal = encodeURIComponent(isBare ? text : `'${text.replaceAll("'", "''")}'`);
    return [name, literal] as const;
  });
  const [only] = parts;
  const key = parts.length === 1 ? only?.[1] : parts.map(([name, literal]) => `${name}=${literal}`).join(',');
  return `${table.mapping.from}(${key})`;
}

function textOf(value: JsonValue | undefined): SourceText {
  if (value === undefined || value === null) return null;
  if (value instanceof JsonNumber) return value.text;
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  throw sourceRefusal.failed('the service gave an object where a value was expected');
}

const objectsOf = (value: JsonValue | undefined): readonly JsonObject[] => {
  if (!Array.isArray(value)) throw sourceRefusal.failed('the service did not answer with a list');
  return value.filter((each): each is JsonObject => each instanceof Map);
};
