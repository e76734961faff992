import { connect as connectSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  adminErrorOf,
  administer,
  administratorToken,
  callEnvironment,
  callHumanResources,
  type MadeEnvironment,
  type MadeTenant,
  makeEnvironment,
  makeTenant,
} from '../support/administration.ts';
import { ask } from '../support/client.ts';
import { requestToken } from '../support/connection.ts';
import { engines } from '../support/database.ts';
import { bodyOf, createdId, errorOf, rowsOf } from '../support/odata.ts';
import { type EmptyServer, startEmptyServer } from '../support/server.ts';

describe.each(engines)('environments that are made while the server runs, on %s', (engine) => {
  let server: EmptyServer;
  let fjord: MadeTenant;
  let havn: MadeTenant;
  /** Two environments of one tenant, one of another. */
  let drift: MadeEnvironment;
  let trening: MadeEnvironment;
  let kai: MadeEnvironment;

  beforeAll(async () => {
    server = await startEmptyServer(engine);
    fjord = await makeTenant(server, 'Fjord');
    havn = await makeTenant(server, 'Havn');
    drift = await makeEnvironment(server, fjord, 'drift');
    trening = await makeEnvironment(server, fjord, 'trening');
    kai = await makeEnvironment(server, havn, 'kai');
  });
  afterAll(() => server.close());

  const port = () => new URL(server.url).port;

  test('each answers at once at its own host, with its first administrator in both gates', async () => {
    for (const [environment, name] of [
      [drift, 'drift'],
      [trening, 'trening'],
      [kai, 'kai'],
    ] as const) {
      expect(environment.url).toBe(`https://${name}.localhost:${port()}`);
      const who = bodyOf(await callEnvironment(server, environment, 'WhoAmI'));
      expect(who['OrganizationId']).toBe(environment.id);
      expect(rowsOf(await callEnvironment(server, environment, 'mshr_hcmtitleentities'))).toEqual([]);
      expect(rowsOf(await callHumanResources(server, environment, 'SystemUsers')).length).toBeGreaterThan(0);
    }
  });

  test('rows, users and roles of one are in no other', async () => {
    const created = await callEnvironment(server, drift, 'mshr_hcmtitleentities', {
      method: 'POST',
      body: { mshr_titleid: 'Havnefogd' },
    });
    const path = `mshr_hcmtitleentities(${createdId(created)})`;
    expect((await callEnvironment(server, drift, path)).status).toBe(200);
    for (const other of [trening, kai]) {
      expect((await callEnvironment(server, other, path)).status).toBe(404);
      expect(rowsOf(await callEnvironment(server, other, 'mshr_hcmtitleentities'))).toEqual([]);
      expect((await callEnvironment(server, other, 'systemusers/$count')).text).toMatch(/1$/);
    }
  });

  test('a token is for one environment, also within one tenant', async () => {
    const token = await administratorToken(server, fjord, `${drift.url}/.default`);
    expect((await callEnvironment(server, drift, 'WhoAmI', { token })).status).toBe(200);
    expect((await callEnvironment(server, trening, 'WhoAmI', { token })).status).toBe(401);
    expect((await callEnvironment(server, kai, 'WhoAmI', { token })).status).toBe(401);
    expect((await ask(server.ca, `${server.url}/api/data/v9.2/WhoAmI`, { token })).status).toBe(401);
  });

  test.each([
    { name: "another tenant's environment", scope: () => `${kai.url}/.default` },
    { name: 'the first environment', scope: () => `${server.url}/.default` },
    { name: "another tenant's Human Resources", scope: () => `${kai.url}/data/.default` },
    { name: 'an environment that there is not', scope: () => `https://nowhere.localhost:${port()}/.default` },
  ])('the tenant knows no resource $name: AADSTS500011', async ({ scope }) => {
    await expect(administratorToken(server, fjord, scope())).rejects.toThrow(/^no token: 400 .*AADSTS500011/);
  });

  test("an administrator of one tenant is unknown in another's: AADSTS50194 for one tenant's application", async () => {
    const asked = requestToken(server.ca, havn.authority, fjord.administrator, `${kai.url}/.default`);
    await expect(asked).rejects.toThrow(/AADSTS50194/);
  });

  test("Microsoft Graph shows a tenant's own applications only", async () => {
    const token = await administratorToken(server, fjord, 'https://graph.microsoft.com/.default');
    const own = rowsOf(await ask(server.ca, `${server.url}/v1.0/applications`, { token }));
    expect(own.map((each) => each['appId'])).toEqual([fjord.administrator.id]);
    const theirs = await ask(server.ca, `${server.url}/v1.0/applications(appId='${havn.administrator.id}')`, { token });
    expect(theirs.status).toBe(404);
  });

  test("vendor's application ids name the environments of the asking tenant", async () => {
    const scope = '00000015-0000-0000-c000-000000000000/.default';
    const token = await administratorToken(server, havn, scope);
    expect((await callHumanResources(server, kai, 'LegalEntities', { token })).status).toBe(200);
    expect((await callHumanResources(server, drift, 'LegalEntities', { token })).status).toBe(401);
  });

  describe('a request goes where its Host says, and nothing else decides', () => {
    /** Status of a request written by hand over TLS, with a token for `drift`. */
    const send = async (target: string, headers: readonly string[]): Promise<number> => {
      const token = await administratorToken(server, fjord, `${drift.url}/.default`);
      const lines = [`GET ${target} HTTP/1.1`, ...headers, `Authorization: Bearer ${token}`, 'Connection: close'];
      return new Promise((resolve, reject) => {
        const socket = connectSocket({
          port: Number(port()),
          host: '127.0.0.1',
          ca: server.ca,
          servername: 'localhost',
        });
        let text = '';
        socket.on('data', (chunk) => {
          text += chunk.toString();
        });
        socket.on('end', () => resolve(Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1])));
        socket.on('error', reject);
        // Not `end`: a server of node:http lets go of who has closed their half before the answer.
        socket.write(`${lines.join('\r\n')}\r\n\r\n`);
      });
    };
    const who = '/api/data/v9.2/WhoAmI';
    test.each([
      { name: 'its own host', host: (p: string) => `drift.localhost:${p}`, status: 200 },
      { name: 'in capitals', host: (p: string) => `DRIFT.LocalHost:${p}`, status: 200 },
      { name: 'with a final dot', host: (p: string) => `drift.localhost.:${p}`, status: 404 },
      { name: 'without the port', host: () => 'drift.localhost', status: 404 },
      { name: 'with another port', host: () => 'drift.localhost:443', status: 404 },
      { name: 'of an environment that there is not', host: (p: string) => `nowhere.localhost:${p}`, status: 404 },
      { name: 'of another environment', host: (p: string) => `kai.localhost:${p}`, status: 401 },
      { name: 'of the first environment', host: (p: string) => `localhost:${p}`, status: 401 },
      { name: 'an address of the first environment', host: (p: string) => `127.0.0.1:${p}`, status: 401 },
      { name: 'two names', host: (p: string) => `drift.localhost:${p}, kai.localhost:${p}`, status: 404 },
      { name: 'with user information', host: (p: string) => `kai@drift.localhost:${p}`, status: 404 },
      { name: 'empty', host: () => '', status: 404 },
    ])('Host $name: $status', async ({ host, status }) => {
      expect(await send(who, [`Host: ${host(port())}`])).toBe(status);
    });

    test.each(['X-Forwarded-Host', 'X-Host', 'Forwarded', 'X-Original-Host'])('%s is not looked at', async (header) => {
      const value = header === 'Forwarded' ? `host=drift.localhost:${port()}` : `drift.localhost:${port()}`;
      expect(await send(who, [`Host: kai.localhost:${port()}`, `${header}: ${value}`])).toBe(401);
    });

    test('an absolute request target leads nowhere', async () => {
      const target = `https://drift.localhost:${port()}${who}`;
      expect(await send(target, [`Host: kai.localhost:${port()}`])).toBe(404);
      expect(await send(target, [`Host: drift.localhost:${port()}`])).toBe(404);
    });
  });

  test('the certificate names each environment', async () => {
    const made = await makeEnvironment(server, havn, 'brygge');
    const answer = await ask(server.ca, `${made.url}/healthz`);
    expect(answer.status).toBe(200);
    await expect(ask(server.ca, `https://nowhere.localhost:${port()}/healthz`)).rejects.toThrow(/altnames/);
  });

  describe('changing one', () => {
    test('another name and URL: the old host is unknown, old tokens are refused, rows stay', async () => {
      const made = await makeEnvironment(server, havn, 'flytter');
      const token = await administratorToken(server, havn, `${made.url}/.default`);
      await callEnvironment(server, made, 'mshr_hcmtitleentities', { method: 'POST', body: { mshr_titleid: 'Los' } });
      const url = `https://flyttet.hr.localhost:${port()}`;
      const body = { name: 'Flyttet', url: `${url}/` };
      const changed = bodyOf(await administer(server, `environments/${made.id}`, { method: 'PATCH', body }));
      expect(changed).toMatchObject({ id: made.id, uniqueName: 'flytter', name: 'Flyttet', url });
      const moved = { ...made, url };
      expect((await callEnvironment(server, made, 'WhoAmI', { token })).status).toBe(404);
      expect((await callEnvironment(server, moved, 'WhoAmI', { token })).status).toBe(401);
      const rows = await callEnvironment(server, moved, 'mshr_hcmtitleentities');
      expect(rowsOf(rows)).toMatchObject([{ mshr_titleid: 'Los' }]);
      expect(rows.text).toContain(`"@odata.context":"${url}/api/data/v9.2/`);
      await expect(administratorToken(server, havn, `${made.url}/.default`)).rejects.toThrow(/AADSTS500011/);
    });

    test('security that is changed through the old URL counts at the new one', async () => {
      const made = await makeEnvironment(server, havn, 'vakt-1');
      const users = rowsOf(await callEnvironment(server, made, 'systemusers?$select=systemuserid'));
      const url = `https://vakten.localhost:${port()}`;
      await administer(server, `environments/${made.id}`, { method: 'PATCH', body: { url } });
      const moved = { ...made, url };
      const roles = `systemusers(${users[0]?.['systemuserid']})/systemuserroles_association?$select=name`;
      expect(rowsOf(await callEnvironment(server, moved, roles))).toMatchObject([{ name: 'System Administrator' }]);
    });
  });

  describe('deleting one', () => {
    test('its host is unknown at once, its tokens are refused, its name is free again and holds nothing old', async () => {
      const made = await makeEnvironment(server, fjord, 'borte');
      await callEnvironment(server, made, 'mshr_hcmtitleentities', {
        method: 'POST',
        body: { mshr_titleid: 'Skipper' },
      });
      const token = await administratorToken(server, fjord, `${made.url}/.default`);
      const path = `environments/${made.id}`;
      const unconfirmed = await administer(server, `${path}?confirmUniqueName=drift`, { method: 'DELETE' });
      expect(adminErrorOf(unconfirmed)).toMatchObject({ status: 400, code: 'notConfirmed' });
      expect((await callEnvironment(server, made, 'WhoAmI', { token })).status).toBe(200);

      const deleted = await administer(server, `${path}?confirmUniqueName=borte`, { method: 'DELETE' });
      expect(deleted.status).toBe(204);
      const refused = await callEnvironment(server, made, 'WhoAmI', { token });
      expect(errorOf(refused)).toMatchObject({ status: 404, code: '0x8006088a' });
      expect((await callHumanResources(server, made, 'SystemUsers', { token })).status).toBe(404);
      await expect(administratorToken(server, fjord, `${made.url}/.default`)).rejects.toThrow(/AADSTS500011/);
      expect((await administer(server, path)).status).toBe(404);

      const again = await makeEnvironment(server, fjord, 'borte');
      expect(again.id).not.toBe(made.id);
      expect(rowsOf(await callEnvironment(server, again, 'mshr_hcmtitleentities'))).toEqual([]);
    });

    test('requests that are under way get their answer or 404, never a fault', async () => {
      const made = await makeEnvironment(server, fjord, 'opptatt');
      const token = await administratorToken(server, fjord, `${made.url}/.default`);
      const reads = Array.from({ length: 60 }, (_, index) =>
        callEnvironment(server, made, `mshr_hcmtitleentities?$top=${index + 1}`, { token }),
      );
      const path = `environments/${made.id}?confirmUniqueName=opptatt`;
      const deleted = administer(server, path, { method: 'DELETE' });
      const writes = Array.from({ length: 60 }, (_, index) =>
        callEnvironment(server, made, 'mshr_hcmtitleentities', {
          method: 'POST',
          body: { mshr_titleid: `T${index}` },
          token,
        }),
      );
      const statuses = (await Promise.all([...reads, ...writes])).map(({ status }) => status);
      expect((await deleted).status).toBe(204);
      expect(statuses.filter((status) => ![200, 204, 404].includes(status))).toEqual([]);
    });
  });
});
