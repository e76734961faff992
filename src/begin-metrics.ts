import type { AuditLog } from './audit/audit-log.ts';
import type { ListenerLoad } from './http/listener.ts';
import type { Clock } from './kernel/clock.ts';
import { type Family, gauge, gauges, total, totals } from './metrics/families.ts';
import { ProcessMetrics } from './metrics/process-metrics.ts';
import { ServerMetrics } from './metrics/server-metrics.ts';
import { programVersion } from './program-version.ts';
import type { Readiness } from './readiness.ts';
import { routeClassOf } from './routes.ts';
import type { DatabaseLoad, ReplicaLoad } from './storage/database.ts';
import type { KeySet } from './token/key-set.ts';

/** What is looked at when somebody asks, as far as the start has come. */
export interface Watched {
  listener?: () => ListenerLoad | undefined;
  audit?: Pick<AuditLog, 'backlog' | 'isWorking'>;
  /** Of the directory and of each environment in service. */
  databases?: () => readonly DatabaseLoad[];
  keys?: { readonly state: KeySet };
  readiness?: Pick<Readiness, 'troubles' | 'lastTroubles'>;
}

/** The metrics of one process. */
export interface ProcessOwnMetrics {
  readonly probe: ServerMetrics;
  /** Filled in by the start as its parts are there. */
  readonly watched: Watched;
  collect(): readonly Family[];
  close(): Promise<void>;
}

/** Begins to count. */
export function beginMetrics(clock: Clock): ProcessOwnMetrics {
  const probe = new ServerMetrics(routeClassOf);
  const ofProcess = new ProcessMetrics();
  const watched: Watched = {};
  const build = gauges('portvakt_build_info', 'The version of the program', 'version', { [programVersion()]: 1 });
  return {
    probe,
    watched,
    collect: () => [build, ...probe.families, ...familiesOf(watched, clock()), ...ofProcess.families],
    close: async () => ofProcess.close(),
  };
}

function familiesOf({ listener, audit, databases, keys, readiness }: Watched, now: Date): readonly Family[] {
  const load = listener?.();
  return [
    ...(load === undefined ? [] : ofListener(load)),
    ...(audit === undefined ? [] : ofAudit(audit)),
    ...(databases === undefined ? [] : ofDatabases(databases())),
    ...(keys === undefined ? [] : ofKeys(keys.state, now)),
    ...(readiness === undefined ? [] : ofReadiness(readiness)),
  ];
}

/** By the last look; the next one is begun, so that it is known when somebody asks again. */
function ofReadiness(readiness: NonNullable<Watched['readiness']>): readonly Family[] {
  void readiness.troubles();
  const isReady = readiness.lastTroubles.length === 0;
  return [gauge('portvakt_ready', '1 while /readyz answers 200, by its last look', isReady ? 1 : 0)];
}

const ofListener = ({ requests, connections, bodyBytes, dropped }: ListenerLoad): readonly Family[] => [
  gauge('portvakt_http_requests_in_flight', 'HTTP requests that are being answered', requests),
  gauge('portvakt_http_connections', 'Open connections of clients', connections),
  gauge('portvakt_http_body_bytes', 'Bytes of bodies that are being received or worked on', bodyBytes),
  total('portvakt_http_connections_dropped_total', 'Connections closed because too many were open', dropped),
];

const ofAudit = ({ backlog: { waiting, lost }, isWorking }: NonNullable<Watched['audit']>): readonly Family[] => [
  gauge('portvakt_audit_waiting', 'Entries of the audit log that wait to be written', waiting),
  total('portvakt_audit_lost_total', 'Allowed reads that are not in the audit log', lost),
  gauge('portvakt_audit_writable', '1 while the audit log can be written, 0 since a write failed', isWorking ? 1 : 0),
];

const sumOf =
  <T>(loads: readonly T[]) =>
  (of: (load: T) => number): number =>
    loads.reduce((all, load) => all + of(load), 0);

function ofDatabases(loads: readonly DatabaseLoad[]): readonly Family[] {
  const sum = sumOf(loads);
  return [
    gauges('portvakt_database_connections', 'Connections of all pools together', 'state', {
      busy: sum(({ busy }) => busy),
      idle: sum(({ idle }) => idle),
    }),
    gauge(
      'portvakt_database_connections_max',
      'Connections that all pools together may have',
      sum(({ most }) => most),
    ),
    gauge(
      'portvakt_database_waiting',
      'Jobs that wait for a connection',
      sum(({ waiting }) => waiting),
    ),
    ...familiesOfReplicas(loads.flatMap(({ replica }) => replica ?? [])),
    gauge('portvakt_databases', 'Open databases: the directory and each environment', loads.length),
  ];
}

/** Of all databases together, where reads have a replica. */
export function familiesOfReplicas(loads: readonly ReplicaLoad[]): readonly Family[] {
  if (loads.length === 0) return [];
  const sum = sumOf(loads);
  return [
    totals('portvakt_replica_reads_total', 'Reads that the replica was to answer, by what became of them', 'outcome', {
      served: sum(({ served }) => served),
      behind: sum(({ behind }) => behind),
      failed: sum(({ failed }) => failed),
    }),
    gauge(
      'portvakt_replica_in_use',
      'Databases whose reads the replica answers at the moment',
      sum(({ isUsed }) => Number(isUsed)),
    ),
  ];
}

function ofKeys({ current, next, retired }: KeySet, now: Date): readonly Family[] {
  const age = (since: Date): number => (now.getTime() - since.getTime()) / 1000;
  return [
    gauges('portvakt_signing_keys', 'Signing keys by their turn', 'turn', {
      ...{ current: 1, next: 1, retired: retired.length },
    }),
    gauges('portvakt_signing_key_age_seconds', 'How long the key has been signing, or published', 'turn', {
      current: age(current.since),
      next: age(next.publishedAt),
    }),
  ];
}
