import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Differences } from '../../src/odata/fidelity.ts';
import { shapeOfQuery } from '../../src/odata/filter-shape.ts';
import { type ParsedRequest, parseOperation } from '../../src/odata/parse-operation.ts';
import { RememberedParser } from '../../src/odata/remembered-parser.ts';
import { apiRoot, candidates, model, otherId, requests, rowId, someAsking } from './parse-request.ts';

const inputOf = (path: string, query: string) => ({
  ...{ model, method: 'GET', path, query, headers: {}, apiRoot, body: Buffer.alloc(0), asking: someAsking() },
  differences: new Differences('extended'),
});

interface Outcome {
  readonly parsed?: ParsedRequest;
  readonly refused?: unknown;
  readonly differs: string | undefined;
}

function outcomeOf(parse: (input: ReturnType<typeof inputOf>) => ParsedRequest, path: string, query: string): Outcome {
  const input = inputOf(path, query);
  try {
    return { parsed: parse(input), differs: input.differences.header };
  } catch (refused) {
    return { refused, differs: undefined };
  }
}

const pageOf = ({ parsed }: Outcome) => {
  if (parsed?.operation.kind !== 'retrieveMultiple') throw new Error('no page');
  return parsed.operation.query;
};

/** Asks a parser that remembers and one that does not; their answers must be the same, refusals with their places. */
function both(parser: RememberedParser, path: string, query: string): Outcome {
  const remembered = outcomeOf((input) => parser.parse(input), path, query);
  expect(remembered, query).toEqual(outcomeOf(parseOperation, path, query));
  return remembered;
}

/** Was the second made of the first? What is parsed anew has columns of its own. */
function isShared(filter: string, other: string, path = candidates): boolean {
  const parser = new RememberedParser();
  const first = both(parser, path, `$select=mshr_gender&$filter=${filter}`);
  const second = both(parser, path, `$select=mshr_gender&$filter=${other}`);
  return pageOf(first).columns === pageOf(second).columns;
}

describe('queries of the same shape', () => {
  test.each([
    ["mshr_lastname eq 'a'", "mshr_lastname eq 'O''Brien %26 co'"],
    ['mshr_applicantintegrationresult gt 1', 'mshr_applicantintegrationresult gt -2'],
    ['mshr_birthdate ge 2024-01-01', 'mshr_birthdate ge 2024-02-29'],
    ['mshr_birthdate ge 2024-01-01T00:00:00Z', 'mshr_birthdate ge 2024-02-29T10:00:00%2B01:00'],
    [`_mshr_fk_person_id_value eq ${rowId}`, `_mshr_fk_person_id_value eq ${otherId.toUpperCase()}`],
    ["not ('a' lt mshr_lastname or mshr_firstname ne 'b')", "not ('' lt mshr_lastname or mshr_firstname ne 'a')"],
    [
      "mshr_FK_Person_id/mshr_name ne 'a' and mshr_gender ne null",
      "mshr_FK_Person_id/mshr_name ne 'b' and mshr_gender ne null",
    ],
    ["mshr_lastname eq 'a' and mshr_firstname eq 'a'", "mshr_lastname eq 'b' and mshr_firstname eq 'c'"],
  ])('%s is bound once, for %s too', (filter, other) => {
    expect(isShared(filter, other)).toBe(true);
  });

  test.each([
    ['another operator', "mshr_lastname eq 'a'", "mshr_lastname ne 'a'"],
    ['another column', "mshr_lastname eq 'a'", "mshr_firstname eq 'a'"],
    ['null', "mshr_lastname eq 'a'", 'mshr_lastname eq null'],
    ['a text that looks like null', 'mshr_lastname eq null', "mshr_lastname eq 'null'"],
    ['a text for a GUID', `_mshr_fk_person_id_value eq ${rowId}`, `_mshr_fk_person_id_value eq '${rowId}'`],
    ['a date for a time', 'mshr_birthdate ge 2024-01-01', 'mshr_birthdate ge 2024-01-01T00:00:00Z'],
    ['an empty date', 'mshr_availabilitydate ge 2024-01-01', 'mshr_availabilitydate ge 1900-01-01'],
    ['no date at first', 'mshr_availabilitydate eq 1900-01-01', 'mshr_availabilitydate eq 2024-01-01'],
    [
      'other parentheses',
      "mshr_lastname eq 'a' or mshr_firstname eq 'a' and mshr_firstname eq 'a'",
      "(mshr_lastname eq 'a' or mshr_firstname eq 'a') and mshr_firstname eq 'a'",
    ],
    ['a call', "contains(mshr_lastname,'a')", "contains(mshr_lastname,'b')"],
    ['a list', 'mshr_applicantintegrationresult in (1,2)', 'mshr_applicantintegrationresult in (1,3)'],
    ['$top', "mshr_lastname eq 'a'&$top=1", "mshr_lastname eq 'b'&$top=2"],
    ['$orderby', "mshr_lastname eq 'a'&$orderby=mshr_gender", "mshr_lastname eq 'b'&$orderby=mshr_lastname"],
    ['an alias', 'mshr_lastname eq @a&@a=%27a%27', 'mshr_lastname eq @a&@a=%27b%27'],
  ])('%s makes another one', (_, filter, other) => {
    expect(isShared(filter, other)).toBe(false);
    expect(isShared(other, filter)).toBe(false);
  });

  test('a literal that is refused is refused with its place, after others that were not', () => {
    const parser = new RememberedParser();
    for (const literal of ['1', '99999999999', '1.5', "'a'", '2', '1e400']) {
      both(parser, candidates, `$filter=mshr_applicantintegrationresult%20eq%20${literal}`);
    }
    for (const literal of ['2024-01-01', '2024-02-30', '0000-00-00', '2024-12-31']) {
      both(parser, candidates, `$filter=mshr_birthdate%20eq%20${literal}`);
    }
  });

  test('nothing that a client can write is taken for a place of a literal', () => {
    const place = shapeOfQuery("$filter=a eq 'x'")?.shape ?? '';
    expect(place).toContain('\0string\0');
    for (const written of ['a eq %00string%00', "a eq '%00string%00'", "a%0Aeq 'x'", 'a eq x']) {
      expect(shapeOfQuery(`$filter=${written}`)?.shape).not.toBe(place);
    }
    expect(shapeOfQuery("$filter=a eq 'x'&$filter")?.shape).not.toBe(shapeOfQuery("$filter&$filter=a eq 'x'")?.shape);
  });
});

