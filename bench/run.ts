/**
 * `npm run bench`: Portvakt in alternation with a bare `node:http` server that returns the same bytes, with a
 * hand-written server on the same rows (`ceiling-server.ts`), with and without an audit log, and beside OpenSSL. Prints requests per second, CPU per
 * request, latencies, memory, and the ratios that matter; tokens beside `oidc-provider`. On a noisy machine read the
 * ratios, and the load that is printed beside them. `BENCH_ROWS` and `BENCH_SECONDS` change the size; `npm run bench
 * tokens` (`security`, `explain`, `metrics`, `sqlite`, `postgres`) runs one part.
 */
import { rmSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '../test/support/postgres.ts';
import { measureBatch } from './batch.ts';
import type { CeilingKind, CeilingOrder } from './ceiling-server.ts';
import { measureDecisions } from './decisions.ts';
import { measureExplanations } from './explanations.ts';
import { benchGrowth } from './growth.ts';
import { type Measurement, measure, median, type Shot } from './load.ts';
import { measureMetrics } from './metrics.ts';
import { benchNodes } from './nodes.ts';
import {
  candidateId,
  createOrganisation,
  demoEnvOf,
  type Organisation,
  publicUrl,
  startPortvakt,
} from './organisation.ts';
import { type Running, residentMiB, startProcess, stopProcess } from './processes.ts';
import { type Recorded, record } from './record.ts';
import { header, percent, print } from './report.ts';
import { measureSecuritySize } from './security-size.ts';
import { measureTokenParts } from './token-parts.ts';
import { benchTokens, tokenShot } from './tokens.ts';

const rows = Number(process.env['BENCH_ROWS'] ?? 100_000);
const seconds = Number(process.env['BENCH_SECONDS'] ?? 3);
/** Each server works so long before it is measured: V8 compiles what is used, and ours has more of it. */
const warmSeconds = Number(process.env['BENCH_WARM_SECONDS'] ?? 5);
const rounds = 3;
const only = process.argv[2];
/** `npm run bench -- sqlite create`: one kind of request. */
const onlyKind = process.argv[3];

const host = new URL(publicUrl).host;
const api = '/api/data/v9.2/mshr_hcmcandidatetohireentities';
const columns =
  'mshr_candidateid,mshr_partynumber,mshr_firstname,mshr_lastname,mshr_recruitingrequestid,mshr_positionid,mshr_gender,mshr_availabilitydate,mshr_applicantintegrationresult,mshr_dataareaid';

function shotsOf(token: string): Readonly<Record<CeilingKind, Shot>> {
  const headers = { host, authorization: `Bearer ${token}` };
  const paged = { ...headers, prefer: 'odata.maxpagesize=50' };
  const candidate = {
    mshr_dataareaid: 'usmf',
    mshr_recruitingrequestid: 'USMF-000001',
    mshr_firstname: 'Kari',
    mshr_lastname: 'Ås',
  };
  return {
    'point read': { method: 'GET', headers, path: `${api}(${candidateId(77)})?$select=${columns}` },
    'page of 50': {
      method: 'GET',
      headers: paged,
      path: `${api}?$select=${columns}&$filter=mshr_applicantintegrationresult%20eq%20200000000&$orderby=mshr_lastname`,
    },
    expand: {
      method: 'GET',
      headers,
      path: `${api}(${candidateId(77)})?$select=${columns}&$expand=mshr_FK_Person_id($select=mshr_name),mshr_FK_RecruitingRequest_id($select=mshr_description)`,
    },
    create: {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      path: api,
      body: JSON.stringify(candidate),
    },
  };
}

async function benchDatabase(name: string, organisation: Organisation): Promise<void> {
  const server = await startPortvakt(organisation);
  const idle = residentMiB(server.child.pid);
  console.log(`\n## ${name}, ${rows} candidates, plain HTTP, 16 connections (idle memory ${idle} MiB)\n`);
  const env = demoEnvOf(organisation);
  const token = await requestToken(server.origin, env);
  console.log(header);
  if (onlyKind === undefined || onlyKind === 'token') await benchTokens(server, env, seconds, rounds);
  await benchBatch(server, shotsOf(token)['point read']);
  await stopProcess(server);
  for (const [kind, shot] of Object.entries(shotsOf(token)) as [CeilingKind, Shot][]) {
    if (onlyKind !== undefined && onlyKind !== kind) continue;
    // Each of those that are compared has done nothing but this kind.
    const own = await startPortvakt(organisation);
    await benchShot(kind, shot, own, { organisation, token });
    await stopProcess(own);
  }
  if (onlyKind !== undefined) return;

  const started = await startPortvakt(organisation, true);
  const secure = { ...started, origin: started.origin.replace('http:', 'https:') };
  console.log(`\n### ${name} over HTTPS\n\n${header}`);
  for (const [kind, shot] of Object.entries(shotsOf(token))) {
    print(kind, 'Portvakt', await measure(secure, secure.origin, shot, seconds));
  }
  await benchBatch(secure, shotsOf(token)['point read']);
  await stopProcess(secure);
}

/** The aim: a read in a batch of 100 costs less than half of a read by itself. */
async function benchBatch(server: Running, shot: Shot | undefined): Promise<void> {
  if (shot === undefined) return;
  const pathOf = (n: number): string => `${api}(${candidateId(77 + n)})?$select=${columns}`;
  const cost = await measureBatch(server, shot, '/api/data/v9.2/$batch', pathOf, seconds);
  print('point read', 'one by one', cost.single);
  print('batch of 100', 'Portvakt', cost.batch);
  console.log(
    `| batch of 100 | **cost of a read beside one by one** | **${percent(cost.time)}** | **${percent(cost.cpu)}** | | | | |`,
  );
  console.log(`| batch of 100 | **time of one client beside 100 requests** | **${percent(cost.wait)}** | | | | | |`);
}

async function benchShot(kind: CeilingKind, shot: Shot, server: Running, beside: Beside): Promise<void> {
  const answer = await record(server.origin, shot);
  const bare = await startBare(answer);
  const ceiling = await startCeiling(kind, shot, answer, { ...beside, isAudited: false });
  const audited = await startCeiling(kind, shot, answer, { ...beside, isAudited: true });
  const measured = [
    { who: 'bare node:http', of: 'bare', running: bare },
    { who: 'hand-written ceiling', of: 'the ceiling', running: ceiling },
    { who: 'ceiling with the audit log', of: 'the ceiling with the audit log', running: audited },
    { who: 'Portvakt', of: undefined, running: server },
  ].map((each) => ({ ...each, results: [] as Measurement[] }));
  for (const { running } of measured) await measure(running, running.origin, shot, warmSeconds);
  for (let round = 0; round < rounds; round++) {
    for (const { running, results } of measured) results.push(await measure(running, running.origin, shot, seconds));
  }
  await Promise.all([stopProcess(bare), stopProcess(ceiling), stopProcess(audited)]);
  const medians = measured.map(({ who, of, results }) => ({ who, of, result: median(results) }));
  const ours = medians.at(-1)?.result;
  if (ours === undefined) throw new RangeError('nothing was measured');
  for (const { who, result } of medians) print(kind, who, result);
  for (const { of, result } of medians) {
    if (of === undefined) continue;
    const [rate, cpu] = [percent(ours.perSecond / result.perSecond), percent(result.cpu / ours.cpu)];
    console.log(`| ${kind} | **of ${of} (load ${loadavg()[0]?.toFixed(1)})** | **${rate}** | **${cpu}** | | | | |`);
  }
}

/** What the ceiling server needs to know of the run. */
interface Beside {
  readonly organisation: Organisation;
  readonly token: string;
}

async function startCeiling(
  kind: CeilingKind,
  shot: Shot,
  answer: Recorded,
  { organisation, token, isAudited }: Beside & Pick<CeilingOrder, 'isAudited'>,
): Promise<Running> {
  const start = answer.body.indexOf(kind === 'page of 50' ? '"value"' : '"@odata.etag"');
  const { 'content-length': _, ...headers } = answer.headers;
  const order: CeilingOrder = {
    organisation,
    kind,
    token,
    isAudited,
    id: candidateId(77),
    context: answer.body.slice(0, Math.max(start, 0)),
    tail: answer.body.slice(answer.body.lastIndexOf(']')),
    columns: ['mshr_hcmcandidatetohireentityid', ...columns.split(',')],
    headers,
  };
  const file = join(process.env['TMPDIR'] ?? '/tmp', `portvakt-ceiling-${process.pid}.json`);
  writeFileSync(file, JSON.stringify(order));
  const ceiling = await startProcess(['--import', 'tsx', 'bench/ceiling-server.ts', file], process.env, /^(\d+)\n/);
  rmSync(file);
  const other = await record(ceiling.origin, shot);
  if (other.body.length !== answer.body.length) throw new Error(`the ceiling answers otherwise: ${other.body}`);
  return ceiling;
}

async function startBare(answer: Recorded): Promise<Running> {
  const file = join(process.env['TMPDIR'] ?? '/tmp', `portvakt-bare-${process.pid}.json`);
  writeFileSync(file, JSON.stringify(answer));
  const bare = await startProcess(['--import', 'tsx', 'bench/bare-server.ts', file], process.env, /^(\d+)\n/);
  rmSync(file);
  return bare;
}

async function requestToken(origin: string, env: ReturnType<typeof demoEnvOf>): Promise<string> {
  const answer = await record(origin, tokenShot(env));
  return (JSON.parse(answer.body) as { access_token: string }).access_token;
}

if (only === 'growth') {
  if (onlyKind !== 'postgres') await benchGrowth('SQLite', undefined, requestToken);
  if (onlyKind !== 'sqlite') {
    const postgres = await startPostgres();
    await benchGrowth('PostgreSQL', postgres.url, requestToken);
    await postgres.stop();
  }
}
if (only === 'nodes') await benchNodes({ rows, seconds, rounds, shotsOf, requestToken });
if (only === 'tokens') {
  const organisation = await createOrganisation(undefined, 0);
  const server = await startPortvakt(organisation);
  console.log(`\n## Tokens, plain HTTP, 16 connections\n\n${header}`);
  await benchTokens(server, demoEnvOf(organisation), seconds, 5);
  await stopProcess(server);
  await measureTokenParts();
  rmSync(organisation.dataFolder, { recursive: true });
}
if (only === 'explain') {
  const organisation = await createOrganisation(undefined, 0);
  await measureExplanations(organisation);
  rmSync(organisation.dataFolder, { recursive: true });
}
if (only === undefined || only === 'metrics') await measureMetrics();
if (only === undefined || only === 'security') await measureSecuritySize();
if (only === undefined || only === 'sqlite') {
  const organisation = await createOrganisation(undefined, rows);
  await benchDatabase('SQLite', organisation);
  await measureDecisions(organisation);
  await measureExplanations(organisation);
  rmSync(organisation.dataFolder, { recursive: true });
}
if (only === undefined || only === 'postgres') {
  const postgres = await startPostgres({ durable: true });
  const organisation = await createOrganisation(postgres.url, rows);
  await benchDatabase('PostgreSQL', organisation);
  rmSync(organisation.dataFolder, { recursive: true });
  await postgres.stop();
}
