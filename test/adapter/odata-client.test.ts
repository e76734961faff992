import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MappedReads } from '../../src/adapter/providers/mapped/mapped-reads.ts';
import { MappingError, resolveMappings } from '../../src/adapter/providers/mapped/mapping.ts';
import { ODataClient, type ServiceSettings } from '../../src/adapter/providers/odata/odata-client.ts';
import { ODataSource } from '../../src/adapter/providers/odata/odata-source.ts';
import { parseSources, SourcesFileError } from '../../src/adapter/providers/sources-file.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { Refusal } from '../../src/kernel/refusal.ts';
import { builtInModel } from '../../src/metadata/built-in.ts';
import type { Condition } from '../../src/odata/query.ts';
import { columnOf, tableOf } from '../hr/operations.ts';
import { close, type ForeignService, listen, startForeignService } from './foreign-odata.ts';
import { location, mappings, skill } from './providers-suite.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** Starts a service that answers as it is told, runs the work, and gives what was thrown. */
async function whenItAnswers(answer: Answer, settings: Partial<ServiceSettings> = {}): Promise<Refusal> {
  const http = createServer(answer);
  const url = await listen(http);
  const error: unknown = await new ODataClient({ url, ...settings }, systemClock)
    .call({ method: 'GET', path: 'Skills' })
    .catch((reason: unknown) => reason);
  await close(http);
  if (!(error instanceof Refusal)) throw new Error(`not refused: ${String(error)}`);
  return error;
}

const json =
  (status: number, body: unknown): Answer =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };

const v1 = /^A token was obtained to call Finance and Operations, but the call was rejected/;
const v3 =
  'A token was obtained to call Finance and Operations, but Finance and Operations returned an error of type InternalServerError.';
const v4 =
  'A token was obtained to call Finance and Operations, but Finance and Operations returned an error of type 429.';
const inner = {
  error: { code: '', message: 'An error has occurred.', innererror: { message: "Field 'Skill' must be filled in." } },
};

describe('what goes wrong at the other service', () => {
  test.each<{ name: string; answer: Answer; message: string | RegExp; settings?: Partial<ServiceSettings> }>([
    { name: 'it is not let in', answer: json(401, {}), message: v1 },
    { name: 'it may not', answer: json(403, {}), message: v1 },
    { name: 'too many calls', answer: json(429, {}), message: v4 },
    { name: 'a failure', answer: json(500, {}), message: v3 },
    {
      name: 'refused values, in its own words',
      answer: json(400, { error: { code: '1', message: 'Unknown property X' } }),
      message: 'Unknown property X',
    },
    {
      name: 'refused values, the true reason inside',
      answer: json(400, inner),
      message: "Field 'Skill' must be filled in.",
    },
    { name: 'a refusal without words', answer: json(400, {}), message: v3 },
    {
      name: 'a redirect',
      answer: (_request, response) => response.writeHead(302, { location: 'https://example.com/' }).end(),
      message: v3,
    },
    { name: 'broken JSON', answer: (_request, response) => response.end('{"value": ['), message: v3 },
    { name: 'a connection that is cut', answer: (request) => request.socket.destroy(), message: v3 },
    { name: 'no answer in time', answer: () => undefined, message: v3, settings: { timeoutMs: 200 } },
    {
      name: 'an answer that does not end',
      answer: (_request, response) => {
        response.write('{');
      },
      message: v3,
      settings: { timeoutMs: 200 },
    },
  ])('$name', async ({ answer, message, settings }) => {
    const { problem, reason } = await whenItAnswers(answer, settings);
    expect(problem).toMatchObject({ status: 400, code: '0x80040265' });
    expect(problem.message).toMatch(message);
    expect(reason).not.toBe('');
  });

  test('nobody is there', async () => {
    const call = new ODataClient({ url: 'http://127.0.0.1:9' }, systemClock).call({ method: 'GET', path: 'Skills' });
    await expect(call).rejects.toMatchObject({
      problem: { message: v3 },
      reason: expect.stringContaining('http://127.0.0.1:9 did not answer'),
    });
  });

  test('a link to another host is not followed, and gets no token', async () => {
    const client = new ODataClient({ url: 'http://127.0.0.1:1' }, systemClock);
    const call = client.call({ method: 'GET', path: 'http://127.0.0.1:2/Skills' });
    await expect(call).rejects.toMatchObject({ reason: 'the service leads to http://127.0.0.1:2' });
  });
});

describe('credentials for the other service', () => {
  const folder = mkdtempSync(join(tmpdir(), 'portvakt-provider-'));
  const clientSecretFile = join(folder, 'secret');
  afterAll(() => rmSync(folder, { recursive: true }));

  test('one token serves until it is refused, and the secret is read again then', async () => {
    const seen: string[] = [];
    let accepted = 'Bearer 1';
    const http = createServer((request, response) => {
      if (request.url !== '/token') {
        const isRight = request.headers.authorization === accepted;
        seen.push(`${request.headers.authorization} ${isRight}`);
        return json(isRight ? 200 : 401, { value: [] })(request, response);
      }
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        const form = new URLSearchParams(body);
        seen.push(`${form.get('client_id')} ${form.get('client_secret')} ${form.get('scope')}`);
        json(200, { access_token: form.get('client_secret'), expires_in: 3600 })(request, response);
      });
      return undefined;
    });
    const url = await listen(http);
    const token = { url: `${url}/token`, clientId: 'me', clientSecretFile, scope: 'all' };
    writeFileSync(clientSecretFile, '1\n');
    const client = new ODataClient({ url, token }, systemClock);
    const call = () => client.call({ method: 'GET', path: 'Skills' });
    await call();
    await call();
    writeFileSync(clientSecretFile, '2\n');
    accepted = 'Bearer 2';
    await call();
    accepted = 'none';
    await expect(call()).rejects.toMatchObject({ problem: { message: expect.stringMatching(v1) } });
    await close(http);
    expect(seen).toEqual([
      'me 1 all',
      ...['Bearer 1 true', 'Bearer 1 true', 'Bearer 1 false'],
      'me 2 all',
      ...['Bearer 2 true', 'Bearer 2 false'],
      'me 2 all',
      'Bearer 2 false',
    ]);
  });
});