const text = fc.constantFrom("'a'", "''", "'null'", "'O''Brien'", "') or (a eq '", "'1'", `'${rowId}'`);
const whole = fc.constantFrom('1', '-2', '0', '99999999999', '1.0', '1.5');
const moment = fc.constantFrom('2024-01-01', '1900-01-01', '2024-02-29T10:00:00Z', '2024-02-30');
const id = fc.constantFrom(rowId, otherId, `'${otherId}'`);
const absent = fc.constantFrom('null', 'true', "'x'", '1');

const comparison = fc
  .tuple(
    fc.constantFrom<[string, fc.Arbitrary<string>]>(
      ['mshr_description', text],
      ['mshr_recruitingrequestid', text],
      ['mshr_status', whole],
      ['mshr_estimatedstartdate', moment],
      ['mshr_compensationlowthreshold', whole],
      ['mshr_hcmrecruitingrequestentityid', id],
    ),
    fc.constantFrom('eq', 'ne', 'gt', 'le'),
    fc.nat(9),
    fc.boolean(),
  )
  .chain(([[column, literals], op, chance, flipped]) =>
    (chance === 0 ? absent : literals).map((literal) =>
      flipped ? `${literal} ${op} ${column}` : `${column} ${op} ${literal}`,
    ),
  );

const { filter } = fc.letrec<{ filter: string }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    comparison,
    fc
      .tuple(tie('filter'), fc.constantFrom('and', 'or'), tie('filter'))
      .map(([left, op, right]) => `(${left}) ${op} ${right}`),
    tie('filter').map((inner) => `not (${inner})`),
  ),
}));

test('whatever was asked before, a filter is what it is by itself', () => {
  const parser = new RememberedParser();
  const asked = new Map<string, string>();
  let taken = 0;
  const check = (written: string): void => {
    const query = `$filter=${encodeURIComponent(written)}`;
    const outcome = both(parser, requests, query);
    const shape = shapeOfQuery(query)?.shape;
    if (outcome.parsed === undefined || shape === undefined) return;
    if (asked.has(shape) && asked.get(shape) !== query) taken += 1;
    asked.set(shape, query);
  };
  fc.assert(fc.property(filter, check), { seed: 4, numRuns: 3000 });
  expect(taken).toBeGreaterThan(200);
});
