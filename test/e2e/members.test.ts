import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { findGrant, type Grant, giveRole, promisedMs, read, revokeRound, takeRole } from '../prove/revoke.ts';
import { sizes } from '../prove/sizes.ts';
import type { Answer } from '../support/client.ts';
import { makeDatabase, type TestDatabase } from '../support/database.ts';
import { type Members, startMembers } from '../support/members.ts';
import { bodyOf, errorOf, rowsOf } from '../support/odata.ts';
import { verifyAudit } from '../support/verify-audit.ts';
import { patience } from '../support/way.ts';

const api = '/api/data/v9.2';
const as = 'admin' as const;

/** Asks until the answer has this status. Gives the milliseconds that it took. */
async function until(status: number, ask: () => Promise<Answer>): Promise<number> {
  const begin = performance.now();
  for (;;) {
    const answer = await ask();
    const took = performance.now() - begin;
    if (answer.status === status) return took;
    if (took > 20 * promisedMs) throw new Error(`still ${answer.status} ${answer.text}`);
  }
}

/** Changes that one process takes, and what the other one answers. */
describe('two processes on one PostgreSQL database', { timeout: patience * 60_000 }, () => {
  let servers: Members;
  let database: TestDatabase;
  let grant: Grant;

  beforeAll(async () => {
    database = await makeDatabase(inject('postgresUrl'));
    servers = await startMembers(database.url, { PORTVAKT_ASSERTION_REPLAY: 'refuse' });
    grant = await findGrant(servers);
  }, patience * 180_000);
  afterAll(async () => {
    await servers.close();
    await database.drop();
  });

  test('each says which one it is', async () => {
    expect((await read(servers, 1)).headers['x-portvakt-worker']).toBe('1');
    expect((await read(servers, 2)).headers['x-portvakt-worker']).toBe('2');
  });

  test('each chains and seals what it writes to the audit log, and each can check all of it', async () => {
    const runs = new Set<unknown>();
    for (const member of [1, 2] as const) {
      const sealed = await servers.to(member, '/portvakt/v1/audit/seal', { method: 'POST', as, body: {} });
      expect(bodyOf(sealed)).toMatchObject({ kind: 'head' });
      runs.add(bodyOf(sealed)['run']);
    }
    expect(runs.size).toBe(2);
    const newest = await servers.to(1, '/portvakt/v1/audit/seal', { as });
    for (const member of [1, 2] as const) {
      const seal = String(bodyOf(newest)['hash']);
      const checked = await verifyAudit((path) => servers.to(member, path, { as }), seal);
      expect(checked.findings).toEqual([]);
    }
  });

  test('a role that one takes away is refused by the other within a second, and never granted again', async () => {
    for (let round = 0; round < sizes.revokeRounds.test; round++) {
      const { refusedAfter, letIn, asked } = await revokeRound(servers, grant, round % 2 === 0 ? 1 : 2);
      expect(refusedAfter).toBeLessThan(promisedMs);
      expect({ letIn, enough: asked > 20 }).toEqual({ letIn: 0, enough: true });
    }
  });

  test('a notification that is lost changes nothing of it', async () => {
    await database.run(
      `select pg_terminate_backend(pid) from pg_stat_activity where query like '%pg_current_snapshot%' and pid <> pg_backend_pid()`,
    );
    expect((await takeRole(servers, 1, grant)).status).toBe(204);
    expect(await until(403, () => read(servers, 2))).toBeLessThan(promisedMs);
    expect((await giveRole(servers, 1, grant)).status).toBe(204);
    await until(200, () => read(servers, 2));
  });

  test('while the changes of others cannot be read nothing is decided: 503, but the process lives', async () => {
    const holder = new Client({ connectionString: database.url });
    await holder.connect();
    try {
      await holder.query('begin; lock table portvakt_processes.change in access exclusive mode');
      await until(503, () => read(servers, 2));
      const answer = await read(servers, 2);
      expect(errorOf(answer)).toEqual({
        status: 503,
        code: '0x80040216',
        message:
          'what other worker processes have changed cannot be read, and nothing is decided without it; try again',
      });
      expect(answer.headers['retry-after']).toBe('1');
      expect((await servers.to(2, '/healthz')).status).toBe(200);
    } finally {
      await holder.end();
    }
    await until(200, () => read(servers, 2));
  });

  describe('applications', () => {
    const graph = async (member: 1 | 2, method: string, path: string, body?: object): Promise<Answer> =>
      servers.to(member, `/v1.0/${path}`, {
        method,
        token: await servers.first.token('admin', 'https://graph.microsoft.com/.default'),
        ...(body === undefined ? {} : { body }),
      });
    const tokenWith = (member: 1 | 2, secret: string): Promise<Answer> =>
      servers.to(member, `${new URL(servers.first.env.AUTHORITY_URL).pathname}/oauth2/v2.0/token`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({
          grant_type: 'client_credentials',
          client_id: servers.first.env.CLIENT_ID,
          client_secret: secret,
          scope: `${servers.first.url}/.default`,
        }).toString(),
      });

    test('a secret that one makes is right at the other, and wrong when it was taken away', async () => {
      const found = await graph(
        1,
        'GET',
        `applications?$filter=appId eq '${servers.first.env.CLIENT_ID}'`.replaceAll(' ', '%20'),
      );
      const id = String(rowsOf(found)[0]?.['id']);
      const made = bodyOf(
        await graph(1, 'POST', `applications/${id}/addPassword`, { passwordCredential: { displayName: 'new' } }),
      );
      expect(await until(200, () => tokenWith(2, String(made['secretText'])))).toBeLessThan(promisedMs);
      expect((await graph(2, 'POST', `applications/${id}/removePassword`, { keyId: made['keyId'] })).status).toBe(204);
      expect((await tokenWith(2, String(made['secretText']))).status).toBe(401);
      expect(await until(401, () => tokenWith(1, String(made['secretText'])))).toBeLessThan(promisedMs);
    });

    test('changes that both take at once are all kept', async () => {
      const names = Array.from({ length: 6 }, (_, at) => `At once ${at}`);
      await Promise.all(
        names.map((displayName, at) => graph(at % 2 === 0 ? 1 : 2, 'POST', 'applications', { displayName })),
      );
      for (const member of [1, 2] as const) {
        const list = async () =>
          rowsOf(await graph(member, 'GET', "applications?$filter=startswith(displayName,'At%20once')"));
        while ((await list()).length < names.length);
        expect((await list()).map(({ displayName }) => displayName).sort()).toEqual(names);
      }
    });

    test('keys that one drops in an emergency are dropped by the other within a second, and its new ones known', async () => {
      const token = await servers.first.token('admin');
      const rotated = await servers.to(1, '/portvakt/v1/keys/rotate', {
        method: 'POST',
        as,
        body: { mode: 'emergency' },
      });
      expect(rotated.status).toBe(200);
      const who = (member: 1 | 2, with_: string) => servers.to(member, `${api}/WhoAmI`, { token: with_ });
      expect((await who(1, token)).status).toBe(401);
      expect(await until(401, () => who(2, token))).toBeLessThan(promisedMs);
      servers.first.forgetTokens();
      expect(await until(200, async () => who(2, await servers.first.token('admin')))).toBeLessThan(promisedMs);
    });
  });

  describe('tables and environments', () => {
    const label = (text: string) => ({ LocalizedLabels: [{ Label: text, LanguageCode: 1033 }] });
    const text = (SchemaName: string, more: object = {}) => ({
      '@odata.type': 'Microsoft.Dynamics.CRM.StringAttributeMetadata',
      SchemaName,
      DisplayName: label(SchemaName),
      FormatName: { Value: 'Text' },
      MaxLength: 100,
      ...more,
    });

    test('a custom table that one makes answers at the other; a column that goes breaks no request', async () => {
      const table = {
        '@odata.type': 'Microsoft.Dynamics.CRM.EntityMetadata',
        SchemaName: 'new_Boat',
        DisplayName: label('Boat'),
        DisplayCollectionName: label('Boats'),
        OwnershipType: 'OrganizationOwned',
        HasNotes: false,
        HasActivities: false,
        Attributes: [text('new_Name', { IsPrimaryName: true })],
      };
      const post = (member: 1 | 2, path: string, body: object) =>
        servers.to(member, `${api}/${path}`, { method: 'POST', as, body });
      const columns = "EntityDefinitions(LogicalName='new_boat')/Attributes";
      expect((await post(1, 'EntityDefinitions', table)).status).toBe(204);
      expect(await until(200, () => servers.to(2, `${api}/new_boats`, { as }))).toBeLessThan(promisedMs);
      expect((await post(2, columns, text('new_Colour'))).status).toBe(204);
      expect((await post(2, 'new_boats', { new_name: 'Ran', new_colour: 'red' })).status).toBe(204);
      await until(200, () => servers.to(1, `${api}/new_boats?$select=new_colour`, { as }));
      const seen = new Set<number>();
      let isOver = false;
      const reading = (async () => {
        while (!isOver) seen.add((await servers.to(1, `${api}/new_boats`, { as })).status);
      })();
      const gone = await servers.to(2, `${api}/${columns}(LogicalName='new_colour')`, { method: 'DELETE', as });
      expect(gone.status).toBe(204);
      await until(400, () => servers.to(1, `${api}/new_boats?$select=new_colour`, { as }));
      isOver = true;
      await reading;
      expect([...seen]).toEqual([200]);
      expect((await post(1, columns, text('new_Colour', { MaxLength: 50 }))).status).toBe(204);
      await until(200, () => servers.to(2, `${api}/new_boats?$select=new_colour`, { as }));
    });

    test('an environment that one makes is served by the other, until it is deleted there', async () => {
      const { TENANT_ID, ADMIN_CLIENT_ID } = servers.first.env;
      const body = { tenantId: TENANT_ID, administratorClientId: ADMIN_CLIENT_ID, uniqueName: 'havn', name: 'Havn' };
      const made = bodyOf(await servers.to(1, '/portvakt/v1/environments', { method: 'POST', as, body }), 201);
      const url = String(made['url']);
      const who = async (member: 1 | 2): Promise<Answer> =>
        servers.to(member, `${api}/WhoAmI`, {
          headers: { host: new URL(url).host },
          token: await servers.first.token('admin', `${url}/.default`),
        });
      await until(200, () => who(2));
      const path = `/portvakt/v1/environments/${String(made['id'])}?confirmUniqueName=havn`;
      expect((await servers.to(2, path, { method: 'DELETE', as })).status).toBe(204);
      expect((await who(2)).status).toBe(404);
      expect(await until(404, () => who(1))).toBeLessThan(promisedMs);
    });
  });
});
