import { createHash } from 'node:crypto';
import { quoteText } from '../names.ts';
import { type Connection, type ConnectionSettings, connect, executeOnce, parseServerError } from './binding.ts';
import { sequenceReference } from './dialect.ts';

/** Number sequences of the code as sequences of the database, made when they are first drawn from. */
export class Sequences {
  readonly #settings: ConnectionSettings;
  readonly #schema: string;
  readonly #made = new Map<string, Promise<string>>();
  readonly #blocks = new Map<string, NumberBlock>();

  constructor(settings: ConnectionSettings, schema: string) {
    this.#settings = settings;
    this.#schema = schema;
  }

  /**
   * The next number. Drawn on `connection`, several at once while they are drawn fast; those that are left when the
   * process ends are skipped.
   */
  async next(connection: Connection, name: string, first: bigint): Promise<bigint> {
    const reference = await this.#get(name, first);
    const block = this.#blocks.get(name) ?? new NumberBlock();
    this.#blocks.set(name, block);
    const ready = block.take();
    if (ready !== undefined) return ready;
    const count = block.nextSize(performance.now());
    const rows = await executeOnce(connection, drawText(reference), [count]);
    const [number, ...others] = rows.map((row) => BigInt(String(row[0])));
    if (number === undefined) throw new TypeError(`the sequence ${reference} gave no number`);
    block.add(others);
    return number;
  }

  /** Name of the sequence for `nextval`; it exists when the promise resolves. */
  async #get(name: string, first: bigint): Promise<string> {
    const made = this.#made.get(name) ?? this.#make(name, first);
    this.#made.set(name, made);
    try {
      return await made;
    } catch (error) {
      this.#made.delete(name);
      throw error;
    }
  }

  /**
   * On a connection of its own: inside the job's transaction it would vanish with it, and others would wait for the job;
   * from the pool, jobs that hold all of it would wait for each other.
   */
  async #make(name: string, first: bigint): Promise<string> {
    const { connection, close } = await connect(this.#settings);
    const place = { schema: this.#schema, name, first };
    try {
      return await makeSequence((sql) => executeOnce(connection, sql), place);
    } catch (error) {
      // Two servers at once: `if not exists` does not keep them apart.
      if (!madeMeanwhile.has(parseServerError(error)?.code ?? '')) throw error;
      return referenceOf(place);
    } finally {
      await close();
    }
  }
}

interface SequencePlace {
  readonly schema: string;
  readonly name: string;
  readonly first: bigint;
}

const referenceOf = ({ schema, name }: Omit<SequencePlace, 'first'>): string =>
  sequenceReference(schema, sequenceName(name));

/**
 * Makes the sequence of a name where there is none, and gives how it is called in statements. A comment tells the name,
 * which cannot be seen in its own: backups carry the numbers by it.
 */
export async function makeSequence(
  run: (sql: string) => Promise<unknown>,
  { schema, name, first }: SequencePlace,
): Promise<string> {
  const reference = referenceOf({ schema, name });
  await run(`create sequence if not exists ${reference} minvalue ${first} start with ${first}`);
  await run(`comment on sequence ${reference} is ${quoteText(name)}`);
  return reference;
}

const drawText = (reference: string): string =>
  `select nextval(${quoteText(reference)}) from generate_series(1, $1::integer)`;

/** Numbers that were drawn and not given yet. */
class NumberBlock {
  #ready: bigint[] = [];
  #size = 1;
  #drawnAt = Number.NEGATIVE_INFINITY;

  take(): bigint | undefined {
    return this.#ready.shift();
  }

  add(numbers: readonly bigint[]): void {
    this.#ready.push(...numbers);
  }

  /** How many to draw now: one when the last time is long ago, so that quiet use leaves no gaps. `now` in ms. */
  nextSize(now: number): number {
    this.#size = now - this.#drawnAt > quietMs ? 1 : Math.min(this.#size * 2, largestBlock);
    this.#drawnAt = now;
    return this.#size;
  }
}

const quietMs = 250;
const largestBlock = 32;

/** Duplicate table, duplicate object, unique violation in the catalog, the same comment written twice at once. */
const madeMeanwhile = new Set(['42P07', '42710', '23505', 'XX000']);

function sequenceName(name: string): string {
  const readable = name.toLowerCase().replace(/[^a-z0-9]+/g, '_');
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 16);
  return `seq_${readable.slice(0, 40)}_${hash}`;
}
