import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect, executeOnce } from '../../src/storage/sql/postgres/binding.ts';
import { type Ask, ask } from '../support/client.ts';
import { engines } from '../support/database.ts';
import { query } from '../support/odata.ts';
import { type OtlpReceiver, startOtlpReceiver } from '../support/otlp-receiver.ts';
import { readAuditOf } from '../support/read-audit.ts';
import { type RecordingLog, recordingLog } from '../support/recording-log.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { patience } from '../support/way.ts';

/** What must be nowhere: each is made up anew for each place that it is put in. */
const letters = (): string => randomBytes(9).toString('hex').replace(/\d/g, 'x');
const kinds = {
  secret: () => `Pv8Q~${randomBytes(24).toString('base64url')}`,
  name: () => `Hemmelig${letters()}`,
  email: () => `${letters()}@hemmelig.example`,
  nationalNumber: () => `${randomBytes(4).readUInt32BE() + 10_000_000_000}`,
  jwt: () =>
    `${[{ alg: 'RS256' }, { sub: letters(), iss: 'x' }]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.')}.${randomBytes(64).toString('base64url')}`,
} as const;

type Plant = (kind: keyof typeof kinds) => string;
interface Planted extends Ask {
  readonly path: string;
  readonly as?: 'ats' | 'admin';
}
interface Surface {
  readonly name: string;
  readonly requests: (plant: Plant, server: TestServer) => readonly Planted[];
}

const form = (members: Readonly<Record<string, string>>, headers = {}): Ask => ({
  method: 'POST',
  headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
  body: new URLSearchParams(members).toString(),
});
const post = (body: unknown): Ask => ({ method: 'POST', headers: { 'content-type': 'application/json' }, body });
const candidates = '/api/data/v9.2/mshr_hcmcandidatetohireentities';

