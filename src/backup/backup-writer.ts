import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { systemCode } from '../start-error.ts';
import { BackupError } from './backup-error.ts';
import { formatName, type Line, type RowLine, type TableLine } from './format.ts';

const chunkLength = 64 * 1024;

/** Writes one backup file, readable by its owner alone. It has its name only when it is complete. */
export class BackupWriter {
  readonly #file: string;
  readonly #gzip = createGzip({ level: 6 });
  readonly #written: Promise<void>;
  readonly #hash = createHash('sha256');
  #chunk = '';
  #tables = 0;
  #rows = 0;

  private constructor(file: string) {
    this.#file = file;
    const out = createWriteStream(partOf(file), { mode: 0o600, flags: 'wx' });
    this.#gzip.on('error', (error) => out.destroy(error));
    out.on('error', (error) => this.#gzip.destroy(error));
    this.#gzip.pipe(out);
    this.#written = finished(out);
    this.#written.catch(() => undefined);
  }

  /** @throws BackupError when the file is there already or cannot be made */
  static async begin(file: string): Promise<BackupWriter> {
    const isThere = await stat(file).then(
      () => true,
      () => false,
    );
    if (isThere) throw new BackupError(`${file} is there already: name another file, or move that one away`);
    await rm(partOf(file), { force: true }).catch(() => undefined);
    await open(partOf(file), 'wx', 0o600).then(
      async (handle) => {
        await handle.close();
        await rm(partOf(file));
      },
      (error: unknown) => {
        throw new BackupError(
          `${file} cannot be written (${systemCode(error)}): name a file in a folder that this user may write to`,
        );
      },
    );
    return new BackupWriter(file);
  }

  get counts(): { readonly tables: number; readonly rows: number } {
    return { tables: this.#tables, rows: this.#rows };
  }

  /** Writes a table with its digest. */
  async table(
    begin: TableLine,
    pages: AsyncIterable<readonly RowLine[]>,
    onPage: (rows: number) => void,
  ): Promise<void> {
    await this.line(begin);
    const hash = createHash('sha256');
    let rows = 0;
    for await (const page of pages) {
      const text = page.map((row) => `${JSON.stringify(row)}\n`).join('');
      hash.update(text);
      await this.#write(text);
      rows += page.length;
      onPage(rows);
    }
    await this.line({ endOfTable: begin.table, rows, sha256: hash.digest('hex') });
    this.#tables += 1;
    this.#rows += rows;
  }

  line(line: Line): Promise<void> {
    return this.#write(`${JSON.stringify(line)}\n`);
  }

  /** Writes the last line and gives the file its name. */
  async finish(): Promise<void> {
    const sha256 = this.#hash.copy().digest('hex');
    await this.line({ end: formatName, tables: this.#tables, rows: this.#rows, sha256 });
    await this.#flush();
    this.#gzip.end();
    await this.#guarded(() => this.#written);
    const handle = await open(partOf(this.#file), 'r+');
    await handle.sync();
    await handle.close();
    await rename(partOf(this.#file), this.#file);
  }

  /** Removes what was written. */
  async abandon(): Promise<void> {
    this.#gzip.destroy();
    await this.#written.catch(() => undefined);
    await rm(partOf(this.#file), { force: true });
  }

  async #write(text: string): Promise<void> {
    this.#hash.update(text);
    this.#chunk += text;
    if (this.#chunk.length >= chunkLength) await this.#flush();
  }

  async #flush(): Promise<void> {
    const chunk = this.#chunk;
    this.#chunk = '';
    if (this.#gzip.destroyed) await this.#guarded(() => this.#written);
    if (!this.#gzip.write(chunk)) await this.#guarded(() => Promise.race([once(this.#gzip, 'drain'), this.#written]));
  }

  async #guarded(job: () => Promise<unknown>): Promise<void> {
    await job().catch((error: unknown) => {
      throw new BackupError(`${this.#file} cannot be written (${systemCode(error)})`, error);
    });
  }
}

const partOf = (file: string): string => `${file}.part`;
