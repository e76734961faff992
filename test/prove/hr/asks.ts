import type { Dice } from '../queries/make.ts';
import type { Session } from './oracle.ts';
import { type Entity, entityFacts, entityNames, idColumn, type Plain, type Stored, tableName } from './world.ts';

/** A column that a request names: a right to it is needed. */
export type NamedColumn = readonly [Entity, string];

/** A read as a URL, and what the oracle must know of it. */
export interface Read {
  readonly entity: Entity;
  readonly path: string;
  /** Ask for pages of this many rows. */
  readonly pageSize?: number;
  /** Entities and columns that it looks at, in the order in which gate two meets them. */
  readonly entities: readonly Entity[];
  readonly columns: readonly NamedColumn[];
  /** What the answer must be reduced to, and what it is then. */
  readonly reduce: (answer: Answered) => unknown;
  readonly expected: (session: Session, stored: Stored) => unknown;
}

/** Rows of an answer, whichever kind it is of. */
export interface Answered {
  readonly rows: readonly Record<string, unknown>[];
  readonly count: number | undefined;
}

const link = 'mshr_FK_RecruitingRequest_id';
const back = 'mshr_FK_HcmCandidateToHireEntity_RecruitingRequest';
const lookup: NamedColumn = ['candidate', 'mshr_fk_recruitingrequest_id'];
const description: NamedColumn = ['request', 'mshr_description'];
const encode = encodeURIComponent;
const property = (column: string): string => (column.startsWith('mshr_fk_') ? `_${column}_value` : column);

/** What a row shows: `null` in columns that the user may not read. */
function shown(session: Session, entity: Entity, row: Plain, columns: readonly string[]): Record<string, unknown> {
  const values = columns.map((column) => [
    property(column),
    session.mayUse(entity, column, 'Read') ? (row[column] ?? null) : null,
  ]);
  return { ...Object.fromEntries(values), [idColumn(entity)]: row.id };
}

const pick = (entity: Entity, row: Record<string, unknown>, columns: readonly string[]): Record<string, unknown> =>
  Object.fromEntries([...columns.map(property), idColumn(entity)].map((name) => [name, row[name]]));

const byId =
  (entity: Entity) =>
  (left: Record<string, unknown>, right: Record<string, unknown>): number =>
    String(left[idColumn(entity)]) < String(right[idColumn(entity)]) ? -1 : 1;

const visible = (session: Session, stored: Stored, entity: Entity): readonly Plain[] =>
  stored[entity].filter((row) => session.sees(entity, row, stored));

const targetOf = (session: Session, stored: Stored, row: Plain): Plain | undefined =>
  visible(session, stored, 'request').find(({ id }) => id === row['mshr_fk_recruitingrequest_id']);

type Make = (dice: Dice, stored: Stored) => Read;

/** A filter on a column of the entity's own, with the value of some row. */
const list: Make = (dice, stored) => {
  const entity = dice.of(entityNames);
  const all = entityFacts[entity].columns;
  const chosen = dice.chance(0.5) ? all.filter(() => dice.chance(0.5)) : undefined;
  const select = chosen === undefined || chosen.length === 0 ? undefined : chosen;
  const by = dice.chance(0.4) ? dice.of(all.filter((column) => !column.startsWith('mshr_fk_'))) : undefined;
  const value = by === undefined ? null : (dice.of(stored[entity])[by] ?? null);
  const counted = dice.chance(0.5);
  const options = [
    ...(select === undefined ? [] : [`$select=${select.map(property).join(',')}`]),
    ...(by === undefined ? [] : [`$filter=${encode(`${by} eq ${value === null ? 'null' : `'${value}'`}`)}`]),
    ...(counted ? ['$count=true'] : []),
  ];
  const columns = select ?? all;
  const met = (row: Plain): boolean =>
    by === undefined || String(row[by] ?? '').toLowerCase() === String(value ?? '').toLowerCase();
  return {
    entity,
    path: `${entityFacts[entity].set}${options.length === 0 ? '' : '?'}${options.join('&')}`,
    ...(dice.chance(0.3) && { pageSize: 1 + dice.below(3) }),
    entities: [entity],
    columns: [...(select ?? []), ...(by === undefined ? [] : [by])].map((column) => [entity, column] as const),
    reduce: ({ rows, count }) => ({
      rows: rows.map((row) => pick(entity, row, columns)).sort(byId(entity)),
      count: counted ? count : undefined,
    }),
    expected: (session, all) => {
      const rows = visible(session, all, entity).filter(met);
      const shownRows = rows.map((row) => shown(session, entity, row, columns)).sort(byId(entity));
      return { rows: shownRows, count: counted ? rows.length : undefined };
    },
  };
};

