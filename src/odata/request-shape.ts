import type { RequestShape } from '../kernel/cause.ts';
import { getGuid } from '../kernel/ids.ts';
import { unreachable } from '../kernel/unreachable.ts';
import { guardedColumns } from '../metadata/column-sources.ts';
import type { Column, Model, Table } from '../metadata/table.ts';
import { emptyQuery } from './bind-shape.ts';
import type { FlatQuery } from './flat-query.ts';
import type { Operation, Values } from './operation.ts';
import type { Query, Value } from './query.ts';
import { walkFlatQuery } from './walk-flat-query.ts';
import { type QueryVisitor, walkQuery } from './walk-query.ts';

type RowOperation = Extract<Operation, { kind: 'create' | 'update' }>;

/** Which columns are told of. */
type Keeps = (column: Column) => boolean;

const all: Keeps = () => true;

/**
 * What an operation asks of the gates, by names alone: a shape for each table that it looks at or changes, its own first.
 * `operationOf` makes an operation of a shape again that the gates decide as they decide this one. Worked out for requests
 * that were refused, never on the way.
 */
export const shapesOf = (operation: Operation): readonly RequestShape[] => limited(allShapesOf(operation, all));

/**
 * The same of an operation that was allowed: what matters later is which rights it made use of, so of columns only those
 * are told that nobody may use without a right of their own.
 */
export const usedShapesOf = (operation: Operation): readonly RequestShape[] =>
  limited(allShapesOf(operation, (column) => guardedColumns(column.table).has(column)));

const limited = (shapes: readonly RequestShape[]): readonly RequestShape[] =>
  shapes
    .slice(0, mostShapes)
    .map((shape) => (shape.columns === undefined ? shape : { ...shape, columns: shape.columns.slice(0, mostColumns) }));

/** A request may name everything that there is; the log keeps no more of it than this. */
const mostShapes = 20;
const mostColumns = 100;

function allShapesOf(operation: Operation, keeps: Keeps): readonly RequestShape[] {
  switch (operation.kind) {
    case 'retrieve':
    case 'retrieveMultiple':
    case 'count':
      return shapesOfQuery(operation.query, keeps);
    case 'flat':
      return shapesOfFlat(operation.query, keeps);
    case 'retrieveRelated':
      return [
        { kind: 'read', table: operation.navigation.table.logicalName },
        ...shapesOfQuery(operation.query, keeps),
      ];
    case 'create':
    case 'update':
      return shapesOfWrite(operation, keeps);
    case 'delete':
      return [{ kind: 'delete', table: operation.table.logicalName }];
    case 'associate':
    case 'disassociate':
      return [{ kind: 'link', table: operation.table.logicalName, navigations: [operation.navigation.name] }];
    case 'message': {
      const { bound, name } = operation;
      return [{ kind: 'message', message: name, ...(bound && { table: bound.table.logicalName }) }];
    }
    default:
      return unreachable(operation);
  }
}

function shapesOfWrite(operation: RowOperation, keeps: Keeps): readonly RequestShape[] {
  const { table, values, binds, representation } = operation;
  const company = table.company === undefined ? undefined : values.get(table.company);
  const kind = operation.kind === 'update' && operation.mayUpdate ? 'update' : 'create';
  const own: RequestShape = {
    ...{ kind, table: table.logicalName, columns: [...values.keys()].filter(keeps).map(({ name }) => name) },
    navigations: binds.filter(({ id }) => id !== null).map(({ navigation }) => navigation.name),
    ...(typeof company === 'string' && company.length <= longestCompany && { company }),
  };
  return [own, ...(representation === undefined ? [] : shapesOfQuery(representation, keeps))];
}

/** Codes of legal entities are short: what is longer is none, and is not kept. */
const longestCompany = 4;

const shapesOfQuery = (query: Query, keeps: Keeps): readonly RequestShape[] =>
  collect(keeps, (visitor) => walkQuery(withoutUnnamed(query), visitor));

const shapesOfFlat = (query: FlatQuery, keeps: Keeps): readonly RequestShape[] =>
  collect(keeps, (visitor) => {
    const outputs = query.outputs.filter((output) => output.kind !== 'column' || output.unnamed !== true);
    return walkFlatQuery({ ...query, outputs }, visitor);
  });

/** Columns that are given only because none was named are withheld, not refused: they ask for nothing. */
const withoutUnnamed = (query: Query): Query => ({
  ...query,
  columns: query.namesNoColumn === true ? [] : query.columns,
  expand: query.expand.map((each) => ({ ...each, query: withoutUnnamed(each.query) })),
});

function collect(keeps: Keeps, walk: (visitor: QueryVisitor) => boolean): readonly RequestShape[] {
  const columns = new Map<Table, Set<string>>();
  const seen = (table: Table): Set<string> => {
    const known = columns.get(table) ?? new Set();
    columns.set(table, known);
    return known;
  };
  walk({
    table: (table) => seen(table) !== undefined,
    column: (column) => {
      const names = seen(column.table);
      if (keeps(column)) names.add(column.name);
      return true;
    },
    intersect: () => true,
  });
  return [...columns].map(([table, names]) => ({ kind: 'read', table: table.logicalName, columns: [...names] }));
}

/** Stands for whichever row: no decision of the gates looks at it. */
const someRow = getGuid('00000000-0000-0000-0000-000000000001');

/**
 * An operation that asks the gates for what a shape says; `undefined` where the model has no such table or message any
 * more. It must never be carried out.
 */
export function operationOf(model: Model, shape: RequestShape): Operation | undefined {
  const table = shape.table === undefined ? undefined : model.table.get(shape.table);
  if (shape.kind === 'message') {
    const bound = table && { bound: { table, id: someRow } };
    return shape.message === undefined ? undefined : { kind: 'message', name: shape.message, parameters: {}, ...bound };
  }
  return table && operationOn(table, shape);
}

function operationOn(table: Table, shape: RequestShape): Operation | undefined {
  const columns = (shape.columns ?? []).flatMap((name) => table.column.get(name) ?? []);
  switch (shape.kind) {
    case 'read':
      return { kind: 'retrieveMultiple', query: { ...emptyQuery(table), columns }, pageNumber: 1 };
    case 'create':
      return { kind: 'create', table, values: valuesOf(table, columns, shape), binds: bindsOf(table, shape) };
    case 'update':
      return {
        ...{ kind: 'update', table, id: someRow, values: valuesOf(table, columns, shape) },
        ...{ binds: bindsOf(table, shape), mayCreate: false, mayUpdate: true },
      };
    case 'delete':
      return { kind: 'delete', table, id: someRow };
    case 'link': {
      const navigation = table.navigation.get(shape.navigations?.[0] ?? '');
      return navigation && { kind: 'associate', table, id: someRow, navigation, targetId: someRow };
    }
    default:
      return undefined;
  }
}

const valuesOf = (table: Table, columns: readonly Column[], { company }: RequestShape): Values =>
  new Map<Column, Value>(
    columns
      .filter(({ type }) => type !== 'Lookup')
      .map((column) => [column, column === table.company ? (company ?? null) : null]),
  );

const bindsOf = (table: Table, { navigations = [] }: RequestShape) =>
  navigations.flatMap((name) => {
    const navigation = table.navigation.get(name);
    return navigation?.kind === 'single' ? [{ navigation, id: someRow }] : [];
  });
