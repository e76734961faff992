import type { AuditEntry } from '../kernel/audit.ts';
import type { HttpRequest } from '../kernel/http.ts';
import type { Probe, StatementKind, Step } from '../kernel/probe.ts';
import type { Family } from './families.ts';
import { gateOf, passedOne, passedTwo } from './gates-of.ts';
import { Counter, Histogram } from './series.ts';

/** Seconds. Requests, and statements that wait for a disk. */
const slow = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];
/** Seconds. Decisions in memory. */
const fast = [0.000005, 0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.01, 0.1];

/** Of so many decisions of a gate one is timed. */
const timedOf = 16;

/** Any other is counted together: a method is whatever a client writes. */
const methods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/**
 * What a server counts while it works. Labels are of names that the program or its model knows: never a path, an id, or
 * anything else that a client wrote.
 */
export class ServerMetrics implements Probe {
  readonly #routeOf: (url: string) => string;
  readonly #requests = new Counter({
    name: 'portvakt_http_requests_total',
    help: 'HTTP requests that were answered, by route class',
    labels: ['route', 'method', 'status'],
  });
  readonly #requestTimes = new Histogram(
    {
      name: 'portvakt_http_request_duration_seconds',
      help: 'Time from the last byte of an HTTP request to its answer',
      labels: ['route'],
    },
    slow,
  );
  readonly #operations = new Counter({
    name: 'portvakt_operations_total',
    help: 'Operations that surfaces were asked for; each part of a batch is one',
    labels: ['surface', 'table', 'kind', 'outcome'],
  });
  readonly #operationTimes = new Histogram(
    {
      name: 'portvakt_operation_duration_seconds',
      help: 'Time of an operation, with its entry in the audit log where it waits for that',
      labels: ['surface', 'table', 'kind'],
    },
    slow,
  );
  readonly #refusals = new Counter({
    name: 'portvakt_refusals_total',
    help: 'Refused operations by the stage that refused, the condition that was not met and the code',
    labels: ['surface', 'stage', 'condition', 'code'],
  });
  readonly #gates = new Counter({
    name: 'portvakt_gate_decisions_total',
    help: 'Decisions of the gates: what passed and what was refused',
    labels: ['gate', 'decision'],
  });
  readonly #onePassed = this.#gates.cell('one', 'passed');
  readonly #twoPassed = this.#gates.cell('two', 'passed');
  readonly #begun = { 'gate-one': 0, 'gate-two': 0 };
  readonly #gateTimes = new Histogram(
    {
      name: 'portvakt_gate_duration_seconds',
      help: 'Time that a gate takes to decide: of one in sixteen decisions',
      labels: ['gate', 'decision'],
    },
    fast,
  );
  readonly #tokens = new Counter({
    name: 'portvakt_tokens_total',
    help: 'Requests for tokens by outcome; the code is the number behind AADSTS, empty where one was issued',
    labels: ['outcome', 'code'],
  });
  readonly #statements = new Histogram(
    {
      name: 'portvakt_sql_duration_seconds',
      help: 'Time of a statement, from handing it to the database to its answer',
      labels: ['kind', 'outcome'],
    },
    slow,
  );

  /** @param routeOf URL to the class of its route, one of a few */
  constructor(routeOf: (url: string) => string) {
    this.#routeOf = routeOf;
  }

  http({ method, url }: Pick<HttpRequest, 'method' | 'url'>, status: number, ms: number): void {
    const route = this.#routeOf(url);
    this.#requests.add(route, methods.has(method) ? method : 'other', String(status));
    this.#requestTimes.add(ms / 1000, route);
  }

  answered(entry: AuditEntry, began?: number): void {
    const { surface, table = '', kind, outcome, stage } = entry;
    // What the process asks of itself, such as the seed, has no address.
    if (entry.remoteAddress === undefined) return;
    this.#operations.add(surface, table, kind, outcome);
    if (began !== undefined) this.#operationTimes.add(secondsSince(began), surface, table, kind);
    if (stage !== undefined) this.#refused(entry);
    if (passedOne(entry)) this.#onePassed.count += 1;
    if (passedTwo(entry)) this.#twoPassed.count += 1;
    if (kind === 'token') this.#tokens.add(outcome, entry.code ?? '');
  }

  begin(step: Step): number {
    const begun = this.#begun;
    begun[step] = (begun[step] + 1) % timedOf;
    return begun[step] === 0 ? performance.now() : 0;
  }

  step(step: Step, began: number, isRefused: boolean): void {
    if (began === 0) return;
    this.#gateTimes.add(secondsSince(began), step === 'gate-one' ? 'one' : 'two', isRefused ? 'refused' : 'passed');
  }

  statement(kind: StatementKind, began: number, _text: string, isFailed: boolean): void {
    this.#statements.add(secondsSince(began), kind, isFailed ? 'failed' : 'done');
  }

  get families(): readonly Family[] {
    return [
      ...[this.#requests, this.#requestTimes, this.#operations, this.#operationTimes, this.#refusals],
      ...[this.#gates, this.#gateTimes, this.#tokens, this.#statements],
    ].map(({ family }) => family);
  }

  #refused({ surface, stage, cause, code = '' }: AuditEntry): void {
    if (stage === undefined) return;
    this.#refusals.add(surface, stage, cause?.condition ?? '', code);
    const gate = gateOf[stage];
    if (gate !== undefined) this.#gates.add(gate, 'refused');
  }
}

const secondsSince = (began: number): number => (performance.now() - began) / 1000;
