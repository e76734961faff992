import { createHash } from 'node:crypto';
import { type ConnectionSettings, connect, executeOnce, parseServerError } from './binding.ts';
import { sequenceReference } from './dialect.ts';

/** Number sequences of the code as sequences of the database, made when they are first drawn from. */
export class Sequences {
  readonly #settings: ConnectionSettings;
  readonly #schema: string;
  readonly #made = new Map<string, Promise<string>>();

  constructor(settings: ConnectionSettings, schema: string) {
    this.#settings = settings;
    this.#schema = schema;
  }

  /** Name of the sequence for `nextval`; it exists when the promise resolves. */
  async get(name: string, first: bigint): Promise<string> {
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
    const reference = sequenceReference(this.#schema, sequenceName(name));
    const { connection, close } = await connect(this.#settings);
    try {
      await executeOnce(connection, `create sequence if not exists ${reference} minvalue ${first} start with ${first}`);
    } catch (error) {
      // Two servers at once: `if not exists` does not keep them apart.
      if (!madeMeanwhile.has(parseServerError(error)?.code ?? '')) throw error;
    } finally {
      await close();
    }
    return reference;
  }
}

/** Duplicate table, duplicate object, unique violation in the catalog. */
const madeMeanwhile = new Set(['42P07', '42710', '23505']);

function sequenceName(name: string): string {
  const readable = name.toLowerCase().replace(/[^a-z0-9]+/g, '_');
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 16);
  return `seq_${readable.slice(0, 40)}_${hash}`;
}
