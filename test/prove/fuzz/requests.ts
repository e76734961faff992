import fc from 'fast-check';
import { type Item, type Part, writeBatch } from '../../support/batch.ts';
import { type FuzzCaller, type FuzzRow, type Organisation, reachedTables } from './organisation.ts';
import { dictionary, idOf, mutated, urlsOf } from './urls.ts';

/** One request as it is sent. */
export interface FuzzRequest {
  readonly caller: FuzzCaller;
  readonly method: string;
  /** Behind `/api/data/v9.2/`. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Random requests about an organisation: whole ones, ones with mistakes, and noise. */
export function fuzzRequests({ rows }: Pick<Organisation, 'rows'>): fc.Arbitrary<FuzzRequest> {
  const words = [...dictionary, ...rows.map(({ id }) => id)];
  const url = urlsOf(words, rows);
  const body = bodiesOf(words);
  const reading = fc.record({ caller: readers, method: fc.constant('GET'), url, headers, body: fc.constant('') });
  const writing = writings(rows, body);
  const any = fc.record({ caller: callers, method: methods, url, headers, body });
  const batch = fc
    .record({
      caller: callers,
      parts: fc.array(partsOf(reading, writing), { minLength: 1, maxLength: 5 }),
      text: batchTexts(words),
    })
    .map(({ caller, parts, text }) => ({ caller, method: 'POST', url: '$batch', ...text(parts) }));
  return fc.oneof(
    { weight: 5, arbitrary: reading },
    { weight: 3, arbitrary: writing },
    { weight: 2, arbitrary: any },
    { weight: 2, arbitrary: batch },
  );
}

const callers = fc.oneof(
  { weight: 8, arbitrary: fc.constant<FuzzCaller>('restricted') },
  { weight: 1, arbitrary: fc.constantFrom<FuzzCaller>('unlinked', 'roleless', 'stranger') },
);
/** The administrator only reads: it could take away what the others are tried against. */
const readers = fc.oneof({ weight: 4, arbitrary: callers }, { weight: 1, arbitrary: fc.constant<FuzzCaller>('admin') });

const methods = fc.constantFrom('GET', 'POST', 'PATCH', 'PUT', 'DELETE', 'HEAD', 'OPTIONS', 'MERGE');

/** Creates, updates and deletions that fit their table, but for their bodies. */
function writings(rows: readonly FuzzRow[], body: fc.Arbitrary<string>): fc.Arbitrary<FuzzRequest> {
  const set = fc.constantFrom(...reachedTables.map((name) => `${name.slice(0, -1)}ies`));
  const target = fc.oneof(
    set.map((url) => ({ method: 'POST', url })),
    set.chain((name) =>
      fc
        .tuple(idOf(name, rows), fc.constantFrom('PATCH', 'PATCH', 'DELETE'))
        .map(([key, method]) => ({ method, url: `${name}(${key})` })),
    ),
    fc
      .tuple(set, fc.constantFrom('CreateMultiple', 'UpdateMultiple', 'UpsertMultiple'))
      .map(([name, action]) => ({ method: 'POST', url: `${name}/Microsoft.Dynamics.CRM.${action}` })),
  );
  const loose = fc.record({ caller: callers, target, headers, body });
  return fc
    .oneof({ weight: 2, arbitrary: loose }, { weight: 1, arbitrary: candidateWritings(rows) })
    .map(({ target: { method, url }, ...rest }) => ({ ...rest, method, url }));
}

/** Candidates, which the second gate lets an integration write, with what a candidate may have. */
function candidateWritings(rows: readonly FuzzRow[]) {
  const set = 'mshr_hcmcandidatetohireentities';
  const text = fc.oneof(fc.constantFrom(...dictionary), fc.string({ unit: 'binary', maxLength: 30 }));
  const more = fc.dictionary(fc.constantFrom('mshr_comments', 'mshr_lastname', 'mshr_middlename'), text);
  const target = fc.oneof(
    fc.constant({
      method: 'POST',
      url: set,
      least: { mshr_dataareaid: 'usmf', mshr_firstname: 'Eva', mshr_lastname: 'Ås' },
    }),
    idOf(set, rows).map((id) => ({ method: 'PATCH', url: `${set}(${id})`, least: {} })),
  );
  return fc.record({ caller: callers, target, headers, more }).map(({ more: columns, ...rest }) => ({
    ...rest,
    body: JSON.stringify({ ...rest.target.least, ...columns }),
  }));
}

const headerValues: Readonly<Record<string, readonly string[]>> = {
  prefer: [
    'odata.include-annotations="*"',
    'return=representation',
    'odata.maxpagesize=1',
    'odata.maxpagesize=0',
    'return=representation,odata.include-annotations="-*,*"',
    'odata.track-changes',
    'odata.continue-on-error',
    '"',
  ],
  accept: ['application/json;odata.metadata=full', 'application/json;odata.metadata=none', 'text/plain', '*/*', ';'],
  'content-type': ['application/json', 'application/json;IEEE754Compatible=true', 'text/plain', 'multipart/mixed', ''],
  'if-match': ['*', 'W/"1"', 'W/"x"', '"', 'W/"1",W/"2"'],
  'if-none-match': ['*', 'W/"1"', 'null'],
  'odata-version': ['4.0', '4.01', '3.0', 'x'],
  'odata-maxversion': ['4.0', '3.0'],
  consistency: ['Strong'],
  mscrmcallerid: ['00000000-0000-0000-0000-000000000000', ''],
  'mscrm.suppressduplicatedetection': ['false'],
};

const json = { 'content-type': 'application/json' };
const headers: fc.Arbitrary<Readonly<Record<string, string>>> = fc.oneof(
  { weight: 2, arbitrary: fc.constant(json) },
  { weight: 1, arbitrary: oddHeaders() },
);

function oddHeaders(): fc.Arbitrary<Readonly<Record<string, string>>> {
  return fc
    .array(
      fc.constantFrom(...Object.keys(headerValues)).chain((name) => {
        const known = fc.constantFrom(...(headerValues[name] ?? ['']));
        const value = fc.oneof(
          { weight: 4, arbitrary: known },
          { weight: 1, arbitrary: mutated(known, ['"', ';', '=', ',', '*', 'W/']) },
        );
        return value.map((text) => [name, text] as const);
      }),
      { maxLength: 3 },
    )
    .map((entries) => ({ ...json, ...Object.fromEntries(entries) }));
}

const columns = [
  ...['mshr_description', 'mshr_recruitingrequestid', 'mshr_status', 'mshr_dataareaid', 'mshr_lastname', 'mshr_jobid'],
  ...['mshr_firstname', 'mshr_estimatedstartdate', 'mshr_skillid', 'mshr_comments', 'mshr_partynumber'],
];

/** Bodies that fit a table more or less, and JSON with mistakes. */
function bodiesOf(words: readonly string[]): fc.Arbitrary<string> {
  const word = fc.constantFrom(...words);
  const value = fc.oneof(
    { weight: 4, arbitrary: fc.oneof(word, fc.constantFrom('usmf', 'no01', 'Leder', 'Kari', '2027-01-01T00:00:00Z')) },
    { weight: 2, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
  );
  const name = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...columns) },
    { weight: 1, arbitrary: word },
    { weight: 1, arbitrary: word.map((each) => `${each}@odata.bind`) },
  );
  const row = fc.array(fc.tuple(name, value), { maxLength: 6 }).map((entries) => Object.fromEntries(entries));
  const whole = fc
    .oneof(
      row.map((more) => ({ mshr_dataareaid: 'usmf', mshr_firstname: 'Eva', mshr_lastname: 'Dahl', ...more })),
      row.map((more) => ({ mshr_dataareaid: 'usmf', mshr_jobid: 'Leder', mshr_description: 'x', ...more })),
      fc.array(row, { maxLength: 3 }).map((rows) => ({ Targets: rows })),
      fc.tuple(word, row).map(([nested, more]) => ({ [nested]: [more], ...more })),
      word.map((id) => ({ '@odata.id': id })),
    )
    .map((body) => JSON.stringify(body));
  return fc.oneof(
    { weight: 2, arbitrary: fc.constant('') },
    { weight: 4, arbitrary: whole },
    {
      weight: 2,
      arbitrary: mutated(whole, [...words.slice(0, 60), '{', '}', '[', ']', ',', ':', '"', '\\u0000', '1e999']),
    },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
    { weight: 1, arbitrary: fc.nat(200).map((depth) => `${'{"a":['.repeat(depth)}1${']}'.repeat(depth)}`) },
  );
}

