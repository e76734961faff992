import fc from 'fast-check';
import { builtInModel } from '../../../src/metadata/built-in.ts';
import type { Column, Table } from '../../../src/metadata/table.ts';
import { acceptedUrls, refusedUrls } from '../../odata/urls/all-urls.ts';
import { type FuzzRow, reachedTables } from './organisation.ts';

const tableUrls = [...acceptedUrls, ...refusedUrls].map(({ url }) => url);
const model = builtInModel();
const tables = [...reachedTables, 'mshr_dirpersonentity', 'role', 'systemuser'].flatMap(
  (name) => model.table.get(name) ?? [],
);

/** Words that mean something in a URL, and what stands between them. */
export const dictionary = [
  ...new Set(tableUrls.flatMap((url) => url.match(/[$@]?[A-Za-z_][\w.]*|[^\w\s]+|\d+/g) ?? [])),
  ...tables.flatMap((table) => [table.entitySetName, ...table.navigation.keys()]),
  ...['%00', '%', '%ZZ', '%C3%28', '%2F', '\u0000', 'ſ', '💥', '..', "''", '"', '\\', '$1', '$batch', '$metadata'],
  ...['-1', '1e400', '99999999999999999999', 'NaN', '0001-01-01', '9999-12-31T23:59:59Z', 'duration', 'null'],
  ...['EntityDefinitions', 'GlobalOptionSetDefinitions', 'RelationshipDefinitions', 'Attributes', 'WhoAmI', '$ref'],
];

/** URLs: those of the table of URLs, such that are about rows that are there, both with mistakes, and noise. */
export function urlsOf(words: readonly string[], rows: readonly FuzzRow[]): Text {
  const listed = fc.constantFrom(...tableUrls);
  const made = fc.constantFrom(...tables).chain((table) => madeFor(table, words, rows));
  return fc.oneof(
    { weight: 2, arbitrary: listed },
    { weight: 7, arbitrary: made },
    { weight: 4, arbitrary: mutated(fc.oneof(listed, made), words) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
  );
}

type Text = fc.Arbitrary<string>;

/** The id of a row of the set, where there is one. */
export function idOf(set: string, rows: readonly FuzzRow[]): Text {
  const own = rows.flatMap((row) => (row.set === set ? [row.id] : []));
  const any = fc.constantFrom(...rows.map((row) => row.id));
  return own.length === 0 ? any : fitting(fc.constantFrom(...own), any);
}

/** Mostly the right one. */
const fitting = <T>(right: fc.Arbitrary<T>, wrong: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ weight: 15, arbitrary: right }, { weight: 1, arbitrary: wrong });

/** A set of which something is asked that fits it, more often than not. */
function madeFor(table: Table, words: readonly string[], rows: readonly FuzzRow[]): Text {
  const word = fc.constantFrom(...words);
  const id = idOf(table.entitySetName, rows);
  const column = fitting(fc.constantFrom(...table.property.keys()), word);
  const navigation = fitting(fc.constantFrom(...table.navigation.keys()), word);
  const condition = fc.oneof(conditionOn(table, word, id), relatedCondition(table, word, id));
  const option = fc.oneof(
    fc.tuple(column, column).map(([one, other]) => `$select=${one},${other}`),
    condition.map((text) => `$filter=${text}`),
    fc.tuple(condition, condition).map(([one, other]) => `$filter=not (${one}) or ${other}`),
    column.map((name) => `$orderby=${name} desc`),
    fc.constantFrom('$count=true', '$top=2', '$top=0', '$count=false', '$skip=1', '$search=x'),
    navigation.map((name) => `$expand=${name}`),
    nestedExpand(table, word, id),
    fc.tuple(column, word).map(([name, how]) => `$apply=groupby((${name}),aggregate(${name} with ${how} as x))`),
    column.map((name) => `$apply=groupby((${name}),aggregate($count as n))`),
    id.map((place) => `$skiptoken=${place}`),
    fetchXml(table, column, word).map(
      (xml) => `fetchXml=${encodeURIComponent(xml.replace(/\p{Surrogate}/gu, '\u{fffd}'))}`,
    ),
  );
  const set = table.entitySetName;
  const ofOne = fc.oneof(
    fc.tuple(column, column).map(([one, other]) => `$select=${one},${other}`),
    navigation.map((name) => `$expand=${name}`),
    nestedExpand(table, word, id),
  );
  const collection = fc.oneof(
    { weight: 6, arbitrary: fc.constant(set) },
    { weight: 2, arbitrary: fc.tuple(id, navigation).map(([key, last]) => `${set}(${key})/${last}`) },
    { weight: 1, arbitrary: word.map((last) => `${set}/${last}`) },
  );
  const single = fc.oneof(
    { weight: 4, arbitrary: id.map((key) => `${set}(${key})`) },
    { weight: 1, arbitrary: fc.tuple(id, column).map(([key, last]) => `${set}(${key})/${last}/$value`) },
    { weight: 1, arbitrary: fc.tuple(id, navigation, id).map(([key, by, end]) => `${set}(${key})/${by}(${end})`) },
    { weight: 1, arbitrary: fc.tuple(id, navigation).map(([key, name]) => `${set}(${key})/${name}/$ref`) },
    { weight: 1, arbitrary: fc.tuple(column, word).map(([name, key]) => `${set}(${name}='${key}')`) },
  );
  return fc.oneof(
    { weight: 3, arbitrary: withOptions(collection, option) },
    { weight: 2, arbitrary: withOptions(single, ofOne) },
  );
}

function withOptions(path: Text, option: Text): Text {
  const options = fc.uniqueArray(option, { maxLength: 3, selector: (text) => text.split('=')[0] });
  return fc.tuple(path, options).map(([start, list]) => (list.length === 0 ? start : `${start}?${list.join('&')}`));
}

