import { X509Certificate } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { integrationPrivileges } from '../../src/demo/role-privileges.ts';
import { builtInModel } from '../../src/metadata/built-in.ts';
import { createClientCertificate } from '../../src/tls/development-ca.ts';
import { administratorToken, type MadeTenant, makeEnvironment, makeTenant } from '../support/administration.ts';
import { ask } from '../support/client.ts';
import { Customer } from '../support/customer.ts';
import { engines } from '../support/database.ts';
import { bodyOf, createdId, errorOf, query, rowsOf } from '../support/odata.ts';
import { PartnerProcess } from '../support/partner-process.ts';
import { type RecordingLog, recordingLog } from '../support/recording-log.ts';
import { type EmptyServer, startEmptyServer } from '../support/server.ts';
import { patience } from '../support/way.ts';

const names = ['vik', 'nes', 'bo', 'fet', 'lier'];
const redirectUri = 'https://rekrutt.example/admitted';
const roleName = 'Rekrutt integrasjon';

interface LoopResult {
  readonly calls: number;
  readonly failures: readonly string[];
}

/** One partner, five customers: each test goes on from where the one before it ended. */
describe.each(engines)('the partner rehearsal on %s', { sequential: true }, (engine) => {
  let server: EmptyServer;
  let log: RecordingLog;
  let partner: MadeTenant;
  let ats: PartnerProcess;
  let customers: readonly Customer[];
  let clientId: string;
  let applicationPath: string;
  /** The credential that is good at the moment, and a token of each customer. */
  let secret: { clientSecret: string };
  let tokens: readonly string[];

  beforeAll(async () => {
    log = recordingLog();
    server = await startEmptyServer(engine, {}, log);
    ats = new PartnerProcess(join(server.dataFolder, 'tls', 'ca.pem'));
    partner = await makeTenant(server, 'Rekrutt');
    const made: Customer[] = [];
    for (const name of names) {
      const tenant = await makeTenant(server, `Kunde-${name}`);
      made.push(new Customer(server, await makeEnvironment(server, tenant, name)));
    }
    customers = made;
  }, patience * 180_000);
  afterAll(async () => {
    ats.stop();
    await server.close();
  });

  const graph = async (path: string, method = 'GET', body?: unknown) =>
    ask(server.ca, `${server.url}/v1.0/${path}`, {
      method,
      body,
      token: await administratorToken(server, partner, 'https://graph.microsoft.com/.default'),
    });
  const acquire = (customer: Customer, credential: object = secret): Promise<string> =>
    ats.ask('acquire', { clientId, credential, customer: customer.place }).then(String);
  const acquireAll = () => Promise.all(customers.map((customer) => acquire(customer)));
  const statusAt = async (url: string, token: string): Promise<number> =>
    (await ask(server.ca, `${url}/api/data/v9.2/WhoAmI`, { token })).status;
  const claimsOf = (token: string) =>
    JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, string>;
  const beginLoop = (credentials: readonly object[]) =>
    ats.ask('begin', { clientId, credentials, customers: customers.map(({ place }) => place) });
  const endLoop = async (): Promise<LoopResult> => (await ats.ask('end')) as LoopResult;

  async function addSecret(displayName: string): Promise<{ clientSecret: string; keyId: string }> {
    const body = { passwordCredential: { displayName } };
    const added = bodyOf(await graph(`${applicationPath}/addPassword`, 'POST', body));
    return { clientSecret: String(added['secretText']), keyId: String(added['keyId']) };
  }

  test('the partner registers one application for many tenants; no customer knows it yet', async () => {
    const made = bodyOf(
      await graph('applications', 'POST', {
        displayName: 'Rekrutt ATS',
        signInAudience: 'AzureADMultipleOrgs',
        web: { redirectUris: [redirectUri] },
      }),
      201,
    );
    clientId = String(made['appId']);
    applicationPath = `applications/${made['id']}`;
    secret = await addSecret('first');
    for (const customer of customers) await expect(acquire(customer)).rejects.toThrow('AADSTS700016');
    const body = { applicationid: clientId };
    const early = await customers[0]?.webApi('systemusers', { method: 'POST', body });
    expect(early && errorOf(early).code).toBe('0x80072559');
  });

  test('each customer admits it on the consent page, with the code in the log', async () => {
    for (const customer of customers) {
      const to = await customer.consent(clientId, redirectUri, log);
      expect(`${to.origin}${to.pathname}`).toBe(redirectUri);
      expect(Object.fromEntries(to.searchParams)).toEqual({
        admin_consent: 'True',
        tenant: customer.tenant.id,
        state: customer.tenant.id,
      });
    }
    tokens = await acquireAll();
    expect(new Set(tokens.map((token) => claimsOf(token)['oid'])).size).toBe(customers.length);
    expect(tokens.map((token) => claimsOf(token)['tid'])).toEqual(customers.map(({ tenant }) => tenant.id));
    const refused = await ask(server.ca, `${customers[0]?.url}/api/data/v9.2/WhoAmI`, { token: tokens[0] ?? '' });
    expect(errorOf(refused)).toMatchObject({ status: 403, code: '0x80072560' });
  });

  test('the security role travels as a file', { timeout: patience * 60_000 }, async () => {
    const [first, ...others] = customers as [Customer, ...Customer[]];
    const file = join(server.dataFolder, 'role.json');
    const units = rowsOf(
      await first.webApi(`businessunits?${query({ $filter: '_parentbusinessunitid_value eq null' })}`),
    );
    const unit = units[0]?.['businessunitid'];
    const privileges = new Map(
      rowsOf(await first.webApi('privileges?$select=name,privilegeid')).map((row) => [row['name'], row['privilegeid']]),
    );
    const body = { name: roleName, 'businessunitid@odata.bind': `/businessunits(${unit})` };
    const role = createdId(await first.webApi('roles', { method: 'POST', body }));
    const wanted = integrationPrivileges(builtInModel());
    const rows = wanted.map((name) => ({ PrivilegeId: privileges.get(name), Depth: 'Global', BusinessUnitId: unit }));
    const path = `roles(${role})/Microsoft.Dynamics.CRM.AddPrivilegesRole`;
    expect((await first.webApi(path, { method: 'POST', body: { Privileges: rows } })).status).toBe(204);

    const exported = await first.roleFile('export', roleName);
    expect(exported).toMatchObject({ code: 0, stderr: '' });
    await writeFile(file, exported.stdout);
    const applied = await Promise.all(others.map((customer) => customer.roleFile('apply', file)));
    for (const { code, stdout } of applied) {
      const report = JSON.parse(stdout) as { created: boolean; added: readonly string[] };
      expect({ code, created: report.created, added: report.added.length }).toEqual({
        code: 0,
        created: true,
        added: wanted.length,
      });
    }
    const unchanged = { created: false, added: [], removed: [], changed: [] };
    expect(JSON.parse((await first.roleFile('apply', file)).stdout)).toMatchObject(unchanged);
    expect(JSON.parse((await others[0]?.roleFile('apply', file))?.stdout ?? '')).toMatchObject(unchanged);

    const newer = JSON.parse(await readFile(file, 'utf8')) as { privileges: { name: string; depth: string }[] };
    newer.privileges = newer.privileges.filter(({ name }) => name !== 'prvReadOptionSet');
    newer.privileges.push({ name: 'prvReadTeam', depth: 'Local' });
    const newerFile = join(server.dataFolder, 'role-2.json');
    await writeFile(newerFile, JSON.stringify(newer));
    const difference = { created: false, added: ['prvReadTeam'], removed: ['prvReadOptionSet'], changed: [] };
    expect(JSON.parse((await first.roleFile('apply', newerFile, '--dry-run')).stdout)).toMatchObject(difference);
    expect(JSON.parse((await first.roleFile('apply', newerFile)).stdout)).toMatchObject(difference);
    expect(JSON.parse((await first.roleFile('apply', newerFile)).stdout)).toMatchObject(unchanged);

    newer.privileges.push({ name: 'prvReadNothing', depth: 'Global' }, { name: 'prvWriteNothing', depth: 'Global' });
    await writeFile(newerFile, JSON.stringify({ ...newer, name: 'Ny rolle' }));
    const refused = await first.roleFile('apply', newerFile);
    expect(refused).toMatchObject({
      code: 1,
      stderr: 'this environment has no privilege prvReadNothing, prvWriteNothing\n',
    });
    expect(rowsOf(await first.webApi(`roles?${query({ $filter: "name eq 'Ny rolle'" })}`))).toEqual([]);
  });

  test('each customer lets it in, and it writes and reads there alone', { timeout: patience * 60_000 }, async () => {
    for (const customer of customers) {
      await customer.addApplicationUser(clientId, roleName);
      await customer.addHrUser(clientId);
    }
    for (const [index, customer] of customers.entries()) {
      const lastName = `Hansen-${names[index]}`;
      const found = await ats.ask('hire', { customer: customer.place, token: tokens[index], lastName });
      expect(found).toEqual([lastName]);
    }
  });

  test('a token of one customer is refused by every other', async () => {
    const statuses = await Promise.all(
      customers.map(({ url }) => Promise.all(tokens.map((token) => statusAt(url, token)))),
    );
    expect(statuses).toEqual(customers.map((_, row) => tokens.map((_each, column) => (row === column ? 200 : 401))));
    for (const token of tokens) expect(await statusAt(server.url, token)).toBe(401);
  });

  test('no customer can be had by the name of another', async () => {
    for (const [index, customer] of customers.entries()) {
      const other = customers[(index + 1) % customers.length];
      const mixed = { authority: customer.place.authority, url: other?.url };
      const asked = ats.ask('acquire', { clientId, credential: secret, customer: mixed });
      await expect(asked).rejects.toThrow('AADSTS500011');
    }
  });

  test('the secret rolls over without a failed call', { timeout: patience * 60_000 }, async () => {
    const old = secret;
    const keyId = rowsOf(bodyOf(await graph(applicationPath))['passwordCredentials'])[0]?.['keyId'];
    await beginLoop([old]);
    const added = await addSecret('second');
    await ats.ask('use', { credentials: [old, added] });
    await ats.ask('use', { credentials: [added] });
    expect((await graph(`${applicationPath}/removePassword`, 'POST', { keyId })).status).toBe(204);
    await ats.ask('use', { credentials: [added] });
    const { calls, failures } = await endLoop();
    expect(failures).toEqual([]);
    expect(calls).toBeGreaterThanOrEqual(customers.length * 4);
    secret = added;
    for (const customer of customers) await expect(acquire(customer, old)).rejects.toThrow('AADSTS7000215');
  });

  test('so does the certificate', { timeout: patience * 60_000 }, async () => {
    const [first, second] = await Promise.all([makeCertificate('first'), makeCertificate('second')]);
    const put = async (keyCredentials: readonly object[]) => {
      expect((await graph(applicationPath, 'PATCH', { keyCredentials })).status).toBe(204);
      return rowsOf(bodyOf(await graph(applicationPath))['keyCredentials']);
    };
    const [registered] = await put([first.key]);
    await beginLoop([first.credential]);
    const both = await put([{ keyId: registered?.['keyId'] }, second.key]);
    await ats.ask('use', { credentials: [first.credential, second.credential] });
    await ats.ask('use', { credentials: [second.credential] });
    await put(both.filter(({ keyId }) => keyId !== registered?.['keyId']).map(({ keyId }) => ({ keyId })));
    await ats.ask('use', { credentials: [second.credential] });
    const { calls, failures } = await endLoop();
    expect(failures).toEqual([]);
    expect(calls).toBeGreaterThanOrEqual(customers.length * 4);
    for (const customer of customers) await expect(acquire(customer, first.credential)).rejects.toThrow('AADSTS700027');
  });

  test('one customer throws it out: that one at once, and no other', async () => {
    tokens = await acquireAll();
    const [, , third] = customers as [Customer, Customer, Customer];
    const path = `servicePrincipals(appId='${clientId}')`;
    const before = bodyOf(await third.graph(path))['id'];
    expect((await third.graph(path, { method: 'DELETE' })).status).toBe(204);
    const statuses = await Promise.all(customers.map(({ url }, index) => statusAt(url, tokens[index] ?? '')));
    expect(statuses).toEqual([200, 200, 401, 200, 200]);
    await expect(acquire(third)).rejects.toThrow('AADSTS700016');
    for (const customer of customers) if (customer !== third) await acquire(customer);

    const user = `systemusers?${query({ $filter: `applicationid eq ${clientId}` })}`;
    expect(rowsOf(await third.webApi(user))).toMatchObject([
      { isdisabled: false, azureactivedirectoryobjectid: before },
    ]);

    await third.consent(clientId, redirectUri, log);
    const token = await acquire(third);
    const after = claimsOf(token)['oid'];
    expect(after).not.toBe(before);
    expect(await statusAt(third.url, tokens[2] ?? '')).toBe(401);
    expect(await ats.ask('count', { customer: third.place, token })).toBe(1);
    await expect.poll(async () => rowsOf(await third.webApi(user))[0]?.['azureactivedirectoryobjectid']).toBe(after);
  });

  test('one customer disables it: refused until it is enabled again, with the very same token', async () => {
    const [first] = customers as [Customer];
    const token = await acquire(first);
    const path = `servicePrincipals(appId='${clientId}')`;
    const set = (accountEnabled: boolean) => first.graph(path, { method: 'PATCH', body: { accountEnabled } });
    expect((await set(false)).status).toBe(204);
    expect(await statusAt(first.url, token)).toBe(401);
    await expect(acquire(first)).rejects.toThrow('AADSTS7000112');
    expect(await statusAt(customers[1]?.url ?? '', tokens[1] ?? '')).toBe(200);
    await first.consent(clientId, redirectUri, log);
    expect(await statusAt(first.url, token)).toBe(401);
    expect((await set(true)).status).toBe(204);
    expect(await statusAt(first.url, token)).toBe(200);
  });
});

/** A certificate as it is registered, and as msal-node takes it. */
async function makeCertificate(name: string) {
  const { pem, certificate } = await createClientCertificate(name, new Date());
  const { raw, fingerprint256 } = new X509Certificate(certificate);
  const key = raw.toString('base64');
  return {
    key: { type: 'AsymmetricX509Cert', usage: 'Verify', displayName: name, key },
    credential: {
      clientCertificate: { thumbprintSha256: fingerprint256.replaceAll(':', ''), privateKey: pem },
    },
  };
}
