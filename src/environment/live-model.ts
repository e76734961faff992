import { dropPrivileges, syncPrivileges } from '../dataverse/base-rows.ts';
import type { DataverseSecurity } from '../dataverse/dataverse-security.ts';
import { dropColumnPermissions } from '../dataverse/native/secured-columns.ts';
import type { Change, ChangeContext } from '../definitions/change/change.ts';
import { refuseChange } from '../definitions/change/change-problems.ts';
import type { EnvironmentId } from '../kernel/ids.ts';
import { inTime } from '../kernel/in-time.ts';
import type { Hold, Peers } from '../kernel/peers.ts';
import {
  type Customization,
  changedDefinitions,
  customizedModel,
  noCustomization,
  parseCustomization,
} from '../metadata/customization.ts';
import type { Model } from '../metadata/table.ts';
import type { Transaction } from '../odata/row-store.ts';
import {
  type Database,
  definitionChanges,
  type NumberedDefinitions,
  type StoredDefinitions,
} from '../storage/database.ts';
import { DuplicateRows, ShapeRefused } from '../storage/storage-error.ts';
import type { Freezer } from './freezer.ts';

/** Works out a change of what is in force. */
export type Work = (current: Omit<ChangeContext, 'mergeLabels'>) => Change;

/** The model that belongs to stored definitions; `base` where nobody has customized anything. */
export const modelOf = (definitions: StoredDefinitions, base: Model): Model =>
  definitions.size === 0 ? base : customizedModel(parseCustomization(definitions));

/** Requests of one generation of the model, and of those before it, that are under way. */
export class InFlight {
  #count = 0;
  #waiting: (() => void)[] = [];
  #before: InFlight | undefined;

  constructor(before: InFlight | undefined) {
    this.#before = before?.latestBusy();
  }

  /** This generation, or the last one before it that has requests; those between are over. */
  latestBusy(): InFlight | undefined {
    return this.#count > 0 ? this : this.#before?.latestBusy();
  }

  async track<T>(running: Promise<T>): Promise<T> {
    this.#count += 1;
    try {
      return await running;
    } finally {
      this.#count -= 1;
      if (this.#count === 0) for (const resolve of this.#waiting.splice(0)) resolve();
    }
  }

  /** Resolves when none is left, or after `longestMs`. */
  async idle(longestMs: number): Promise<void> {
    await inTime(this.#ended(), longestMs);
  }

  /** No request of this generation, nor of one before, is left. */
  async #ended(): Promise<void> {
    if (this.#before !== undefined) await this.#before.#ended();
    this.#before = undefined;
    if (this.#count > 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }
}

/** A model that is or was in force. */
export interface Generation {
  readonly model: Model;
  readonly customization: Customization;
  /** Requests that keep to it. */
  readonly inFlight: InFlight;
}

/** What this process tells others of a generation. */
interface Told extends Generation {
  /** How many changes there were before. */
  readonly number: number;
  readonly hold: Hold;
}

interface LiveModelDeps {
  readonly environmentId: EnvironmentId;
  readonly database: Database;
  /** Refuses changes of callers while the environment is frozen. */
  readonly freezer: Freezer;
  readonly security: DataverseSecurity;
  readonly base: Model;
  readonly peers: Peers;
}

/** Requests under way may need what is dropped; they are waited for, but not for ever. */
const longestWaitMs = 10_000;

/**
 * The model in force in one environment. It is a value that is replaced as a whole: requests that are under way keep the
 * one that they began with. Changes happen one after the other, and are on disk and in force before they are answered;
 * those that other processes make are followed.
 */
export class LiveModel {
  readonly #deps: LiveModelDeps;
  readonly #endWatching: () => void;
  #current: Told;
  #last: Promise<unknown> = Promise.resolve();

  constructor(deps: LiveModelDeps) {
    this.#deps = deps;
    this.#current = this.#generation(deps.database.opened, new InFlight(undefined));
    this.#endWatching = deps.database.watch({
      tables: new Map([[definitionChanges, '']]),
      onOwn: () => undefined,
      onOther: () => this.#inTurn(() => this.#adopt()),
    });
  }

  /** What requests that begin now keep to. */
  get current(): Generation {
    return this.#current;
  }

  /** Carries out a change. Throws what `work` refuses with. */
  change(work: Work): Promise<Change> {
    const { database, peers, freezer } = this.#deps;
    return freezer.during(() =>
      peers.alone(this.#name, async () => {
        const { before, change } = await this.#inTurn(() => this.#run(work));
        if (change.retired.length > 0) {
          await before.inFlight.idle(longestWaitMs);
          await peers.released(this.#name, this.#current.number, longestWaitMs);
          await database.dropRetired();
        }
        return change;
      }),
    );
  }

  /** What this process held goes. */
  close(): void {
    this.#endWatching();
    this.#current.hold.release();
  }

  get #name(): string {
    return `model of ${this.#deps.environmentId}`;
  }

  async #run(work: Work): Promise<{ readonly before: Told; readonly change: Change }> {
    const before = this.#current;
    const change = work(before);
    await this.#store(before, change);
    const { model, customization } = change;
    await this.#replace({ model, customization, ...this.#inForce(before.number + 1, new InFlight(before.inFlight)) });
    return { before, change };
  }

  /** Another process has changed definitions. */
  async #adopt(): Promise<void> {
    const stored = await this.#deps.database.adoptDefinitions();
    if (stored.number === this.#current.number) return;
    await this.#replace(this.#generation(stored, new InFlight(this.#current.inFlight)));
  }

  #generation({ number, definitions }: NumberedDefinitions, inFlight: InFlight): Told {
    const customization = definitions.size === 0 ? noCustomization : parseCustomization(definitions);
    return { model: modelOf(definitions, this.#deps.base), customization, ...this.#inForce(number, inFlight) };
  }

  #inForce(number: number, inFlight: InFlight): Pick<Told, 'number' | 'inFlight' | 'hold'> {
    return { number, inFlight, hold: this.#deps.peers.hold(this.#name, number) };
  }

  /** INVARIANT: what was changed is in force before the change is answered. */
  async #replace(after: Told): Promise<void> {
    const before = this.#current;
    this.#current = after;
    void before.inFlight.idle(longestWaitMs).then(() => before.hold.release());
    await this.#deps.security.useModel(after.model);
  }

  #inTurn<T>(job: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(job);
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  async #store(before: Generation, { customization, model, retired }: Change): Promise<void> {
    const shape = {
      tables: model.tables,
      definitions: changedDefinitions(before.customization, customization),
      retired,
    };
    try {
      await this.#deps.database.reshape(shape, (rows) => followTables(rows, before.model, model));
    } catch (error) {
      if (error instanceof DuplicateRows) throw refuseChange.duplicateRows(error.table, error.columns);
      if (error instanceof ShapeRefused) throw refuseChange.roleLimited(error.role);
      throw error;
    }
  }
}

/** Privileges come and go with their tables. */
async function followTables(rows: Transaction, before: Model, after: Model): Promise<void> {
  const gone = before.tables.filter((table) => table.intersect !== true && !after.table.has(table.logicalName));
  await dropPrivileges(rows, after, gone);
  await syncPrivileges(rows, after);
  await dropColumnPermissions(rows, after);
}
