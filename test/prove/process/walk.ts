import type { Guid } from '../../../src/kernel/ids.ts';
import type { Operation } from '../../../src/odata/operation.ts';
import { AdapterWorld } from '../../adapter/adapter-world.ts';
import { updateOf } from '../../hr/operations.ts';
import { addCallers, candidate, clientOf, request, status } from '../../recruiting/process-world.ts';
import { eventsOf } from '../../support/events-of.ts';
import type { OpenStoreFor } from '../../support/open-stores.ts';
import { Receiver } from './receiver.ts';

export interface WalkFigures {
  readonly steps: number;
  readonly accepted: number;
  readonly refused: number;
  readonly events: number;
  readonly deliveries: number;
  readonly failures: number;
  readonly revived: number;
  readonly kills: number;
  /** What was not as the model says: states, lost events, events out of order. Empty when all is well. */
  readonly faults: readonly string[];
}

/** From state, action, to state, and where: written down once more, from the published meaning of the states. */
const ways: readonly (readonly [from: number, action: string, to: number, where?: 'usmf' | 'no01'])[] = [
  [status.draft, 'Activate', status.active, 'usmf'],
  [status.draft, 'Submit', status.inReview, 'no01'],
  [status.inReview, 'Review', status.pending],
  [status.inReview, 'Recall', status.draft],
  [status.pending, 'Recall', status.draft],
  [status.pending, 'Approve', status.active],
  [status.pending, 'Deny', status.denied],
  [status.pending, 'Cancel', status.canceled],
  [status.denied, 'Reopen', status.draft],
  [status.active, 'Close', status.closed],
];
const actions = [...new Set(ways.map(([, action]) => action))];
const [notProcessed, hired, notHired, dismissed] = [200_000_000, 200_000_001, 200_000_002, 200_000_003];
const results: readonly (readonly [action: string, to: number, from: readonly number[], event: string])[] = [
  ['Hire', hired, [notProcessed], 'candidate.hired'],
  ['DoNotHire', notHired, [notProcessed], 'candidate.notHired'],
  ['Dismiss', dismissed, [notProcessed, hired], 'candidate.dismissed'],
];

interface ModelRow {
  readonly id: Guid;
  readonly company: 'usmf' | 'no01';
  readonly number: string;
  state: number;
}

interface ModelCandidate {
  readonly id: Guid;
  readonly subject: Guid;
  state: number;
}

/** Goes random steps, legal and not, beside a model of what each must do, while a receiver fails and the server is killed. */
export async function walkProcess(
  open: OpenStoreFor,
  { steps, seed }: { steps: number; seed: number },
): Promise<WalkFigures> {
  const world = await AdapterWorld.open(open);
  try {
    await addCallers(world);
    await world.administer('RecruitingParameters', { DataAreaId: 'no01', RequestWorkflow: 'Yes' });
    const random = randomOf(seed);
    const receiver = new Receiver(eventsOf(world.opened), randomOf(seed + 1));
    await receiver.subscribe();
    const walk = new Walk(world, random);
    let kills = 0;
    for (let step = 0; step < steps; step++) {
      await walk.step(step);
      if (random() < 0.02) {
        receiver.killAndRestart();
        kills += 1;
      }
      if (random() < 0.05) await receiver.reviveDead();
    }
    await receiver.settle();
    await receiver.stop();
    await walk.compareStates();
    return { ...walk.figures(steps, receiver), kills };
  } finally {
    await world.close();
  }
}

/** The same numbers for the same seed. */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

class Walk {
  readonly #world: AdapterWorld;
  readonly #random: () => number;
  readonly #requests: ModelRow[] = [];
  readonly #candidates: ModelCandidate[] = [];
  readonly #expected = new Map<string, string[]>();
  readonly #faults: string[] = [];
  #accepted = 0;
  #refused = 0;

  constructor(world: AdapterWorld, random: () => number) {
    this.#world = world;
    this.#random = random;
  }

