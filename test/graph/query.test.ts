import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { HttpResponse } from '../../src/kernel/http.ts';
import { jsonOf, publicUrl } from '../token/world.ts';
import { GraphWorld, refusedAs, valuesOf } from './graph-world.ts';

let graph: GraphWorld;
let alphaId: string;

/** Beside the four applications that every `GraphWorld` has: Administrator, Writer, Reader, Nobody. */
beforeAll(async () => {
  graph = await GraphWorld.make();
  const alpha = await graph.create('Alpha (ATS)', { tags: ['blue', 'Green'] });
  alphaId = String(alpha['id']);
  const identifierUris = [`api://${String(alpha['appId'])}`, 'https://api.fjordheim.example/ats'];
  await graph.ask('PATCH', `applications/${alphaId}`, { body: { identifierUris } });
  await graph.create("alpha d'Or", { signInAudience: 'AzureADMultipleOrgs' });
  await graph.create('Beta');
});

const eventual = { consistencylevel: 'eventual' };
const list = (query: string, headers = {}): Promise<HttpResponse> =>
  graph.ask('GET', `applications?${query}`, { headers });
const namesOf = (response: HttpResponse): unknown[] => valuesOf(response).map((each) => each['displayName']);

describe('$filter', () => {
  const cases: readonly { filter: string; names: readonly string[] }[] = [
    { filter: "displayName eq 'beta'", names: ['Beta'] },
    { filter: "displayName eq 'alpha d''Or'", names: ["alpha d'Or"] },
    { filter: "startswith(displayName,'ALPHA')", names: ['Alpha (ATS)', "alpha d'Or"] },
    { filter: "startsWith(displayName, 'alpha (')", names: ['Alpha (ATS)'] },
    { filter: "displayName in ('Beta', 'Writer', 'nobody at all')", names: ['Beta', 'Writer'] },
    { filter: "displayName eq 'Beta' or displayName eq 'Reader'", names: ['Beta', 'Reader'] },
    { filter: "startswith(displayName,'alpha') and signInAudience eq 'AzureADMyOrg'", names: ['Alpha (ATS)'] },
    { filter: "identifierUris/any(x:x eq 'https://api.fjordheim.example/ATS')", names: ['Alpha (ATS)'] },
    { filter: "identifierUris/any(uri:startswith(uri,'api://'))", names: ['Alpha (ATS)'] },
    { filter: "tags/any(t:t eq 'green')", names: ['Alpha (ATS)'] },
    { filter: "(displayName eq 'Beta')", names: ['Beta'] },
    { filter: 'uniqueName eq null and startswith(displayName,%27b%27)', names: ['Beta'] },
    { filter: "createdDateTime ge 2026-03-01T12:00:00Z and displayName eq 'Beta'", names: ['Beta'] },
    { filter: 'createdDateTime gt 2026-03-01T12:00:00Z', names: [] },
    { filter: "displayname eq 'beta'", names: ['Beta'] },
    { filter: "appId eq 'nobody'", names: [] },
  ];

  test.each(cases)('$filter', async ({ filter, names }) => {
    const response = await list(`$filter=${filter}`);
    expect(response.status).toBe(200);
    expect(namesOf(response).toSorted()).toEqual([...names].toSorted());
  });

  test('without the dollar sign filters all the same', async () => {
    expect(namesOf(await list("filter=displayName eq 'Beta'&top=5"))).toEqual(['Beta']);
  });

  test.each(["not startswith(displayName,'a')", "displayName ne 'Beta'"])(
    '%s is for advanced queries',
    async (filter) => {
      const unsupported = { status: 400, code: 'Request_UnsupportedQuery' };
      expect(refusedAs(await list(`$filter=${filter}`))).toEqual(unsupported);
      expect(refusedAs(await list(`$filter=${filter}&$count=true`))).toEqual(unsupported);
      expect(refusedAs(await list(`$filter=${filter}`, eventual))).toEqual(unsupported);
      const advanced = await list(`$filter=${filter}&$count=true`, eventual);
      expect(namesOf(advanced)).toContain('Writer');
      expect(namesOf(advanced)).not.toContain(filter.startsWith('not') ? 'Alpha (ATS)' : 'Beta');
    },
  );

  const unsupported = { status: 400, code: 'Request_UnsupportedQuery' };
  const badRequest = { status: 400, code: 'BadRequest' };
  const syntax = { status: 400, code: 'Request_BadRequest' };
  test.each([
    { filter: "contains(displayName,'a')", as: unsupported },
    { filter: "endswith(displayName,'a')", as: unsupported },
    { filter: "displayName gt 'a'", as: unsupported },
    { filter: 'keyCredentials eq null', as: unsupported },
    { filter: "identifierUris eq 'x'", as: unsupported },
    { filter: "identifierUris/all(x:x eq 'a')", as: unsupported },
    { filter: 'identifierUris/any()', as: unsupported },
    { filter: "identifierUris/any(x:y eq 'a')", as: unsupported },
    { filter: 'identifierUris/$count eq 0', as: unsupported },
    { filter: "web/redirectUris eq 'a'", as: unsupported },
    { filter: "'a' eq displayName", as: unsupported },
    { filter: 'displayName eq signInAudience', as: unsupported },
    { filter: 'true', as: unsupported },
    { filter: 'displayName', as: unsupported },
    { filter: "displayName eq tolower('A')", as: unsupported },
    { filter: "colour eq 'red'", as: badRequest },
    { filter: "__proto__ eq 'a'", as: badRequest },
    { filter: "toString eq 'a'", as: badRequest },
    { filter: 'displayName eq 1', as: badRequest },
    { filter: 'appId eq 00000003-0000-0000-c000-000000000000', as: badRequest },
    { filter: "createdDateTime ge 'yesterday'", as: badRequest },
    { filter: Array.from({ length: 16 }, (_, at) => `appId eq '${at}'`).join(' or '), as: unsupported },
    { filter: `appId in (${Array.from({ length: 16 }, (_, at) => `'${at}'`).join()})`, as: unsupported },
    { filter: Array.from({ length: 101 }, (_, at) => `appId eq '${at}'`).join(' and '), as: unsupported },
    { filter: "displayName eq 'x", as: syntax },
    { filter: "displayName eq 'x' or", as: syntax },
    { filter: '', as: syntax },
    { filter: '('.repeat(200), as: syntax },
  ])('$filter is refused', async ({ filter, as }) => {
    expect(refusedAs(await list(`$filter=${encodeURIComponent(filter)}`))).toEqual(as);
  });

  test('any text is answered or refused, never a fault', async () => {
    const word = fc.constantFrom(
      ...[
        'displayName',
        'eq',
        'and',
        'not',
        '(',
        ')',
        "'a'",
        'startswith',
        ',',
        'any',
        '/',
        'x',
        ':',
        'null',
        '1',
        'in',
      ],
    );
    const texts = fc.oneof(
      fc.string(),
      fc.array(word, { maxLength: 12 }).map((words) => words.join(' ')),
    );
    await fc.assert(
      fc.asyncProperty(texts, async (filter) => {
        const { status } = await list(`$filter=${encodeURIComponent(filter)}`);
        expect([200, 400, 501]).toContain(status);
      }),
      { numRuns: 200 },
    );
  });
});

