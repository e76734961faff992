import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask } from '../support/client.ts';
import type { Credentials } from '../support/connection.ts';
import { engines } from '../support/database.ts';
import { query, rowsOf } from '../support/odata.ts';
import { root } from '../support/process.ts';
import { register } from '../support/register.ts';
import { runScript } from '../support/run-script.ts';
import { type EmptyServer, startEmptyServer, startTestServer, type TestServer } from '../support/server.ts';

describe.each(engines)('examples/gate-one.mjs on %s', (engine) => {
  describe('from nothing', () => {
    let server: EmptyServer;
    let app: Credentials;
    beforeAll(async () => {
      server = await startEmptyServer(engine);
      app = await register(server, await server.token('admin', 'https://graph.microsoft.com/.default'), 'ATS');
    });
    afterAll(() => server.close());

    const run = (variables: Readonly<Record<string, string>>) =>
      new Promise<{ code: unknown; stdout: string; stderr: string }>((resolve) => {
        const env = {
          ...process.env,
          NODE_EXTRA_CA_CERTS: join(server.dataFolder, 'tls', 'ca.pem'),
          API_URL: server.url,
          AUTHORITY_URL: `${server.url}/${server.tenantId}`,
          ADMIN_CLIENT_ID: server.administrator.id,
          ADMIN_CLIENT_SECRET: server.administrator.secret,
          CLIENT_ID: app.id,
          CLIENT_SECRET: app.secret,
          ...variables,
        };
        const script = join(root, 'examples/gate-one.mjs');
        execFile(process.execPath, [script], { cwd: root, env, timeout: 60_000 }, (error, stdout, stderr) =>
          resolve({ code: error?.code ?? 0, stdout, stderr }),
        );
      });
    const webApi = async (path: string) =>
      rowsOf(await ask(server.ca, `${server.url}/api/data/v9.2/${path}`, { token: await server.token('admin') }));

    const lines = (state: 'created' | 'found') => [
      `application user ${state}: ATS`,
      `security role ${state}: Recruiting integration`,
      'privileges given: 240 on 40 tables',
      'role assigned: Recruiting integration',
    ];

    test('makes user, role and assignment, and the first gate lets the application through to forty tables', async () => {
      const { code, stdout, stderr } = await run({});
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      const said = stdout.trimEnd().split('\n');
      expect(said.slice(0, 4)).toEqual(lines('created'));
      expect(said[4]).toMatch(/^calling as: [0-9a-f-]{36}$/);
      // Nobody is linked to a Human Resources user yet; companies alone are behind one gate.
      expect(said.slice(5)).toEqual([
        'first gate passed: 40 tables, 1 of them answer with rows',
        'second gate: 400 0x80040265 User ATS was not found in Finance and Operations. Please ensure this user exists.',
      ]);
    });

    test('leaves exactly the six rights on the forty tables', async () => {
      const filter = query({ $select: 'roleid', $filter: "name eq 'Recruiting integration'" });
      const [role] = await webApi(`roles?${filter}`);
      const path = `roles(${role?.['roleid']})/roleprivileges_association?$select=name`;
      const held = (await webApi(path)).map(({ name }) => String(name));
      const [template] = await webApi(`roles?${query({ $select: 'roleid', $filter: "name eq 'ATS integration'" })}`);
      const ready = await webApi(`roles(${template?.['roleid']})/roleprivileges_association?$select=name`);
      expect(held).toHaveLength(240);
      expect(held.sort()).toEqual(ready.map(({ name }) => name).sort());
    });

    test('may be run again, and finds what is there', async () => {
      const { code, stdout } = await run({});
      expect(code).toBe(0);
      expect(stdout.split('\n').slice(0, 4)).toEqual(lines('found'));
      expect(await webApi(`systemusers?${query({ $filter: `applicationid eq ${app.id}` })}`)).toHaveLength(1);
    });

    test('tells what is refused: an application without a service principal', async () => {
      const stranger = '00000000-0000-4000-8000-000000000009';
      expect(await run({ CLIENT_ID: stranger })).toEqual({
        code: 1,
        stdout: '',
        stderr: `400 0x80072559 The application with id ${stranger} was not found in the directory of this organization.\n`,
      });
    });
  });

  describe('in the demo organisation', () => {
    let server: TestServer;
    beforeAll(async () => {
      server = await startTestServer(engine);
    });
    afterAll(() => server.close());

    test('and with an application link the whole round trip is the new application’s', async () => {
      const token = await server.token('admin', 'https://graph.microsoft.com/.default');
      const { id, secret } = await register(server, token, 'Ny ATS');
      const variables = { CLIENT_ID: id, CLIENT_SECRET: secret };
      const gate = await runScript(server, 'examples/gate-one.mjs', 'ats', variables);
      expect(gate.stderr).toBe('');
      expect(gate.stdout).toMatch(/^second gate: 400 0x80040265 User Ny ATS was not found/m);
      const link = { AADClientId: id, Name: 'Ny ATS', UserId: 'RekrutteringIntegrasjon' };
      expect((await server.data('SysAADClients', { method: 'POST', body: link })).status).toBe(201);
      const again = await runScript(server, 'examples/gate-one.mjs', 'ats', variables);
      expect(again.stdout).toMatch(/^first gate passed: 40 tables, 40 of them answer with rows$/m);
      const trip = await runScript(server, 'examples/round-trip-fetch.mjs', 'ats', variables);
      expect({ code: trip.code, stderr: trip.stderr }).toEqual({ code: 0, stderr: '' });
      expect(trip.stdout).toMatch(/^candidate sent: \d+ Solveig Nordlysvik, .* for USMF-000001 position 000426$/m);
    });
  });
});
