import { describe, expect, test } from 'vitest';
import { formatEtag, parseEtag } from '../../src/odata/etag.ts';
import { parseAccept } from '../../src/odata/headers.ts';
import { parsePreferences } from '../../src/odata/preferences.ts';
import { candidates, parse, refusalOf, requests, rowId } from './parse-request.ts';

const formatted = 'OData.Community.Display.V1.FormattedValue';
const lookupName = 'Microsoft.Dynamics.CRM.lookuplogicalname';

describe('Prefer', () => {
  test.each([
    { prefer: undefined, expected: { return: undefined, maxPageSize: undefined, applied: [] } },
    { prefer: '', expected: { applied: [] } },
    { prefer: 'return=representation', expected: { return: 'representation', applied: ['return=representation'] } },
    { prefer: 'RETURN = "Representation"', expected: { return: 'representation' } },
    { prefer: 'return=minimal', expected: { return: 'minimal' } },
    { prefer: 'return=everything', expected: { return: undefined, applied: [] } },
    { prefer: 'return=minimal, return=representation', expected: { return: 'minimal' } },
    { prefer: 'odata.maxpagesize=5', expected: { maxPageSize: 5, applied: ['odata.maxpagesize=5'] } },
    { prefer: 'odata.maxpagesize="5"', expected: { maxPageSize: 5 } },
    { prefer: 'odata.maxpagesize=5001', expected: { maxPageSize: 5000, applied: ['odata.maxpagesize=5000'] } },
    { prefer: 'odata.maxpagesize=0', expected: { maxPageSize: undefined } },
    { prefer: 'odata.maxpagesize=-1', expected: { maxPageSize: undefined } },
    { prefer: 'odata.maxpagesize=x', expected: { maxPageSize: undefined } },
    { prefer: 'odata.track-changes', expected: { trackChanges: true } },
    { prefer: 'respond-async, odata.continue-on-error', expected: { continueOnError: true, applied: [] } },
    {
      prefer: 'return=representation;x=1, odata.maxpagesize=7',
      expected: { return: 'representation', maxPageSize: 7 },
    },
    {
      prefer: 'odata.include-annotations="*",odata.maxpagesize=5',
      expected: {
        maxPageSize: 5,
        asksAnnotations: true,
        applied: ['odata.maxpagesize=5', 'odata.include-annotations="*"'],
      },
    },
    { prefer: 'odata.include-annotations=*,odata.maxpagesize=5', expected: { maxPageSize: 5, asksAnnotations: true } },
    { prefer: 'odata.include-annotations="a\u0001b"', expected: { asksAnnotations: true, applied: [] } },
    { prefer: ',,;;="",=', expected: { applied: [] } },
    { prefer: 'return="representation', expected: { return: undefined } },
  ])('$prefer', ({ prefer, expected }) => {
    expect(parsePreferences({ prefer })).toMatchObject(expected);
  });

  test.each([
    { list: '"*"', formatted: true, lookup: true },
    { list: '*', formatted: true, lookup: true },
    { list: `"${formatted}"`, formatted: true, lookup: false },
    { list: formatted, formatted: true, lookup: false },
    { list: '"OData.Community.*"', formatted: true, lookup: false },
    { list: '"*,-Microsoft.Dynamics.CRM.*"', formatted: true, lookup: false },
    { list: `"-Microsoft.Dynamics.CRM.*,${lookupName}"`, formatted: false, lookup: true },
    { list: '"-*"', formatted: false, lookup: false },
    { list: `"${formatted},-${formatted}"`, formatted: false, lookup: false },
    { list: '"odata.community.*"', formatted: false, lookup: false },
    { list: '" OData.Community.Display.V1.FormattedValue , Microsoft.Dynamics.CRM.* "', formatted: true, lookup: true },
    { list: '""', formatted: false, lookup: false },
    { list: '"-"', formatted: false, lookup: false },
  ])('annotations $list', ({ list, ...expected }) => {
    const { wantsAnnotation } = parsePreferences({ prefer: `odata.include-annotations=${list}` });
    expect({ formatted: wantsAnnotation(formatted), lookup: wantsAnnotation(lookupName) }).toEqual(expected);
  });

  test('takes linear time', () => {
    const started = performance.now();
    for (const prefer of [
      `a${' '.repeat(300_000)}b`,
      'a="b,'.repeat(60_000),
      ','.repeat(300_000),
      `a="${'\\"'.repeat(150_000)}`,
    ]) {
      parsePreferences({ prefer });
    }
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});

describe('ETags', () => {
  test.each([
    { text: 'W/"12345"', version: 12345n },
    { text: '"12345"', version: 12345n },
    { text: ' W/"0" ', version: 0n },
    { text: 'W/12345', version: undefined },
    { text: 'w/"1"', version: undefined },
    { text: 'W/"x"', version: undefined },
    { text: 'W/"-1"', version: undefined },
    { text: `W/"${'9'.repeat(20)}"`, version: undefined },
    { text: '', version: undefined },
  ])('$text', ({ text, version }) => {
    expect(parseEtag(text)).toBe(version);
  });

  test('printed and parsed again', () =>
    expect(parseEtag(formatEtag(9_223_372_036_854_775_807n))).toBe(9_223_372_036_854_775_807n));
});

describe('preconditions', () => {
  const patch = `PATCH systemusers(${rowId})`;
  test.each([
    { headers: { 'if-match': 'W/"1", "2",W/"3"' }, versions: [1n, 2n, 3n] },
    { headers: { 'if-match': ' * ' }, versions: '*' },
    { headers: { 'if-none-match': 'W/"1"', 'if-match': 'null' }, versions: [1n] },
  ])('$headers', ({ headers, versions }) => {
    expect(parse(patch, { headers, body: {} }).operation).toMatchObject({ precondition: { versions } });
  });

  test.each([
    {
      headers: { 'if-match': 'x' },
      refusal: '400 0x80060888 the header If-Match must be *, or a list of ETags such as W/"12345"',
    },
    { headers: { 'if-match': '' }, refusal: 'the header If-Match must be' },
    { headers: { 'if-match': '*, W/"1"' }, refusal: 'the header If-Match must be' },
    { headers: { 'if-none-match': 'W/"1",' }, refusal: 'the header If-None-Match must be' },
    {
      headers: { 'if-match': '*', 'if-none-match': '*' },
      refusal: '400 0x80060888 If-Match and If-None-Match cannot be combined',
    },
  ])('$headers is refused', ({ headers, refusal }) => {
    expect(refusalOf(patch, { headers, body: {} })).toContain(refusal);
    expect(refusalOf(`DELETE systemusers(${rowId})`, { headers })).toContain(refusal);
  });

  test('versions of rows of virtual tables are more than the real product gives', () => {
    const call = `DELETE ${candidates}(${rowId})`;
    const headers = { 'if-match': 'W/"1"' };
    expect(parse(call, { headers }).differs).toBe('virtual-precondition');
    expect(refusalOf(call, { headers, fidelity: 'strict' })).toContain(
      "400 0x8006088d Optimistic concurrency isn't enabled",
    );
    expect(refusalOf(call, { headers: { 'if-match': '*' }, fidelity: 'strict' })).toBe('accepted: delete');
  });
});

describe('protocol versions', () => {
  test.each([
    { value: '4.0', accepted: true },
    { value: '4.01', accepted: true },
    { value: '4', accepted: true },
    { value: '3.0', accepted: false },
    { value: 'x', accepted: false },
    { value: '', accepted: false },
  ])('OData-MaxVersion and OData-Version $value: accepted $accepted', ({ value, accepted }) => {
    for (const header of ['odata-version', 'odata-maxversion']) {
      const answer = refusalOf(`GET ${requests}`, { headers: { [header]: value } });
      expect(answer).toMatch(accepted ? /^accepted/ : /^400 0x80060888 the header OData-(Max)?Version must be 4\.0/);
    }
  });
});

describe('Accept', () => {
  test.each([
    { accept: undefined, metadata: 'minimal', numbersAsText: false },
    { accept: 'text/html,*/*', metadata: 'minimal', numbersAsText: false },
    { accept: 'application/json;odata.metadata=full', metadata: 'full', numbersAsText: false },
    { accept: 'application/json; OData.Metadata=none; IEEE754Compatible=true', metadata: 'none', numbersAsText: true },
    { accept: 'application/json;odata.metadata=fuller', metadata: 'minimal', numbersAsText: false },
  ])('$accept', ({ accept, ...expected }) => {
    expect(parseAccept({ accept })).toEqual(expected);
  });
});