describe('a service that does not do as it is told', () => {
  const model = builtInModel();
  const tables = resolveMappings(model, mappings);
  let service: ForeignService;
  let reads: MappedReads;
  beforeAll(async () => {
    service = await startForeignService();
    reads = new MappedReads(new ODataSource(new ODataClient({ url: service.url }, systemClock), model, tables), tables);
    await service.put('Skills', { _id: 'a', RecId: 1, Skill: 'Rowing' });
    await service.put('Skills', { _id: 'b', RecId: 2, Skill: 'Chess' });
    await service.put('Locations', { _id: 'c', RecId: 3, DataAreaId: 'no01' });
  });
  afterAll(() => service.close());

  const select = (table: string, where: Condition) =>
    reads.select(reads.tableOf(tableOf(model, table)), { where, orderBy: [], limit: 10 });

  test('rows that were not asked for are not shown: this one passes over functions in filters', async () => {
    const where: Condition = {
      kind: 'text',
      op: 'contains',
      column: columnOf(tableOf(model, skill), 'mshr_skill'),
      value: 'ow',
    };
    await expect(select(skill, where)).rejects.toMatchObject({
      problem: { message: v3 },
      reason: 'Skills gave rows that were not asked for',
    });
  });

  test('nor rows of another legal entity under `not`, which it passes over too', async () => {
    const company = columnOf(tableOf(model, location), 'mshr_dataareaid');
    const where: Condition = { kind: 'not', of: { kind: 'compare', op: 'eq', column: company, value: 'no01' } };
    await expect(select(location, where)).rejects.toMatchObject({ problem: { message: v3 } });
  });

  test.each<{ name: string; where: Condition }>([
    { name: 'a month', where: { kind: 'month', column: columnOf(tableOf(model, skill), 'mshr_skill'), months: [1] } },
    {
      name: 'a column that it does not have',
      where: { kind: 'compare', op: 'eq', column: columnOf(tableOf(model, skill), 'mshr_skilltypeid'), value: 'x' },
    },
  ])('$name is refused, not passed over', async ({ where }) => {
    await expect(select(skill, where)).rejects.toMatchObject({ problem: { status: 501 } });
  });
});

describe('the file of sources', () => {
  const source = { kind: 'odata', url: 'https://hr.example/data', tables: mappings };

  test('is read', () => {
    expect(parseSources(JSON.stringify([source]))).toEqual([source]);
  });

  test.each([
    { name: 'no array', text: '{}', message: 'it must be a JSON array of sources' },
    { name: 'no JSON', text: '[', message: 'it must be a JSON array of sources' },
    {
      name: 'another kind',
      text: JSON.stringify([{ ...source, kind: 'soap' }]),
      message: 'source 1: kind must be odata or sql',
    },
    {
      name: 'an unknown member',
      text: JSON.stringify([{ ...source, tabels: {} }]),
      message: 'source 1 has no member tabels',
    },
    {
      name: 'no tables',
      text: JSON.stringify([{ kind: 'odata', url: source.url }]),
      message: "source 1 must have required property 'tables'",
    },
    {
      name: 'a slash at the end',
      text: JSON.stringify([{ ...source, url: 'https://hr.example/data/' }]),
      message: 'source 1/url must match pattern',
    },
    {
      name: 'another database',
      text: JSON.stringify([{ kind: 'sql', url: 'mysql://x', tables: mappings }]),
      message: 'source 1/url must match pattern',
    },
  ])('$name is refused', ({ text, message }) => {
    expect(() => parseSources(text)).toThrow(SourcesFileError);
    expect(() => parseSources(text)).toThrow(message);
  });

  test.each([
    {
      name: 'a table that is not there',
      tables: { mshr_nothing: mappings[skill] },
      message: 'there is no virtual table mshr_nothing',
    },
    {
      name: 'a table of the platform',
      tables: { systemuser: mappings[skill] },
      message: 'there is no virtual table systemuser',
    },
    {
      name: 'a column that is not there',
      tables: { [skill]: { ...mappings[skill], columns: { mshr_x: 'X' } } },
      message: `the table ${skill} has no column mshr_x`,
    },
    {
      name: 'no legal entity',
      tables: { [location]: { ...mappings[location], columns: {} } },
      message: `the table ${location} needs its column mshr_dataareaid: the legal entity`,
    },
  ])('$name does not fit the model', ({ tables, message }) => {
    const given = tables as typeof mappings;
    expect(() => resolveMappings(builtInModel(), given)).toThrow(MappingError);
    expect(() => resolveMappings(builtInModel(), given)).toThrow(message);
  });
});