const single: Make = (dice, stored) => {
  const entity = dice.of(entityNames);
  const { id } = dice.of(stored[entity]);
  const columns = entityFacts[entity].columns;
  return {
    entity,
    path: `${entityFacts[entity].set}(${id})`,
    entities: [entity],
    columns: [],
    reduce: ({ rows }) => rows.map((row) => pick(entity, row, columns)),
    expected: (session, all) => {
      const found = visible(session, all, entity).find((row) => row.id === id);
      return found === undefined ? '404' : [shown(session, entity, found, columns)];
    },
  };
};

const number: Make = (dice) => {
  const entity = dice.of(entityNames);
  return {
    entity,
    path: `${entityFacts[entity].set}/$count`,
    entities: [entity],
    columns: [],
    reduce: ({ count }) => count,
    expected: (session, all) => visible(session, all, entity).length,
  };
};

/** `$expand` of the request of candidates, or of the candidates of requests. */
const expand: Make = (dice) => {
  const up = dice.chance(0.5);
  const [outer, inner, navigation]: readonly [Entity, Entity, string] = up
    ? ['candidate', 'request', link]
    : ['request', 'candidate', back];
  const named = dice.chance(0.5);
  const column = up ? 'mshr_description' : 'mshr_lastname';
  const related = (session: Session, all: Stored, row: Plain): readonly Plain[] =>
    up
      ? [targetOf(session, all, row)].filter((found) => found !== undefined)
      : visible(session, all, 'candidate').filter((each) => each['mshr_fk_recruitingrequest_id'] === row.id);
  return {
    entity: outer,
    path: `${entityFacts[outer].set}?$select=${idColumn(outer)}&$expand=${navigation}${named ? `($select=${column})` : ''}`,
    entities: [outer, inner],
    columns: [lookup, ...(named ? [[inner, column] as const] : [])],
    reduce: ({ rows }) =>
      rows
        .map((row) => ({
          [idColumn(outer)]: row[idColumn(outer)],
          inner: [row[navigation] ?? []]
            .flat()
            .map((each) => pick(inner, each as Record<string, unknown>, [column]))
            .sort(byId(inner)),
        }))
        .sort(byId(outer)),
    expected: (session, all) =>
      visible(session, all, outer)
        .map((row) => ({
          [idColumn(outer)]: row.id,
          inner: related(session, all, row)
            .map((each) => shown(session, inner, each, [column]))
            .sort(byId(inner)),
        }))
        .sort(byId(outer)),
  };
};

/** Filters through the lookup, and over the collection behind it. */
const filtered: Make = (dice) => {
  const kind = dice.of(['lookup', 'any', 'all'] as const);
  const text = kind === 'lookup' ? 'Nordlys' : 'Berg';
  const is = (row: Plain, column: string): boolean => (row[column] ?? '').toLowerCase() === text.toLowerCase();
  const filters = {
    lookup: `${link}/mshr_description eq '${text}'`,
    any: `${back}/any(c:c/mshr_lastname eq '${text}')`,
    all: `${back}/all(c:c/mshr_lastname eq '${text}')`,
  };
  const [entity, other]: readonly [Entity, Entity] =
    kind === 'lookup' ? ['candidate', 'request'] : ['request', 'candidate'];
  const met = (session: Session, all: Stored, row: Plain): boolean => {
    if (kind === 'lookup') {
      const target = targetOf(session, all, row);
      return target !== undefined && is(target, 'mshr_description');
    }
    const candidates = visible(session, all, 'candidate').filter(
      (each) => each['mshr_fk_recruitingrequest_id'] === row.id,
    );
    return kind === 'any'
      ? candidates.some((each) => is(each, 'mshr_lastname'))
      : candidates.every((each) => is(each, 'mshr_lastname'));
  };
  return {
    entity,
    path: `${entityFacts[entity].set}?$select=${idColumn(entity)}&$count=true&$filter=${encode(filters[kind])}`,
    entities: [entity, other],
    columns: [lookup, kind === 'lookup' ? description : (['candidate', 'mshr_lastname'] as const)],
    reduce: ({ rows, count }) => ({ ids: rows.map((row) => String(row[idColumn(entity)])).sort(), count }),
    expected: (session, all) => {
      const ids = visible(session, all, entity)
        .filter((row) => met(session, all, row))
        .map(({ id }) => String(id));
      return { ids: ids.sort(), count: ids.length };
    },
  };
};