/** A literal of the column's type. */
function literalFor({ type }: Column, word: Text, id: Text): Text {
  switch (type) {
    case 'String':
    case 'Memo':
      return word.map((text) => `'${text.replaceAll("'", "''")}'`);
    case 'Boolean':
      return fc.constantFrom('true', 'false');
    case 'Date':
      return fc.constantFrom('2027-01-01', '0001-01-01', '9999-12-31');
    case 'DateTime':
      return fc.constantFrom('2027-01-01T00:00:00Z', '0001-01-01T00:00:00Z', '9999-12-31T23:59:59Z');
    case 'Guid':
    case 'Lookup':
      return id;
    default:
      return fc
        .oneof(
          fc.integer(),
          fc.nat(5).map((option) => 200_000_000 + option),
        )
        .map(String);
  }
}

function conditionOn(table: Table, word: Text, id: Text, prefix = ''): Text {
  return fc.constantFrom(...table.property.values()).chain((column) => {
    const name = `${prefix}${column.property}`;
    const literal = fitting(literalFor(column, word, id), fc.oneof(word, fc.constant('null')));
    return fc.oneof(
      {
        weight: 3,
        arbitrary: fc
          .tuple(fc.constantFrom('eq', 'ne', 'gt', 'le'), literal)
          .map(([how, value]) => `${name} ${how} ${value}`),
      },
      {
        weight: 1,
        arbitrary: fc.array(literal, { minLength: 1, maxLength: 3 }).map((list) => `${name} in (${list.join(',')})`),
      },
      {
        weight: 1,
        arbitrary: fc
          .tuple(fc.constantFrom('contains', 'startswith', 'endswith'), word)
          .map(([how, text]) => `${how}(${name},'${text}')`),
      },
      { weight: 1, arbitrary: fc.constantFrom('eq null', 'ne null').map((test) => `${name} ${test}`) },
      {
        weight: 1,
        arbitrary: fc
          .tuple(fc.constantFrom('LastXDays', 'Contains', 'Today', 'In', 'EqualUserId', 'Under', 'NotOn'), word)
          .map(([how, value]) => `Microsoft.Dynamics.CRM.${how}(PropertyName='${name}',PropertyValue='${value}')`),
      },
    );
  });
}

const relatedCondition = (table: Table, word: Text, id: Text): Text =>
  fc
    .constantFrom(...table.navigation.values())
    .chain(({ kind, name, target }) =>
      kind === 'single'
        ? conditionOn(target, word, id, `${name}/`)
        : fc
            .tuple(fc.constantFrom('any', 'all'), conditionOn(target, word, id, 'x/'))
            .map(([how, inner]) => `${name}/${how}(x:${inner})`),
    );

const nestedExpand = (table: Table, word: Text, id: Text): Text =>
  fc
    .constantFrom(...table.navigation.values())
    .chain(({ name, target }) =>
      fc
        .tuple(
          conditionOn(target, word, id),
          fc.constantFrom(...target.navigation.keys(), name),
          fc.constantFrom(...target.property.keys()),
        )
        .map(([where, inner, column]) => `$expand=${name}($filter=${where};$select=${column};$expand=${inner})`),
    );

/** FetchXML with what it documents, in places that may be wrong. */
function fetchXml(table: Table, column: Text, word: Text): Text {
  const operator = fc.constantFrom('eq', 'ne', 'like', 'in', 'null', 'last-x-days', 'under', 'eq-userid', 'between');
  const linked = fc.oneof(fc.constantFrom(...tables.map(({ logicalName }) => logicalName)), word);
  const aggregate = fc.constantFrom('', " aggregate='true'", " distinct='true'");
  return fc
    .tuple(aggregate, column, column, operator, word, linked)
    .map(([how, one, other, test, value, entity]) =>
      [
        `<fetch count='3'${how}><entity name='${table.logicalName}'><attribute name='${one}'/>`,
        `<filter type='or'><condition attribute='${other}' operator='${test}' value='${value}'/></filter>`,
        `<link-entity name='${entity}' from='${one}' to='${other}' link-type='outer' alias='l'/></entity></fetch>`,
      ].join(''),
    );
}

/** A text with a few mistakes: pieces cut, doubled, put in, or written another way. */
export function mutated(source: fc.Arbitrary<string>, words: readonly string[]): fc.Arbitrary<string> {
  const change = fc.record({
    kind: fc.constantFrom('cut', 'double', 'insert', 'replace', 'percent', 'case', 'repeat'),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    length: fc.nat(12),
    word: fc.constantFrom(...words),
  });
  return fc.tuple(source, fc.array(change, { minLength: 1, maxLength: 4 })).map(([text, changes]) =>
    changes.reduce((sofar, { kind, at, length, word }) => {
      const from = Math.floor(at * sofar.length);
      const [before, piece, after] = [
        sofar.slice(0, from),
        sofar.slice(from, from + length),
        sofar.slice(from + length),
      ];
      return `${before}${changed[kind](piece, word)}${after}`;
    }, text),
  );
}

const changed: Readonly<
  Record<
    'cut' | 'double' | 'insert' | 'replace' | 'percent' | 'case' | 'repeat',
    (piece: string, word: string) => string
  >
> = {
  cut: () => '',
  double: (piece) => piece + piece,
  insert: (piece, word) => word + piece,
  replace: (_piece, word) => word,
  percent: (piece) => [...Buffer.from(piece)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''),
  case: (piece) => (piece === piece.toUpperCase() ? piece.toLowerCase() : piece.toUpperCase()),
  repeat: (piece, word) => `${piece}${word}`.repeat(60),
};
