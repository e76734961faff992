import { createHash } from 'node:crypto';
import { quoteName, quoteText } from '../names.ts';
import { type Connection, type ConnectionSettings, connect, executeOnce, parseServerError } from './binding.ts';
import { sequenceReference } from './dialect.ts';
import { KeptConnection } from './kept-connection.ts';
import { relationExists } from './rights.ts';

/** Number sequences of the code as sequences of the database, made when they are first drawn from. */
export class Sequences {
  readonly #settings: ConnectionSettings;
  readonly #schema: string;
  readonly #counting: KeptConnection;
  readonly #counters: string;
  readonly #made = new Map<string, Promise<Source>>();
  readonly #blocks = new Map<string, NumberBlock>();

  constructor(settings: ConnectionSettings, schema: string) {
    this.#settings = settings;
    this.#schema = schema;
    this.#counting = new KeptConnection(settings, () => Promise.resolve());
    this.#counters = `${quoteName(schema)}.portvakt_counter`;
  }

  /**
   * The next number. Drawn on `connection`, several at once while they are drawn fast; those that are left when the
   * process ends are skipped.
   */
  async next(connection: Connection, name: string, first: bigint): Promise<bigint> {
    const source = await this.#get(name, first);
    const block = this.#blocks.get(name) ?? new NumberBlock();
    this.#blocks.set(name, block);
    const ready = block.take();
    if (ready !== undefined) return ready;
    const count = block.nextSize(performance.now());
    const rows =
      source.kind === 'sequence'
        ? await executeOnce(connection, drawText(source.reference), [count])
        : await this.#counting.run(this.#countText, [name, first, count]);
    const [number, ...others] = rows.map((row) => BigInt(String(row[0])));
    if (number === undefined) throw new TypeError(`the sequence ${name} gave no number`);
    block.add(others);
    return number;
  }

  close(): Promise<void> {
    return this.#counting.close();
  }

  /** A row that is counted up. Not in the job's own transaction: all that draw from it would wait for each other's end. */
  get #countText(): string {
    const counted = `insert into ${this.#counters} as counter (name, value) values ($1, $2::bigint + $3::integer - 1)
      on conflict (name) do update set value = counter.value + $3::integer returning value`;
    return `with counted as (${counted}) select generate_series(value - $3::integer + 1, value) from counted`;
  }

  /** What numbers of this name are drawn from; it exists when the promise resolves. */
  async #get(name: string, first: bigint): Promise<Source> {
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
   * from the pool, jobs that hold all of it would wait for each other. A role that may not make sequences counts in rows,
   * and whoever finds such a row goes on with it, so that no number comes twice.
   */
  async #make(name: string, first: bigint): Promise<Source> {
    const { connection, close } = await connect(this.#settings);
    const place = { schema: this.#schema, name, first };
    const sequence: Source = { kind: 'sequence', reference: referenceOf(place) };
    try {
      const counted = await executeOnce(connection, `select 1 from ${this.#counters} where name = $1`, [name]);
      if (counted.length > 0) return { kind: 'counter' };
      if (await relationExists(connection, sequence.reference)) return sequence;
      await makeSequence((sql) => executeOnce(connection, sql), place);
      return sequence;
    } catch (error) {
      const code = parseServerError(error)?.code ?? '';
      if (code === insufficientPrivilege) return { kind: 'counter' };
      // Two servers at once: `if not exists` does not keep them apart.
      if (!madeMeanwhile.has(code)) throw error;
      return sequence;
    } finally {
      await close();
    }
  }
}

type Source = { readonly kind: 'sequence'; readonly reference: string } | { readonly kind: 'counter' };

const insufficientPrivilege = '42501';

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
const largestBlock = 256;

/** Duplicate table, duplicate object, unique violation in the catalog, the same comment written twice at once. */
const madeMeanwhile = new Set(['42P07', '42710', '23505', 'XX000']);

function sequenceName(name: string): string {
  const readable = name.toLowerCase().replace(/[^a-z0-9]+/g, '_');
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 16);
  return `seq_${readable.slice(0, 40)}_${hash}`;
}