const surfaces: readonly Surface[] = [
  {
    name: 'the token endpoint',
    requests(plant, { env, url }) {
      const { pathname } = new URL(env.AUTHORITY_URL);
      const path = `${pathname}/oauth2/v2.0/token`;
      const asked = { grant_type: 'client_credentials', client_id: env.CLIENT_ID, scope: `${url}/.default` };
      const bearer = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
      const basic = (user: string, password: string) => ({
        authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
      });
      return [
        { path, ...form({ ...asked, client_secret: env.CLIENT_SECRET }) },
        { path, ...form({ ...asked, client_secret: plant('secret') }) },
        { path, ...form({ ...asked, client_id: plant('secret'), client_secret: plant('secret') }) },
        { path, ...form({ ...asked, scope: plant('secret') }) },
        { path, ...form({ ...asked, grant_type: plant('secret') }) },
        { path, ...form({ ...asked, resource: plant('secret'), [plant('name')]: plant('secret') }) },
        { path, ...form({ ...asked, client_assertion_type: bearer, client_assertion: plant('jwt') }) },
        { path, ...form({ ...asked, client_assertion_type: plant('secret'), client_assertion: plant('jwt') }) },
        { path, ...form(asked, basic(env.CLIENT_ID, plant('secret'))) },
        { path, ...form(asked, basic(plant('email'), plant('secret'))) },
        { path, ...form({ ...asked, grant_type: 'password', username: plant('email'), password: plant('secret') }) },
        { path: `${path}?client_secret=${plant('secret')}`, ...form(asked) },
        { path: `/${plant('email')}/oauth2/v2.0/token`, ...form(asked) },
        { path, ...form({ ...asked, client_secret: plant('secret') }, { 'client-request-id': plant('email') }) },
        { path, ...post({ client_secret: plant('secret') }) },
      ];
    },
  },
  {
    name: 'the Web API',
    requests(plant) {
      const person = {
        mshr_dataareaid: 'usmf',
        mshr_recruitingrequestid: 'USMF-000001',
        mshr_firstname: plant('name'),
      };
      const odd = [
        `{"mshr_firstname":"${plant('name')}`,
        { ...person, mshr_lastname: plant('name'), [plant('name')]: plant('nationalNumber') },
        { ...person, mshr_gender: plant('name') },
        { ...person, mshr_availabilitydate: plant('nationalNumber') },
        { ...person, 'mshr_FK_Person_id@odata.bind': `/mshr_dirpersonentities(mshr_partynumber='${plant('name')}')` },
      ];
      const filters = [
        `mshr_lastname eq '${plant('name')}'`,
        `mshr_lastname eq ${plant('name')}`,
        `contains(mshr_emailaddress,'${plant('email')}')`,
        `${plant('name')} eq 1`,
        `mshr_lastname eq '${plant('name')}`,
      ];
      const fetch = `<fetch><entity name="mshr_hcmcandidatetohireentity"><filter><condition attribute="mshr_lastname" operator="${plant('name')}" value="${plant('name')}"/></filter></entity></fetch>`;
      return [
        { path: candidates, as: 'ats', ...post({ ...person, mshr_lastname: plant('name') }) },
        ...odd.map((body) => ({ path: candidates, as: 'ats' as const, ...post(body) })),
        ...filters.map((filter) => ({ path: `${candidates}?${query({ $filter: filter })}`, as: 'ats' as const })),
        { path: `${candidates}?${query({ fetchXml: fetch })}`, as: 'ats' },
        { path: `${candidates}?${query({ $select: plant('name') })}`, as: 'ats' },
        { path: `/api/data/v9.2/${plant('name')}`, as: 'ats' },
        { path: `${candidates}(mshr_lastname='${plant('name')}')`, as: 'ats' },
        { path: candidates, headers: { authorization: `Bearer ${plant('jwt')}` } },
        { path: candidates, headers: { authorization: `Basic ${plant('secret')}` } },
        { path: candidates, as: 'admin', headers: { MSCRMCallerID: plant('name') } },
        { path: candidates, as: 'ats', headers: { 'client-request-id': plant('email'), prefer: plant('name') } },
        {
          path: `${candidates}(99999999-9999-4999-8999-999999999999)`,
          as: 'ats',
          headers: { 'if-match': plant('secret') },
        },
        {
          ...{ path: '/api/data/v9.2/$batch', as: 'ats', method: 'POST' },
          headers: { 'content-type': 'multipart/mixed; boundary=b' },
          body: `--b\r\nContent-Type: application/http\r\n\r\nGET ${candidates}?$filter=mshr_lastname eq '${plant('name')}' HTTP/1.1\r\nAuthorization: ${plant('secret')}\r\n\r\n--b--`,
        },
        { path: '/api/data/v9.2/teams', as: 'admin', ...post({ name: plant('name'), emailaddress: plant('email') }) },
      ];
    },
  },
  {
    name: 'app registrations',
    requests: (plant) => [
      {
        path: '/v1.0/applications',
        as: 'admin',
        ...post({ displayName: plant('name'), [plant('name')]: plant('secret') }),
      },
      { path: '/v1.0/applications', as: 'admin', ...post({ displayName: plant('name'), notes: plant('email') }) },
      { path: `/v1.0/applications?${query({ $filter: `displayName eq '${plant('name')}'` })}`, as: 'admin' },
      { path: `/v1.0/applications/${plant('email')}`, as: 'admin' },
      {
        ...{ path: '/v1.0/applications/99999999-9999-4999-8999-999999999999/addKey', as: 'admin' },
        ...post({ proof: plant('jwt'), keyCredential: { key: plant('secret') } }),
      },
      { path: '/v1.0/applications', headers: { authorization: `Bearer ${plant('jwt')}` } },
    ],
  },
  {
    name: 'administration of Human Resources',
    requests: (plant) => [
      {
        path: '/data/SystemUsers',
        as: 'admin',
        ...post({ UserID: letters().slice(0, 8), UserName: plant('name'), Email: plant('email') }),
      },
      { path: '/data/SystemUsers', as: 'admin', ...post({ UserID: plant('name'), [plant('name')]: plant('secret') }) },
      { path: `/data/SystemUsers?${query({ $filter: `UserName eq '${plant('name')}` })}`, as: 'admin' },
      { path: '/data/SystemUsers', headers: { authorization: plant('secret') } },
    ],
  },
  {
    name: 'what only Portvakt has, and its sign-in',
    requests: (plant) => [
      {
        path: '/portvakt/v1/tenants',
        as: 'admin',
        ...post({ displayName: plant('name'), [plant('name')]: plant('secret') }),
      },
      { path: '/portvakt/v1/tenants', as: 'admin', ...post(`{"displayName":"${plant('name')}`) },
      { path: `/portvakt/v1/audit?correlationId=${plant('email')}`, as: 'admin' },
      { path: `/portvakt/v1/audit/verify?seal=${plant('secret')}`, as: 'admin' },
      { path: `/portvakt/v1/${plant('email')}`, as: 'admin' },
      {
        path: '/portvakt/v1/webhooks',
        as: 'admin',
        ...post({ name: plant('name'), url: `https://${plant('name')}:${plant('secret')}@x.example/`, types: [] }),
      },
      { path: '/portvakt/v1/audit', headers: { authorization: `Bearer ${plant('jwt')}` } },
      { path: '/portvakt/v1/session', ...post({ name: plant('email'), password: plant('secret') }) },
      { path: '/portvakt/v1/session', headers: { cookie: `__Host-portvakt=${plant('secret')}` } },
    ],
  },
  {
    name: 'consent',
    requests: (plant, { env }) => {
      const path = `${new URL(env.AUTHORITY_URL).pathname}/v2.0/adminconsent`;
      const asked = {
        client_id: env.CLIENT_ID,
        state: plant('secret'),
        redirect_uri: `https://x.example/?${plant('secret')}`,
      };
      return [
        { path: `${path}?${query({ ...asked, scope: plant('name') })}` },
        { path, ...form({ ...asked, code: plant('secret') }) },
      ];
    },
  },
];

const metricsToken = 'token-of-these-tests.1234567890';

describe.each(engines)('the audit log on %s', (engine) => {
  let server: TestServer;
  let log: RecordingLog;
  let collector: OtlpReceiver;
  beforeAll(async () => {
    log = recordingLog();
    collector = await startOtlpReceiver();
    const settings = { PORTVAKT_METRICS_TOKEN: metricsToken, PORTVAKT_TRACES_URL: collector.url };
    server = await startTestServer(engine, settings, log);
  });
  afterAll(() => collector.close());

  /** Everything that the store has, as text. */
  async function store(): Promise<string> {
    const { dataFolder, databaseUrl } = server;
    if (databaseUrl === undefined) {
      const files = ['audit.db', 'audit.db-wal'].map((file) => readFile(join(dataFolder, file), 'latin1'));
      return (await Promise.all(files)).join('');
    }
    const { connection, close } = await connect({ url: databaseUrl, statementTimeoutMs: 60_000 });
    try {
      const tables = ['portvakt_audit', 'portvakt_audit_id', 'portvakt_audit_seal'];
      const rows = tables.map((table) => executeOnce(connection, `select ${table}::text from portvakt.${table}`));
      return (await Promise.all(rows)).flat(2).join('\n');
    } finally {
      await close();
    }
  }

  test('holds no secret and nothing of a person, whatever was sent to which surface, nor does the log at any level, a metric or a trace', {
    timeout: patience * 60_000,
  }, async () => {
    const since = new Date().toISOString();
    const planted: { value: string; where: string }[] = [
      { value: server.env.CLIENT_SECRET, where: 'credentials' },
      { value: await server.token('ats'), where: 'tokens' },
    ];
    let sent = 0;
    for (const surface of surfaces) {
      const plant: Plant = (kind) => {
        const value = kinds[kind]();
        planted.push({ value, where: `${surface.name}: ${kind}` });
        return value;
      };
      for (const { path, as, ...options } of surface.requests(plant, server)) {
        const token = as === undefined ? {} : { token: await server.token(as, scopeOf(path, server.url)) };
        const answer = await ask(server.ca, `${server.url}${encodeURI(decodeURI(path))}`, { ...token, ...options });
        expect({ path, status: answer.status !== 500 }).toEqual({ path, status: true });
        sent += 1;
      }
    }
    expect(planted.length).toBeGreaterThan(70);
    // What is only read is written within a second.
    await new Promise((resolve) => setTimeout(resolve, 1200));
    const entries = await readAuditOf(server, { since });
    expect(entries.length).toBeGreaterThanOrEqual(sent - 1);
    const everything = await store();
    expect(everything).toContain(entries[0]?.requestId);
    const parts = ({ value }: { value: string }) => [value, ...value.split('.').filter((part) => part.length > 20)];
    expect(planted.filter((each) => parts(each).some((part) => everything.includes(part)))).toEqual([]);
    const { text: metrics } = await server.ask('/metrics', { token: metricsToken });
    // Sends the last spans.
    await server.close();
    expect(log.lines.filter(({ level }) => level === 'debug').length).toBeGreaterThan(sent);
    expect(log.lines.filter(({ level }) => level === 'info').length).toBeGreaterThan(sent / 2);
    expect(collector.spans().filter(({ kind }) => kind === 2).length).toBeGreaterThan(sent);
    expect(collector.spans().filter(({ attributes }) => 'db.query.text' in attributes).length).toBeGreaterThan(5);
    expect(metrics).toContain('portvakt_refusals_total{');
    const holds = (text: string) => planted.filter((each) => parts(each).some((part) => text.includes(part)));
    expect(
      log.lines.flatMap((line) => holds(JSON.stringify(line)).map(({ value, where }) => ({ value, where, line }))),
    ).toEqual([]);
    expect(holds(metrics)).toEqual([]);
    expect(holds(collector.bodies.join('\n'))).toEqual([]);
  });
});

/** What the token of a path is for. */
const scopeOf = (path: string, url: string): string =>
  path.startsWith('/v1.0')
    ? 'https://graph.microsoft.com/.default'
    : path.startsWith('/data')
      ? `${url}/data/.default`
      : `${url}/.default`;
