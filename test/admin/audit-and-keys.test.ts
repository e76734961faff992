import { createLocalJWKSet, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  adminErrorOf,
  administer,
  administratorToken,
  type MadeEnvironment,
  type MadeTenant,
  makeEnvironment,
  makeTenant,
} from '../support/administration.ts';
import { type Answer, type Ask, ask } from '../support/client.ts';
import { requestToken } from '../support/connection.ts';
import { engines } from '../support/database.ts';
import { bodyOf, rowsOf, type WireRow } from '../support/odata.ts';
import { type EmptyServer, startEmptyServer } from '../support/server.ts';
import { way } from '../support/way.ts';

describe.each(engines)('administration on %s', (engine) => {
  let server: EmptyServer;
  let fjord: MadeTenant;
  let drift: MadeEnvironment;
  let driftToken: string;
  beforeAll(async () => {
    server = await startEmptyServer(engine);
    fjord = await makeTenant(server, 'Fjord');
    drift = await makeEnvironment(server, fjord, 'drift');
    driftToken = await administratorToken(server, fjord, `${drift.url}/.default`);
  });
  afterAll(() => server.close());

  const admin = (path: string, options: Ask = {}) => administer(server, path, options);
  const atDrift = (path: string, options: Ask = {}) =>
    ask(server.ca, `${drift.url}${path}`, { token: driftToken, ...options });
  /** A token that nobody has had before. */
  const freshToken = () =>
    requestToken(server.ca, `${server.url}/${server.tenantId}`, server.administrator, `${server.url}/.default`);
  const whoAmI = (token: string): Promise<Answer> => ask(server.ca, `${server.url}/api/data/v9.2/WhoAmI`, { token });

  describe('the audit log', () => {
    test('finds a request by the id in its answer, with its true reason', async () => {
      const form = new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: server.administrator.id,
        client_secret: 'wrong',
        scope: `${server.url}/.default`,
      });
      const sent = '7c1ff1b1-3f04-4d0e-9d2a-2c8a4b1f0a01';
      const refused = await ask(server.ca, `${server.url}/${server.tenantId}/oauth2/v2.0/token`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', 'client-request-id': sent },
        body: form.toString(),
      });
      for (const id of [refused.headers['x-ms-request-id'], sent]) {
        const { value, next } = bodyOf(await admin(`audit?correlationId=${id}`));
        expect(value).toMatchObject([
          { kind: 'token', outcome: 'denied', code: '7000215', clientId: server.administrator.id, correlationId: sent },
        ]);
        expect((value as WireRow[])[0]?.['reason']).toMatch(/secret/);
        expect(next).toBeNull();
      }
    });

    test('shows changes of the installation, and who reads the log', async () => {
      const made = rowsOf(await admin('audit?surface=portvakt&kind=change&outcome=allowed'));
      expect(made.map(({ message }) => message)).toEqual(['createEnvironment', 'createTenant']);
      const answer = await admin('audit?top=1');
      // What is only read is written within a second.
      await new Promise((resolve) => setTimeout(resolve, 1100));
      const [read] = rowsOf(await admin(`audit?correlationId=${answer.headers['request-id']}`));
      expect(read).toMatchObject({ kind: 'read', message: 'readAudit', clientId: server.administrator.id });
    });

    test('gives pages that together are the whole', async () => {
      const until = new Date().toISOString();
      const whole = rowsOf(await admin(`audit?top=1000&until=${until}`));
      expect(whole.length).toBeGreaterThan(5);
      const seen: WireRow[] = [];
      let cursor: unknown = '';
      while (cursor !== null) {
        const more = cursor === '' ? '' : `&cursor=${String(cursor)}`;
        const page = bodyOf(await admin(`audit?top=2&until=${until}${more}`));
        seen.push(...(page['value'] as WireRow[]));
        cursor = page['next'];
      }
      expect(seen.map(({ requestId }) => requestId)).toEqual(whole.map(({ requestId }) => requestId));
    });

    test('looks by time and by what entries say', async () => {
      const of = async (query: string) => rowsOf(await admin(`audit?${query}`));
      expect(await of('since=2100-01-01T00:00:00Z')).toEqual([]);
      expect(await of('until=2001-01-01T00:00:00%2B02:00')).toEqual([]);
      expect((await of('kind=server')).at(-1)).toMatchObject({ message: 'start' });
      for (const entry of await of(`clientId=${fjord.administrator.id}`)) {
        expect(entry['clientId']).toBe(fjord.administrator.id);
      }
    });

    test.each([
      ['correlationId=x', 'correlationId'],
      ['since=yesterday', 'since'],
      ['since=2026-03-01', 'since'],
      ['until=2026-13-01T00:00:00Z', 'until'],
      ['kind=secret', 'kind'],
      ['outcome=', 'outcome'],
      ['surface=web', 'surface'],
      ['clientId=1', 'clientId'],
      ['top=0', 'top'],
      ['top=1001', 'top'],
      ['top=ten', 'top'],
      ['cursor=abc', 'cursor'],
      ['cursor=1.1.1', 'cursor'],
      ['filter=1', 'filter'],
    ])('%s is refused', async (query, option) => {
      const refused = adminErrorOf(await admin(`audit?${query}`));
      expect(refused).toMatchObject({ status: 400, code: 'optionInvalid' });
      expect(refused.message).toContain(`'${option}'`);
    });

    test('is read by the System Administrator of an environment, at that environment, as far as it is of it', async () => {
      const { BusinessUnitId } = bodyOf(await atDrift('/api/data/v9.2/WhoAmI'));
      const body = { name: 'Nord', 'parentbusinessunitid@odata.bind': `businessunits(${BusinessUnitId})` };
      const changed = await atDrift('/api/data/v9.2/businessunits', { method: 'POST', body });
      expect(changed.status).toBe(204);
      const entries = rowsOf(await atDrift('/portvakt/v1/audit'));
      expect(entries[0]).toMatchObject({ kind: 'change', table: 'businessunit', environmentId: drift.id });
      expect(new Set(entries.map(({ environmentId }) => environmentId))).toEqual(new Set([drift.id]));
      const id = changed.headers['req_id'];
      expect(rowsOf(await atDrift(`/portvakt/v1/audit?correlationId=${id}&environmentId=${drift.id}`))).toHaveLength(1);
    });

    test('shows that administrator nothing else', async () => {
      const first = rowsOf(await admin('environments')).find(({ isFirst }) => isFirst === true)?.['id'];
      const other = adminErrorOf(await atDrift(`/portvakt/v1/audit?environmentId=${first}`));
      expect(other).toMatchObject({ status: 403, code: 'environmentNotYours' });
      const own = await whoAmI(await freshToken());
      expect(rowsOf(await atDrift(`/portvakt/v1/audit?correlationId=${own.headers['req_id']}`))).toEqual([]);
      for (const [method, path] of [
        ['GET', 'keys'],
        ['POST', 'keys/rotate'],
        ['GET', 'tenants'],
      ]) {
        const refused = await atDrift(`/portvakt/v1/${path}`, {
          method: method ?? '',
          ...(method === 'POST' && { body: {} }),
        });
        expect(adminErrorOf(refused)).toMatchObject({ status: 403, code: 'notPermitted' });
      }
    });

    test('is shown to nobody without a token', async () => {
      const refused = await ask(server.ca, `${server.url}/portvakt/v1/audit`);
      expect(adminErrorOf(refused)).toMatchObject({ status: 401, code: 'tokenInvalid' });
    });

    test('has nothing that changes it', async () => {
      for (const method of ['POST', 'PATCH', 'DELETE']) {
        const body = method === 'DELETE' ? {} : { body: {} };
        expect(adminErrorOf(await admin('audit', { method, ...body }))).toMatchObject({ status: 405 });
      }
    });
  });

  describe('the signing keys', () => {
    const rotate = (body: object = {}) => admin('keys/rotate', { method: 'POST', body });
    const keySet = async (): Promise<JSONWebKeySet> =>
      (await ask(server.ca, `${server.url}/common/discovery/v2.0/keys`)).json() as JSONWebKeySet;
    const kids = async (): Promise<unknown[]> => (await keySet()).keys.map(({ kid }) => kid);

    test('are shown without what is private', async () => {
      const answer = await admin('keys');
      const { current, next, retired, rotationDue } = bodyOf(answer) as Record<string, WireRow>;
      expect(await kids()).toEqual([current?.['kid'], next?.['kid']]);
      expect(retired).toEqual([]);
      expect(Date.parse(String(rotationDue)) - Date.now()).toBeGreaterThan(29 * 86_400_000);
      expect(answer.text).not.toMatch(/PRIVATE|"d"/);
    });

    test('rotate safely: not before the next key has been published for a day', async () => {
      const before = await kids();
      const asked = bodyOf(await rotate());
      expect(asked).toMatchObject({ isRotated: false, isRotationAsked: true });
      expect(asked['rotationDue']).toBe((asked['next'] as WireRow)['signsFrom']);
      expect(await kids()).toEqual(before);
    });

    test('rotate now: new tokens are of the next key, those of the old one stay good', async () => {
      const old = await freshToken();
      const [current, next] = await kids();
      expect(bodyOf(await rotate({ mode: 'now' }))).toMatchObject({ isRotated: true, isRotationAsked: false });
      const fresh = await freshToken();
      expect([decodeProtectedHeader(old).kid, decodeProtectedHeader(fresh).kid]).toEqual([current, next]);
      expect((await whoAmI(old)).status).toBe(200);
      expect((await whoAmI(fresh)).status).toBe(200);
      const known = createLocalJWKSet(await keySet());
      for (const token of [old, fresh]) await jwtVerify(token, known);
      expect((await kids())[2]).toBe(current);
    });

    test('emergency: every token issued so far is refused at once, also one that was verified before', async () => {
      const old = await freshToken();
      expect((await whoAmI(old)).status).toBe(200);
      const before = await kids();
      // The answer to a request that was let in by an old token comes all the same.
      expect(
        bodyOf(
          await ask(server.ca, `${server.url}/portvakt/v1/keys/rotate`, {
            method: 'POST',
            body: { mode: 'emergency' },
            token: old,
          }),
        ),
      ).toMatchObject({ isRotated: true, retired: [] });
      // Of several processes each learns of it within a second (docs/keys.md).
      if (way.workers !== undefined) await new Promise((resolve) => setTimeout(resolve, 1000));
      for (let time = 0; time < 2; time++) expect((await whoAmI(old)).status).toBe(401);
      expect((await whoAmI(await freshToken())).status).toBe(200);
      expect((await kids()).filter((kid) => before.includes(kid))).toEqual([]);
      const token = await freshToken();
      const audit = await ask(server.ca, `${server.url}/portvakt/v1/audit?kind=keys`, { token });
      expect(rowsOf(audit).map(({ message }) => message)).toEqual(['emergency', 'rotate']);
    });

    test('another mode is refused', async () => {
      const token = await freshToken();
      const refused = await ask(server.ca, `${server.url}/portvakt/v1/keys/rotate`, {
        method: 'POST',
        body: { mode: 'often' },
        token,
      });
      expect(adminErrorOf(refused)).toMatchObject({ status: 400, code: 'memberInvalid' });
    });
  });
});