/** Sorted through the lookup: behind a row that is hidden there is no value. */
const sorted: Make = (dice) => {
  const down = dice.chance(0.5);
  const key = (session: Session, all: Stored, row: Plain): string =>
    (targetOf(session, all, row)?.['mshr_description'] ?? '').toLowerCase();
  return {
    entity: 'candidate',
    path: `${entityFacts.candidate.set}?$select=${idColumn('candidate')}&$orderby=${encode(`${link}/mshr_description${down ? ' desc' : ''}`)}`,
    entities: ['candidate', 'request'],
    columns: [lookup, description],
    reduce: ({ rows }) => rows.map((row) => String(row[idColumn('candidate')])),
    expected: (session, all) => {
      const keyed = visible(session, all, 'candidate').map((row) => ({
        id: String(row.id),
        key: key(session, all, row),
      }));
      const way = down ? -1 : 1;
      return keyed
        .sort((left, right) => {
          if (left.key !== right.key) return left.key < right.key ? -way : way;
          return left.id < right.id ? -way : way;
        })
        .map(({ id }) => id);
    },
  };
};

/** Groups by legal entity, of all rows or of those with a name. */
const grouped: Make = (dice) => {
  const entity = dice.of(['candidate', 'request'] as const);
  const by = dice.chance(0.3) ? (entity === 'candidate' ? 'mshr_lastname' : 'mshr_description') : 'mshr_dataareaid';
  return {
    entity,
    path: `${entityFacts[entity].set}?$apply=${encode(`groupby((${by}),aggregate($count as n))`)}`,
    entities: [entity],
    columns: [[entity, by]],
    reduce: ({ rows }) => rows.map((row) => `${String(row[by]).toLowerCase()} ${String(row['n'])}`).sort(),
    expected: (session, all) => {
      const counts = new Map<string, number>();
      for (const row of visible(session, all, entity)) {
        const key = (row[by] ?? 'null').toLowerCase();
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
      return [...counts].map(([key, count]) => `${key} ${count}`).sort();
    },
  };
};

/** FetchXML with the request of each candidate joined to it. */
const fetched: Make = (dice) => {
  const type = dice.of(['inner', 'outer'] as const);
  const all = dice.chance(0.3);
  const inner = all ? '<all-attributes/>' : '<attribute name="mshr_description"/>';
  const xml = `<fetch><entity name="${tableName('candidate')}"><attribute name="${idColumn('candidate')}"/><link-entity name="${tableName('request')}" from="${idColumn('request')}" to="mshr_fk_recruitingrequest_id" link-type="${type}" alias="r">${inner}</link-entity></entity></fetch>`;
  return {
    entity: 'candidate',
    path: `${entityFacts.candidate.set}?fetchXml=${encode(xml)}`,
    entities: ['candidate', 'request'],
    columns: [lookup, ...(all ? [] : [description])],
    reduce: ({ rows }) =>
      rows.map((row) => `${String(row[idColumn('candidate')])} ${String(row['r.mshr_description'] ?? null)}`).sort(),
    expected: (session, stored) =>
      visible(session, stored, 'candidate')
        .flatMap((row) => {
          const target = targetOf(session, stored, row);
          if (target === undefined && type === 'inner') return [];
          const value = session.mayUse('request', 'mshr_description', 'Read')
            ? (target?.['mshr_description'] ?? null)
            : null;
          return [`${String(row.id)} ${String(value)}`];
        })
        .sort(),
  };
};

const makers: readonly Make[] = [list, list, single, number, expand, filtered, sorted, grouped, fetched];

export const randomRead = (dice: Dice, stored: Stored): Read => dice.of(makers)(dice, stored);