describe('$orderby', () => {
  const inOrder = ['Administrator', 'Alpha (ATS)', "alpha d'Or", 'Beta', 'Nobody', 'Reader', 'Writer'];
  test.each([
    { order: 'displayName', names: inOrder },
    { order: 'displayName asc', names: inOrder },
    { order: 'displayName desc', names: inOrder.toReversed() },
  ])('$order, page by page', async ({ order, names }) => {
    const found: unknown[] = [];
    let path: string | undefined = `applications?$orderby=${order}&$count=true&$top=2`;
    while (path !== undefined) {
      const response: HttpResponse = await graph.ask('GET', path, { headers: eventual });
      found.push(...namesOf(response));
      const next = jsonOf(response)['@odata.nextLink'] as string | undefined;
      path = next?.slice(`${publicUrl}/v1.0/`.length);
    }
    expect(found).toEqual(names);
  });

  test.each([
    { query: '$orderby=displayName', headers: {} },
    { query: '$orderby=displayName&$count=true', headers: {} },
    { query: "$orderby=displayName&$filter=startswith(displayName,'a')", headers: eventual },
    { query: '$orderby=signInAudience&$count=true', headers: eventual },
    { query: '$orderby=displayName,appId&$count=true', headers: eventual },
    { query: '$orderby=tolower(displayName)&$count=true', headers: eventual },
  ])('$query is refused as Microsoft Graph does', async ({ query, headers }) => {
    const response = await list(query, headers);
    expect(refusedAs(response)).toEqual({ status: 400, code: 'Request_UnsupportedQuery' });
    expect(response.body.toString()).toContain('Sorting not supported for current query.');
  });
});

