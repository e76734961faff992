import type { Family, Sample } from './families.ts';

/** What a family of counted things is called. */
export interface FamilyHead {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
}

/** Combinations of labels that one family counts; those beyond it are counted together. */
const mostSeries = 2000;
/** The value of every label of what is beyond. */
const beyond = 'other';

interface Branch<T> {
  readonly below: Map<string, Branch<T>>;
  leaf: T | undefined;
}

/**
 * One cell for each combination of label values, found by a look-up in a map for each label: joining the values to one
 * key costs several times as much, and this is done for each request. Bounded, whatever values come.
 */
class Cells<T> {
  readonly #make: () => T;
  readonly #depth: number;
  readonly #root: Branch<T> = { below: new Map(), leaf: undefined };
  #count = 0;

  constructor(depth: number, make: () => T) {
    this.#depth = depth;
    this.#make = make;
  }

  find(values: readonly string[]): T {
    let branch: Branch<T> | undefined = this.#root;
    for (let at = 0; at < values.length && branch !== undefined; at++) branch = branch.below.get(values[at] as string);
    return branch?.leaf ?? this.#add(values);
  }

  #add(values: readonly string[]): T {
    const isFull = this.#count >= mostSeries;
    let branch = this.#root;
    for (let at = 0; at < this.#depth; at++) {
      const value = isFull ? beyond : (values[at] ?? '');
      const next = branch.below.get(value) ?? { below: new Map(), leaf: undefined };
      branch.below.set(value, next);
      branch = next;
    }
    if (branch.leaf === undefined) {
      branch.leaf = this.#make();
      this.#count += 1;
    }
    return branch.leaf;
  }

  *all(branch = this.#root, values: readonly string[] = []): Iterable<readonly [readonly string[], T]> {
    if (branch.leaf !== undefined) yield [values, branch.leaf];
    for (const [value, next] of branch.below) yield* this.all(next, [...values, value]);
  }
}

const labelled = (names: readonly string[], values: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(names.map((name, at) => [name, values[at] ?? '']));

/** Counts what happens, by label values in the order of its labels. */
export class Counter {
  readonly #head: FamilyHead;
  readonly #cells: Cells<{ count: number }>;

  constructor(head: FamilyHead) {
    this.#head = head;
    this.#cells = new Cells(head.labels.length, () => ({ count: 0 }));
  }

  add(...values: readonly string[]): void {
    this.#cells.find(values).count += 1;
  }

  /** What counts one combination: for those that are known beforehand. */
  cell(...values: readonly string[]): { count: number } {
    return this.#cells.find(values);
  }

  get family(): Family {
    const { name, help, labels } = this.#head;
    const samples = [...this.#cells.all()].map(([values, { count }]) => ({
      labels: labelled(labels, values),
      value: count,
    }));
    return { name, help, type: 'counter', samples };
  }
}

interface Distribution {
  /** How many fell into each bucket; the last one has no upper bound. */
  readonly counts: number[];
  sum: number;
}

/** Counts how long things take, in seconds. */
export class Histogram {
  readonly #head: FamilyHead;
  readonly #bounds: readonly number[];
  readonly #cells: Cells<Distribution>;

  /** @param bounds seconds, upper bounds of the buckets in rising order */
  constructor(head: FamilyHead, bounds: readonly number[]) {
    this.#head = head;
    this.#bounds = bounds;
    this.#cells = new Cells(head.labels.length, () => ({ counts: new Array(bounds.length + 1).fill(0), sum: 0 }));
  }

  add(seconds: number, ...values: readonly string[]): void {
    const cell = this.#cells.find(values);
    const bounds = this.#bounds;
    let at = 0;
    while (at < bounds.length && seconds > (bounds[at] as number)) at++;
    cell.counts[at] = (cell.counts[at] as number) + 1;
    cell.sum += seconds;
  }

  get family(): Family {
    const { name, help, labels } = this.#head;
    const samples = [...this.#cells.all()].flatMap(([values, cell]) => this.#samples(labelled(labels, values), cell));
    return { name, help, type: 'histogram', samples };
  }

  #samples(labels: Readonly<Record<string, string>>, { counts, sum }: Distribution): Sample[] {
    let below = 0;
    const buckets = counts.map((count, at): Sample => {
      below += count;
      const le = at < this.#bounds.length ? String(this.#bounds[at]) : '+Inf';
      return { suffix: '_bucket', labels: { ...labels, le }, value: below };
    });
    return [...buckets, { suffix: '_sum', labels, value: sum }, { suffix: '_count', labels, value: below }];
  }
}
