import { describe, expect, test } from 'vitest';
import { builtInModel } from '../../src/metadata/built-in.ts';
import { Differences, type Fidelity } from '../../src/odata/fidelity.ts';
import type { ParsedRequest } from '../../src/odata/parse-operation.ts';
import { RememberedParser } from '../../src/odata/remembered-parser.ts';

const model = builtInModel();
const requests = 'mshr_hcmrecruitingrequestentities';
const id = (last: number): string => `00000d6b-0000-0000-0${last}00-005001000000`;

interface Ask {
  readonly path?: string;
  readonly query?: string;
  readonly headers?: Record<string, string>;
  readonly method?: string;
  readonly apiRoot?: string;
}

import { someAsking } from './parse-request.ts';

const defaults = { method: 'GET', query: '$select=mshr_description', headers: {}, apiRoot: 'https://x/api/data/v9.2/' };

function ask(
  parser: RememberedParser,
  { path = `${requests}(${id(1)})`, ...more }: Ask,
  fidelity: Fidelity = 'extended',
) {
  const differences = new Differences(fidelity);
  const asking = someAsking();
  const parsed = parser.parse({ ...defaults, ...more, path, model, body: Buffer.alloc(0), differences, asking });
  return { parsed, differs: differences.header };
}

function queryOf({ operation }: ParsedRequest) {
  if (operation.kind !== 'retrieve' && operation.kind !== 'retrieveMultiple') throw new Error(operation.kind);
  return operation.query;
}

describe('a parser that remembers', () => {
  test('the same question about another row gives the same query with the other id, and the same differences', () => {
    const parser = new RememberedParser();
    const first = ask(parser, {});
    const second = ask(parser, { path: `${requests}(${id(2).toUpperCase()})` });
    expect(queryOf(second.parsed) === queryOf(first.parsed)).toBe(true);
    expect(second.parsed.operation.kind === 'retrieve' && second.parsed.operation.id).toBe(id(2));
    expect(second.differs).toBe(first.differs);
    expect(second.differs).toContain('virtual-etag');
  });

  test('a page is remembered too', () => {
    const parser = new RememberedParser();
    const first = ask(parser, { path: requests });
    expect(queryOf(ask(parser, { path: requests }).parsed) === queryOf(first.parsed)).toBe(true);
  });

  test.each<{ name: string; other: Ask }>([
    { name: 'query', other: { query: '$select=mshr_status' } },
    { name: 'set', other: { path: `mshr_hcmjobentities(${id(1)})` } },
    { name: 'page size', other: { headers: { prefer: 'odata.maxpagesize=7' } } },
    { name: 'metadata level', other: { headers: { accept: 'application/json;odata.metadata=full' } } },
    { name: 'address', other: { apiRoot: 'https://x/api/data/v9.1/' } },
    { name: 'precondition', other: { headers: { 'if-none-match': 'W/"1"' } } },
    { name: 'kind of path', other: { path: requests } },
  ])('another $name is another question', ({ other }) => {
    const parser = new RememberedParser();
    const first = ask(parser, {});
    // Found by its key, and then as the one that was asked last.
    for (let time = 0; time < 2; time++) expect(queryOf(ask(parser, {}).parsed)).toBe(queryOf(first.parsed));
    expect(queryOf(ask(parser, other).parsed)).not.toBe(queryOf(first.parsed));
    const fresh = ask(new RememberedParser(), other).parsed;
    expect(ask(parser, other).parsed.format).toEqual(fresh.format);
    expect(queryOf(ask(parser, other).parsed).limit).toBe(queryOf(fresh).limit);
  });

  test.each([
    { name: 'the time', query: "$filter=Microsoft.Dynamics.CRM.LastXDays(PropertyName='createdon',PropertyValue=1)" },
    { name: 'who asks', query: "$filter=Microsoft.Dynamics.CRM.EqualUserId(PropertyName='systemuserid')" },
  ])('what depends on $name is parsed anew: it is another query for the next one', ({ query }) => {
    const parser = new RememberedParser();
    const first = ask(parser, { path: 'systemusers', query });
    const second = ask(parser, { path: 'systemusers', query });
    expect(queryOf(second.parsed)).not.toBe(queryOf(first.parsed));
    const plain = { path: 'systemusers', query: '$filter=createdon gt 2024-01-01' };
    expect(queryOf(ask(parser, plain).parsed)).toBe(queryOf(ask(parser, plain).parsed));
  });

  test('a refusal is not remembered as anything else', () => {
    const parser = new RememberedParser();
    for (let time = 0; time < 2; time++) {
      expect(() => ask(parser, { query: '$select=nothing' })).toThrow("Could not find a property named 'nothing'");
      expect(() => ask(parser, { headers: { 'odata-maxversion': '3.0' } })).toThrow('OData-MaxVersion');
    }
  });

  test('a row id that is none is refused as before', () => {
    expect(() => ask(new RememberedParser(), { path: `${requests}(00000d6b-0000-0000-0000-00500100000g)` })).toThrow();
  });

  test('writes are parsed anew each time', () => {
    const parser = new RememberedParser();
    for (let time = 0; time < 3; time++) ask(parser, { query: '' });
    const first = ask(parser, { method: 'DELETE', query: '' });
    expect(first.parsed.operation.kind).toBe('delete');
    expect(ask(parser, { method: 'DELETE', query: '' }).parsed === first.parsed).toBe(false);
  });
});
