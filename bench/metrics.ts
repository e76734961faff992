import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAuditKeeper } from '../src/audit/audit-keeper.ts';
import { AuditLog } from '../src/audit/audit-log.ts';
import { readAudit } from '../src/audit/read-audit.ts';
import { parseConfig } from '../src/config.ts';
import { openDataFolder } from '../src/data-folder.ts';
import { Installation } from '../src/environment/installation.ts';
import type { AuditEntry } from '../src/kernel/audit.ts';
import { systemClock } from '../src/kernel/clock.ts';
import type { Surface } from '../src/kernel/http.ts';
import { silentLog } from '../src/kernel/log.ts';
import { type Probe, silentProbe } from '../src/kernel/probe.ts';
import { ServerMetrics } from '../src/metrics/server-metrics.ts';
import { routeClassOf } from '../src/routes.ts';
import { openAudit } from '../src/storage/open-audit.ts';
import { openSurfaces } from '../src/surfaces.ts';
import { Traffic } from '../src/traffic/traffic.ts';
import { compare, processorTime } from './compare.ts';

const url = 'https://localhost:8443';
const read = '/api/data/v9.2/mshr_hcmrecruitingrequestentities?$select=mshr_description&$top=5';

/** What a request pays for being counted: the counting alone, and an allowed read with it and without. */
export async function measureMetrics(): Promise<void> {
  console.log('\n## Counting: what a request pays\n');
  for (let round = 0; round < 3; round++) countOften(100_000);
  console.log(`Counting one read alone, with its looks at the clock: ${Math.round(countOften(500_000))} ns\n`);
  const place = await openPlace();
  const ask = async (probe: Probe): Promise<unknown> => {
    place.probe = probe;
    return place.ask();
  };
  const metrics = new ServerMetrics(routeClassOf);
  await compare(500, [
    ['an allowed read, counted / not counted', () => ask(metrics), () => ask(silentProbe)],
    ['not counted / not counted: the noise', () => ask(silentProbe), () => ask(silentProbe)],
  ]);
  await place.close();
}

/** Nanoseconds of all that one allowed read of a virtual table tells. */
function countOften(times: number): number {
  const metrics = new ServerMetrics(routeClassOf);
  const entry = {
    ...{ surface: 'web-api', kind: 'read', outcome: 'allowed', requestId: 'x', status: 200, remoteAddress: '::1' },
    ...{ table: 'mshr_hcmrecruitingrequestentity', hrUserId: 'x' },
  } as unknown as AuditEntry;
  const start = processorTime();
  for (let at = 0; at < times; at++) {
    metrics.step('gate-one', metrics.begin('gate-one'), false);
    metrics.step('gate-two', metrics.begin('gate-two'), false);
    metrics.statement('read', performance.now(), '', false);
    metrics.answered(entry, performance.now());
    metrics.http({ method: 'GET', url: read }, 200, 1);
  }
  return ((processorTime() - start) / times) * 1e6;
}

/** An installation on the embedded database whose requests tell whatever probe is set at the moment. */
async function openPlace() {
  const path = await mkdtemp(join(tmpdir(), 'portvakt-bench-'));
  const closing: (() => Promise<void>)[] = [() => rm(path, { recursive: true })];
  const place = { probe: silentProbe as Probe };
  const probe: Probe = {
    http: (...told) => place.probe.http(...told),
    answered: (...told) => place.probe.answered(...told),
    begin: (step) => place.probe.begin(step),
    step: (...told) => place.probe.step(...told),
    statement: (...told) => place.probe.statement(...told),
  };
  const folder = await openDataFolder(path);
  const installation = await Installation.open(
    { dataFolder: path, environmentsFolder: folder.environments, databaseUrl: undefined, probe },
    systemClock,
  );
  closing.push(() => installation.close());
  const store = await openAudit(installation.auditLocation);
  const audit = new AuditLog({ store, answered: (entry, began) => probe.answered(entry, began) });
  closing.push(() => audit.close());
  const { surfaces, first } = await openSurfaces({
    ...{
      folder,
      installation,
      url,
      probe,
      audit,
      traffic: new Traffic({ workers: 1 }),
      port: 8443,
      log: silentLog,
      clock: systemClock,
    },
    config: parseConfig({ PORTVAKT_DATA: path, PORTVAKT_SEED: 'empty' }),
    readAudit: (query) => readAudit(store, query),
    auditKeeper: createAuditKeeper(store, audit, systemClock),
    cover: async () => undefined,
    onClose: (each) => closing.push(each),
  });
  if (first === undefined) throw new TypeError('the installation is not new');
  const authorization = `Bearer ${await tokenOf(surfaces.token, first.administrator)}`;
  const request = { method: 'GET', url: read, host: 'localhost:8443', remoteAddress: '::1', body: Buffer.alloc(0) };
  return Object.assign(place, {
    async ask(): Promise<void> {
      const began = performance.now();
      const { status } = await surfaces.webApi({ ...request, headers: { authorization } });
      probe.http(request, status, performance.now() - began);
      if (status !== 200) throw new Error(`answered ${status}`);
    },
    async close(): Promise<void> {
      for (const each of closing.reverse()) await each();
    },
  });
}

async function tokenOf(
  surface: Surface,
  { tenantId, clientId, clientSecret }: Readonly<Record<'tenantId' | 'clientId' | 'clientSecret', string>>,
): Promise<string> {
  const form = {
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
    scope: `${url}/.default`,
  };
  const answer = await surface({
    ...{ method: 'POST', url: `/${tenantId}/oauth2/v2.0/token`, host: 'localhost:8443' },
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: Buffer.from(new URLSearchParams(form).toString()),
  });
  return (JSON.parse(String(answer.body)) as { access_token: string }).access_token;
}
