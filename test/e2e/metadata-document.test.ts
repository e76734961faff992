import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { account } from '../definitions/change/apply.ts';
import { anyEngine } from '../support/database.ts';
import { query } from '../support/odata.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

type Members = Readonly<Record<string, unknown>>;

const capability = (set: Members, term: string) => set[`@Org.OData.Capabilities.V1.${term}`] as Members;

/** `$metadata` over HTTPS. It does not depend on the database. */
describe('$metadata', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer(anyEngine);
  });
  afterAll(() => server.close());

  const get = (options = '', headers: Readonly<Record<string, string>> = {}) =>
    server.api(`$metadata${options}`, { headers });

  test.each([
    ['', {}, 'application/xml'],
    ['', { accept: '*/*' }, 'application/xml'],
    ['', { accept: 'application/xml' }, 'application/xml'],
    ['', { accept: 'application/json, text/plain, */*' }, 'application/xml'],
    ['', { accept: 'application/json;q=0.5, application/xml;q=0.9' }, 'application/xml'],
    ['', { accept: 'text/html' }, 'application/xml'],
    ['', { accept: 'application/json' }, 'application/json'],
    ['', { accept: 'application/json, */*;q=0.1' }, 'application/json'],
    ['', { accept: 'APPLICATION/JSON;odata.metadata=minimal' }, 'application/json'],
    ['?$format=json', {}, 'application/json'],
    ['?$format=application/json;odata.metadata=full', { accept: 'application/xml' }, 'application/json'],
    ['?$format=xml', { accept: 'application/json' }, 'application/xml'],
    ['?%24format=application%2Fxml&annotations=false', {}, 'application/xml'],
  ])('%s with %j is %s', async (options, headers, type) => {
    const answer = await get(options, headers);
    expect(answer.status).toBe(200);
    expect(answer.headers).toMatchObject({ 'content-type': type, 'odata-version': '4.0', vary: 'Accept, Prefer' });
    expect(answer.headers['portvakt-differs']).toBe(type === 'application/json' ? 'json-metadata' : undefined);
    expect(answer.text.slice(0, 5)).toBe(type === 'application/json' ? '{"$Ve' : '<?xml');
    expect(answer.text).not.toContain('Org.OData');
  });

  test.each([
    ['?$format=atom', 400, "'atom' is no format of $metadata"],
    ['?$format=', 400, "'' is no format of $metadata"],
    ['?$format=__proto__', 400, "'__proto__' is no format of $metadata"],
    ['?annotations=yes', 400, "annotations must be true or false, not 'yes'"],
    ['?$select=x', 501, '$select on $metadata'],
    ['?$top=1', 501, '$top on $metadata'],
  ])('%s is refused', async (options, status, message) => {
    const answer = await get(options);
    expect(answer.status).toBe(status);
    expect(answer.json()).toMatchObject({ error: { code: '0x80060888', message: expect.stringContaining(message) } });
  });

  test.each([
    ['?annotations=true', {}],
    ['', { prefer: 'odata.include-annotations="*"' }],
    ['?annotations=true', { accept: 'application/json' }],
  ])('%s with %j has annotations', async (options, headers) => {
    const { text } = await get(options, headers);
    expect(text).toContain('Org.OData.Core.V1.Description');
    expect(text).toContain('Org.OData.Capabilities.V1.InsertRestrictions');
  });

  test('annotations of other terms ask for nothing here', async () => {
    const prefer = 'odata.include-annotations="OData.Community.Display.V1.FormattedValue"';
    expect((await get('', { prefer })).text).not.toContain('Org.OData');
  });

  test('who has the document is not sent it again, and each form has a tag of its own', async () => {
    const forms = ['', '?annotations=true', '?$format=json', '?$format=json&annotations=true'];
    const tags = await Promise.all(forms.map(async (form) => (await get(form)).headers['etag'] ?? ''));
    expect(new Set(tags).size).toBe(forms.length);
    for (const [at, form] of forms.entries()) {
      const tag = tags[at] ?? '';
      expect(tag).toMatch(/^W\/"[\w-]{22}"$/);
      const known = await get(form, { 'if-none-match': `"other", ${tag}` });
      expect([known.status, known.text, known.headers['etag']]).toEqual([304, '', tag]);
      expect((await get(form, { 'if-none-match': '*' })).status).toBe(304);
      const other = await get(form, { 'if-none-match': tags[(at + 1) % tags.length] ?? '' });
      expect(other.status).toBe(200);
    }
    const head = await server.api('$metadata', { method: 'HEAD' });
    expect([head.status, head.text, head.headers['etag']]).toEqual([200, '', tags[0]]);
  });

  test('nobody reads it without being a user, and nothing is sent as known to them', async () => {
    const headers = { 'if-none-match': '*' };
    expect((await server.ask('/api/data/v9.2/$metadata', { headers })).status).toBe(401);
    expect((await server.api('$metadata', { as: 'stranger', headers })).status).toBe(403);
  });

  test('a table of a customizer is in all forms at once, and the tags change', async () => {
    const before = await get('?$format=json&annotations=true');
    const send = (path: string, body: unknown) => server.api(path, { as: 'admin', method: 'POST', body });
    const made = { ...account, SchemaName: 'new_Described' };
    expect((await send('EntityDefinitions', made)).status).toBe(204);
    const after = await get('?$format=json&annotations=true', { 'if-none-match': before.headers['etag'] ?? '' });
    expect(after.status).toBe(200);
    const schema = (after.json() as Members)['Microsoft.Dynamics.CRM'] as Readonly<Record<string, Members>>;
    expect(schema['new_described']).toMatchObject({ $Key: ['new_describedid'], new_name: { $MaxLength: 100 } });
    const set = (schema['System']?.['new_describeds'] ?? {}) as Members;
    expect(capability(set, 'InsertRestrictions')).toMatchObject({ Insertable: true });
    expect((await get()).text).toContain('<EntityType Name="new_described"');
  });

  describe('what annotations say of a set is what the API does', () => {
    let schema: Readonly<Record<string, Members>> = {};
    let sets: readonly (readonly [name: string, set: Members, isVirtual: boolean])[] = [];
    beforeAll(async () => {
      const document = (await get('?annotations=true', { accept: 'application/json' })).json() as Members;
      schema = document['Microsoft.Dynamics.CRM'] as Readonly<Record<string, Members>>;
      sets = Object.entries(schema['System'] ?? {}).flatMap(([name, set]) => {
        const { $Type } = (typeof set === 'object' ? set : {}) as Members;
        return typeof $Type === 'string' ? [[name, set as Members, /\.mshr_/.test($Type)] as const] : [];
      });
    });
    const keyOf = ({ $Type }: Members): string => {
      const { $Key } = schema[String($Type).replace('Microsoft.Dynamics.CRM.', '')] ?? {};
      return String($Key);
    };
    const statusOf = async (path: string, more: object = {}) =>
      (await server.api(path, { as: 'admin', ...more })).status;

    test('filter, sort, count, top', async () => {
      expect(sets.length).toBeGreaterThan(45);
      for (const [name, set] of sets) {
        expect(capability(set, 'FilterRestrictions')).toMatchObject({ Filterable: true });
        expect(capability(set, 'SortRestrictions')).toEqual({ Sortable: true });
        expect(capability(set, 'CountRestrictions')).toEqual({ Countable: true });
        expect(capability(set, 'TopSupported')).toBe(true);
        const key = keyOf(set);
        const options = query({ $filter: `${key} ne null`, $orderby: key, $top: '1', $count: 'true' });
        expect([name, await statusOf(`${name}?${options}`)]).toEqual([name, 200]);
      }
    });

    test('skip and search', async () => {
      for (const [name, set] of sets.slice(0, 3)) {
        expect(capability(set, 'SkipSupported')).toBe(false);
        expect(capability(set, 'SearchRestrictions')).toEqual({ Searchable: false });
        expect(await statusOf(`${name}?$skip=1`)).toBe(501);
        expect(await statusOf(`${name}?$search=x`)).toBe(501);
      }
    });

    test('create, update and delete', async () => {
      const nobody = '(00000000-0000-0000-0000-0000000000aa)';
      const isUnsupported = async (path: string, method: string): Promise<boolean> => {
        const answer = await server.api(path, {
          as: 'admin',
          method,
          ...(method === 'DELETE' ? {} : { body: {} }),
          headers: method === 'PATCH' ? { 'if-match': '*' } : {},
        });
        return answer.text.includes('0x80040800') || answer.text.includes('has no privilege to');
      };
      for (const [name, set, isVirtual] of sets) {
        if (isVirtual) continue;
        const said = {
          create: capability(set, 'InsertRestrictions')['Insertable'],
          remove: capability(set, 'DeleteRestrictions')['Deletable'],
        };
        const done = {
          create: !(await isUnsupported(name, 'POST')),
          remove: !(await isUnsupported(`${name}${nobody}`, 'DELETE')),
        };
        expect([name, done]).toEqual([name, said]);
      }
    });
  });
});

describe('$metadata under strict fidelity', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer(anyEngine, { PORTVAKT_FIDELITY: 'strict' });
  });
  afterAll(() => server.close());

  test('is XML, whatever is accepted', async () => {
    const accepted = await server.api('$metadata', { headers: { accept: 'application/json' } });
    expect(accepted.headers['content-type']).toBe('application/xml');
    const asked = await server.api('$metadata?$format=json');
    expect([asked.status, asked.json()]).toMatchObject([415, { error: { code: '0x80060888' } }]);
  });

  test('says that batches are not JSON, and virtual tables take no nested rows', async () => {
    const { text } = await server.api('$metadata?annotations=true');
    expect(text).toMatch(/<String>multipart\/mixed<\/String>\s*<\/Collection>/);
    const set = (name: string): string =>
      new RegExp(`<EntitySet Name="${name}".*?</EntitySet>`, 's').exec(text)?.[0].replace(/\s*\n\s*/g, '') ?? '';
    const nested = (isTaken: boolean): string =>
      `DeepInsertSupport"><Record><PropertyValue Property="Supported" Bool="${isTaken}" />`;
    expect(set('mshr_hcmjobentities')).toContain(nested(false));
    expect(set('teams')).toContain(nested(true));
  });
});