/** Requests of a batch, alone and in change sets, written as the format asks. */
function partsOf(reading: fc.Arbitrary<FuzzRequest>, writing: fc.Arbitrary<FuzzRequest>): fc.Arbitrary<Item> {
  const toPart = ({ method, url, headers: { 'content-type': _, ...own }, body }: FuzzRequest): Part => ({
    ...{ method, url: asciiOnly(url), headers: own },
    ...(body === '' || method === 'GET' || method === 'DELETE' ? {} : { body }),
  });
  const id = fc.option(fc.nat(20), { freq: 2 });
  const withId = (part: fc.Arbitrary<FuzzRequest>): fc.Arbitrary<Part> =>
    fc
      .tuple(part, id)
      .map(([request, number]) => ({ ...toPart(request), ...(number === null ? {} : { id: `${number}` }) }));
  return fc.oneof(
    { weight: 3, arbitrary: withId(fc.oneof(reading, writing)) },
    { weight: 1, arbitrary: fc.array(withId(writing), { minLength: 1, maxLength: 3 }) },
  );
}

/** A request line has no blanks in its URL, and each character is a byte. */
const asciiOnly = (url: string): string =>
  [...Buffer.from(url)]
    .map((byte) => (byte > 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `%${byte.toString(16).padStart(2, '0')}`))
    .join('');