  async step(at: number): Promise<void> {
    const dice = this.#random();
    if (this.#requests.length === 0 || dice < 0.08) return this.#newRequest();
    if (dice < 0.45) return this.#act();
    if (dice < 0.6) return this.#patchStatus();
    if (dice < 0.7) return this.#describe(at);
    if (this.#candidates.length === 0 || dice < 0.8) return this.#newCandidate();
    return this.#decide();
  }

  async #newRequest(): Promise<void> {
    const company = this.#random() < 0.5 ? 'usmf' : 'no01';
    const id = await this.#world.insert(request, {
      mshr_dataareaid: company,
      mshr_jobid: 'Project Manager',
      mshr_description: 'Walk',
      mshr_estimatedstartdate: '2030-01-01T00:00:00Z',
    });
    const row = await this.#world.read(request, id);
    this.#accepted += 1;
    this.#requests.push({ id, company, number: String(row['mshr_recruitingrequestid']), state: status.draft });
  }

  #act(): Promise<void> {
    const [row, action] = [this.#pick(this.#recent()), this.#pick(actions)];
    const way = ways.find(
      ([from, name, , where]) =>
        from === row.state && name === action && (where === undefined || where === row.company),
    );
    const bound = { table: this.#world.table(request), id: row.id };
    return this.#try(
      { kind: 'message', name: `mshr_${action}RecruitingRequest`, bound, parameters: {} },
      row,
      way?.[2],
    );
  }

  #patchStatus(): Promise<void> {
    const [row, to] = [this.#pick(this.#recent()), this.#pick(Object.values(status))];
    const way = ways.find(
      ([from, , target, where]) =>
        from === row.state && target === to && (where === undefined || where === row.company),
    );
    const isSame = to === row.state;
    const operation = updateOf(this.#world.table(request), row.id, { mshr_status: to });
    return isSame ? this.#nothing(operation) : this.#try(operation, row, way?.[2]);
  }

  async #nothing(operation: Operation): Promise<void> {
    await this.#world.run(operation, clientOf('administrator'));
    this.#accepted += 1;
  }

  async #describe(at: number): Promise<void> {
    const row = this.#pick(this.#recent());
    await this.#world.run(
      updateOf(this.#world.table(request), row.id, { mshr_description: `Walk ${at}` }),
      clientOf('administrator'),
    );
    this.#accepted += 1;
    if (row.state === status.active) this.#expect(row.id, 'recruitingRequest.changed');
  }

  async #newCandidate(): Promise<void> {
    const row = this.#random() < 0.8 ? this.#pick(this.#requests) : undefined;
    const of = row && { mshr_dataareaid: row.company, mshr_recruitingrequestid: row.number };
    const id = await this.#world.create(candidate, { mshr_firstname: 'Kim', ...of });
    this.#accepted += 1;
    const subject = row?.id ?? id;
    this.#candidates.push({ id, subject, state: notProcessed });
    this.#expect(subject, 'candidate.received');
  }

  async #decide(): Promise<void> {
    const row = this.#pick(this.#candidates.slice(-12));
    const [action, to, from, event] = this.#pick(results);
    const isLegal = from.includes(row.state);
    // A result that was written by hand before is no hire: the action then makes the worker and changes no state.
    const byHand = this.#random() < 0.3 && action !== 'Hire';
    const table = this.#world.table(candidate);
    const operation: Operation = byHand
      ? updateOf(table, row.id, { mshr_applicantintegrationresult: to })
      : { kind: 'message', name: `mshr_${action}Candidate`, bound: { table, id: row.id }, parameters: {} };
    if (byHand && to === row.state) return this.#nothing(operation);
    await this.#try(operation, row, isLegal ? to : undefined, event, row.subject);
  }

  /** Carries it out; it must be refused without `to`, and lead there with it. */
  async #try(
    operation: Operation,
    row: { id: Guid; state: number },
    to?: number,
    event?: string,
    subject = row.id,
  ): Promise<void> {
    const outcome = await this.#world.run(operation, clientOf('administrator')).then(
      () => 'accepted',
      (error: unknown) => (error instanceof Error && error.name === 'Refusal' ? 'refused' : `fault ${String(error)}`),
    );
    const wanted = to === undefined ? 'refused' : 'accepted';
    if (outcome !== wanted)
      this.#faults.push(`${operation.kind} on a row in state ${row.state}: ${outcome}, not ${wanted}`);
    if (outcome === 'accepted') this.#accepted += 1;
    else this.#refused += 1;
    if (outcome !== 'accepted' || to === undefined) return;
    row.state = to;
    if (event !== undefined) this.#expect(subject, event);
    else if (to === status.active) this.#expect(row.id, 'recruitingRequest.activated');
    else if (to === status.closed) this.#expect(row.id, 'recruitingRequest.closed');
  }

  async compareStates(): Promise<void> {
    for (const { id, state } of this.#requests) {
      const stored = (await this.#world.opened.store.readAll(this.#world.table(request))).find((row) => row.id === id);
      const value = [...(stored?.values ?? [])].find(([column]) => column.name === 'mshr_status')?.[1];
      if (value !== state) this.#faults.push(`request ${id} is ${String(value)}, not ${state}`);
      if (this.#requests.length > 200) break;
    }
  }

  figures(steps: number, receiver: Receiver): Omit<WalkFigures, 'kills'> {
    const seen = new Set<string>();
    const told = new Map<string, string[]>();
    for (const { id, type, subject } of receiver.received) {
      if (seen.has(id)) continue;
      seen.add(id);
      told.set(subject, [...(told.get(subject) ?? []), type]);
    }
    for (const subject of new Set([...this.#expected.keys(), ...told.keys()])) {
      const [wanted, was] = [this.#expected.get(subject) ?? [], told.get(subject) ?? []];
      if (wanted.join() !== was.join())
        this.#faults.push(`subject ${subject}: told ${was.join()}, not ${wanted.join()}`);
    }
    const events = [...this.#expected.values()].reduce((sum, list) => sum + list.length, 0);
    const { failures, dead: revived } = receiver;
    const deliveries = receiver.received.length;
    return {
      steps,
      accepted: this.#accepted,
      refused: this.#refused,
      events,
      deliveries,
      failures,
      revived,
      faults: this.#faults,
    };
  }

  #recent(): readonly ModelRow[] {
    return this.#requests.slice(-12);
  }

  #expect(subject: string, type: string): void {
    this.#expected.set(subject, [...(this.#expected.get(subject) ?? []), type]);
  }

  #pick<T>(all: readonly T[]): T {
    const found = all[Math.floor(this.#random() * all.length)];
    if (found === undefined) throw new Error('there is nothing to pick from');
    return found;
  }
}