describe('$count', () => {
  test('is shown on the first page of an advanced query, and otherwise left out', async () => {
    const first = jsonOf(await list('$count=true&$top=3', eventual));
    expect(first['@odata.count']).toBe(7);
    const next = String(first['@odata.nextLink']).slice(`${publicUrl}/v1.0/`.length);
    expect(jsonOf(await graph.ask('GET', next, { headers: eventual }))).not.toHaveProperty('@odata.count');
    expect(jsonOf(await list('$count=true'))).not.toHaveProperty('@odata.count');
    expect(jsonOf(await list('', eventual))).not.toHaveProperty('@odata.count');
  });

  test('as a path needs the header, and heeds the filter', async () => {
    expect(refusedAs(await graph.ask('GET', 'applications/$count'))).toEqual({
      status: 400,
      code: 'Request_BadRequest',
    });
    const filter = "$filter=startswith(displayName,'alpha')";
    const counted = await graph.ask('GET', `applications/$count?${filter}`, { headers: eventual });
    expect([counted.status, counted.headers['Content-Type'], counted.body]).toEqual([200, 'text/plain', '2']);
    expect((await graph.ask('GET', 'servicePrincipals/$count', { headers: eventual })).body).toBe('8');
  });
});

describe('$select and $expand', () => {
  test('show what they name, whatever its case', async () => {
    const query = '$select=DisplayName,id&$filter=displayName eq %27Beta%27';
    const { value, ...rest } = jsonOf(await list(query));
    expect(rest).toEqual({ '@odata.context': `${publicUrl}/v1.0/$metadata#applications(displayName,id)` });
    expect(value).toEqual([{ displayName: 'Beta', id: expect.any(String) }]);
    expect(Object.keys(await graph.get(`applications/${alphaId}?$select=*`))).toContain('signInAudience');
  });

  test.each([
    { query: '$select=colour', status: 400 },
    { query: '$select=web/redirectUris', status: 400 },
    { query: '$select=', status: 400 },
    { query: '$select=__proto__', status: 400 },
    { query: '$select=id,,appId', status: 400 },
    { query: '$expand=owners', status: 501 },
    { query: '$expand=federatedIdentityCredentials($top=1)', status: 501 },
    { query: '$expand=__proto__', status: 501 },
    { query: '$search="displayName:a"', status: 501 },
    { query: '$skip=1', status: 501 },
    { query: '$colour=red', status: 400 },
    { query: '$count=yes', status: 400 },
    { query: '$top=1&top=2', status: 400 },
    { query: '$expand=federatedIdentityCredentials&$count=true', status: 400, headers: eventual },
    { query: `$skiptoken=${Buffer.from('[1,2]').toString('base64url')}`, status: 400 },
    { query: `$skiptoken=${Buffer.from('["a","b","c"]').toString('base64url')}`, status: 400 },
  ])('$query answers $status', async ({ query, status, headers }) => {
    expect((await list(query, headers ?? {})).status).toBe(status);
  });

  test('an option that means nothing is ignored, also one that looks like a word of JavaScript', async () => {
    expect((await list('colour=red&__proto__=x')).status).toBe(200);
  });

  test.each(['$top=1', "$filter=appId eq 'a'", '$orderby=displayName', '$count=true', '$skiptoken=x'])(
    '%s is refused on a single object',
    async (query) => {
      expect((await graph.ask('GET', `applications/${alphaId}?${query}`)).status).toBe(400);
    },
  );
});

test('a link to the next page of another tenant shows the own one only', async () => {
  const mine = jsonOf(await list('$top=1'));
  const next = String(mine['@odata.nextLink']).slice(`${publicUrl}/v1.0/`.length);
  expect(valuesOf(await graph.ask('GET', next, { token: graph.tokens.elsewhere }))).toEqual([]);
});