/** How the parts become a batch: multipart or JSON, whole or with mistakes. */
function batchTexts(
  words: readonly string[],
): fc.Arbitrary<(parts: readonly Item[]) => Pick<FuzzRequest, 'headers' | 'body'>> {
  const noise = ['--batch_1', '--', '\r\n', '\n', 'Content-ID: 1', 'HTTP/1.1', ':', ...words.slice(0, 20)];
  const change = mutated(fc.constant('\u0001'), noise);
  return fc
    .tuple(
      fc.constantFrom('multipart', 'json'),
      fc.oneof({ weight: 2, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: change }),
      fc.double({ min: 0, max: 1, noNaN: true }),
    )
    .map(([format, inserted, at]) => (parts) => {
      const text = format === 'multipart' ? writeBatch(parts) : jsonBatch(parts);
      const from = Math.floor(at * text.length);
      const body = inserted === null ? text : `${text.slice(0, from)}${inserted}${text.slice(from + 3)}`;
      const type = format === 'multipart' ? 'multipart/mixed; boundary=batch_1' : 'application/json';
      return { headers: { 'content-type': type }, body };
    });
}

function jsonBatch(items: readonly Item[]): string {
  const requests = items.flatMap((item, at) => {
    const isSet = Array.isArray(item);
    const parts: readonly Part[] = isSet ? item : [item as Part];
    return parts.map(({ id, method, url, headers: own, body }, place) => ({
      ...{ id: id ?? `${at}.${place}`, method, url, headers: own },
      ...(body === undefined ? {} : { body: parsed(String(body)) }),
      ...(isSet ? { atomicityGroup: `g${at}` } : {}),
    }));
  });
  return JSON.stringify({ requests });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
