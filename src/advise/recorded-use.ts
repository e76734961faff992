import type { StoredEntry } from '../audit/read-audit.ts';
import { shapesOfEntry } from '../explain/entry-shapes.ts';
import type { RequestShape } from '../kernel/cause.ts';
import { type Guid, parseGuid, type SystemUserId } from '../kernel/ids.ts';

/** Requests that asked the gates for the same, as one. */
export interface Use {
  readonly shapes: readonly RequestShape[];
  /** In whose name, where it was in another's. */
  readonly asUserId?: SystemUserId;
  readonly count: number;
  /** Moments of the first and the last one, ISO 8601; absent of requests that come from a file. */
  readonly since?: string;
  readonly until?: string;
  /** The newest one, to look it up by. */
  readonly requestId?: string;
  /** Rows that they were about, up to `mostRows`; none for lists. */
  readonly rows: readonly Guid[];
}

/** Rows of one use that are looked at again. */
const mostRows = 50;

interface Growing {
  readonly shapes: readonly RequestShape[];
  readonly asUserId: SystemUserId | undefined;
  count: number;
  since: string | undefined;
  until: string | undefined;
  requestId: string | undefined;
  readonly rows: Set<Guid>;
}

/** Puts requests together that asked for the same. */
export class UseCollector {
  readonly #uses = new Map<string, Growing>();
  /** Entries of one request, which come one after the other. */
  #together: StoredEntry[] = [];
  #requests = 0;

  /** How many were added. */
  get requests(): number {
    this.#endRequest();
    return this.#requests;
  }

  /** An entry of an allowed request of the Web API; they come newest first. */
  addEntry(entry: StoredEntry): void {
    if (this.#together[0]?.requestId !== entry.requestId) this.#endRequest();
    this.#together.push(entry);
  }

  /**
   * A request that told the rights of all of its rows at once has entries of further rows too: what method and table say
   * of those is not what they were.
   */
  #endRequest(): void {
    const entries = this.#together;
    if (entries.length === 0) return;
    this.#together = [];
    this.#requests += 1;
    const telling = entries.filter(({ shapes }) => shapes !== undefined);
    for (const entry of telling.length === 0 ? entries : telling) this.#add(entry);
  }

  #add(entry: StoredEntry): void {
    const { actorId, userId, time, requestId } = entry;
    const asUserId = actorId !== undefined && actorId !== userId ? userId : undefined;
    const use = this.#find(shapesOfEntry(entry), asUserId);
    if (use === undefined) return;
    use.count += 1;
    use.since = time;
    use.until ??= time;
    use.requestId ??= requestId;
    const row = entry.targetId === undefined ? undefined : parseGuid(entry.targetId);
    if (row !== undefined && use.rows.size < mostRows) use.rows.add(row);
  }

  /** A request of which nothing but its text is known. */
  addShapes(shapes: readonly RequestShape[]): void {
    this.#requests += 1;
    const use = this.#find(shapes, undefined);
    if (use !== undefined) use.count += 1;
  }

  /** The most frequent first. */
  get uses(): readonly Use[] {
    this.#endRequest();
    return [...this.#uses.values()]
      .sort((one, other) => other.count - one.count)
      .map(({ shapes, asUserId, count, since, until, requestId, rows }) => ({
        ...{ shapes, count, rows: [...rows] },
        ...(asUserId !== undefined && { asUserId }),
        ...(since !== undefined && { since }),
        ...(until !== undefined && { until }),
        ...(requestId !== undefined && { requestId }),
      }));
  }

  /** `undefined` for what asks the gates for nothing, such as `$metadata`. */
  #find(shapes: readonly RequestShape[], asUserId: SystemUserId | undefined): Growing | undefined {
    if (shapes.length === 0) return undefined;
    const key = `${asUserId ?? ''} ${JSON.stringify(shapes)}`;
    const fresh = { count: 0, since: undefined, until: undefined, requestId: undefined, rows: new Set<Guid>() };
    const use = this.#uses.get(key) ?? { shapes, asUserId, ...fresh };
    this.#uses.set(key, use);
    return use;
  }
}
