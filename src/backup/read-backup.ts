import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { systemCode } from '../start-error.ts';
import { BackupError } from './backup-error.ts';
import {
  type BackupEnd,
  type BackupHeader,
  type DatabaseLine,
  formatName,
  formatVersion,
  type KeysLine,
  type RowLine,
  type TableEnd,
  type TableLine,
} from './format.ts';

/** What a backup holds, in its order. Each digest was compared when its part is given. */
export type BackupPart =
  | { readonly kind: 'header'; readonly header: BackupHeader }
  | { readonly kind: 'database'; readonly database: DatabaseLine }
  | { readonly kind: 'table'; readonly table: TableLine }
  | { readonly kind: 'rows'; readonly rows: readonly RowLine[] }
  | { readonly kind: 'tableEnd'; readonly end: TableEnd }
  | { readonly kind: 'keys'; readonly keys: KeysLine['keys'] }
  | { readonly kind: 'end'; readonly end: BackupEnd };

const rowsAtOnce = 500;
const longestLine = 256 * 1024 * 1024;

/**
 * Reads a backup from its beginning to its end, in memory that does not grow with it.
 * @throws BackupError when it is no backup, of a newer format, cut off, or was changed
 */
export async function* readBackup(file: string): AsyncGenerator<BackupPart> {
  const reader = new PartReader(file);
  let batch: RowLine[] = [];
  for await (const line of linesOf(file)) {
    const part = reader.take(line);
    if (part.kind === 'row') {
      batch.push(part.row);
      if (batch.length < rowsAtOnce) continue;
    }
    if (batch.length > 0) yield { kind: 'rows', rows: batch };
    batch = [];
    if (part.kind !== 'row') yield part;
  }
  reader.finish();
}

export interface VerifiedBackup {
  readonly header: BackupHeader;
  readonly end: BackupEnd;
  readonly keys: KeysLine['keys'] | undefined;
}

/** Checks a whole backup without restoring it; gives its header, its last line and the keys in it. @throws BackupError as `readBackup` */
export async function verifyBackup(
  file: string,
  onTable: (database: string, end: TableEnd) => void = () => undefined,
): Promise<VerifiedBackup> {
  let header: BackupHeader | undefined;
  let end: BackupEnd | undefined;
  let keys: KeysLine['keys'] | undefined;
  let database = '';
  for await (const part of readBackup(file)) {
    if (part.kind === 'header') header = part.header;
    if (part.kind === 'database') database = part.database.database;
    if (part.kind === 'tableEnd') onTable(database, part.end);
    if (part.kind === 'keys') keys = part.keys;
    if (part.kind === 'end') end = part.end;
  }
  if (header === undefined || end === undefined) throw cutOff(file);
  return { header, end, keys };
}

type Taken = Exclude<BackupPart, { kind: 'rows' }> | { readonly kind: 'row'; readonly row: RowLine };

/** Follows the lines of one file: which may come now, and whether they are what was written. */
class PartReader {
  readonly #file: string;
  readonly #whole = createHash('sha256');
  #number = 0;
  #table: { readonly line: TableLine; readonly hash: Hash; rows: number } | undefined;
  #hasDatabase = false;
  #tables = 0;
  #rows = 0;
  #hasEnded = false;

  constructor(file: string) {
    this.#file = file;
  }

  take(line: Buffer): Taken {
    this.#number += 1;
    if (this.#hasEnded) throw this.#changed('there is more behind its end');
    const before = this.#whole.copy();
    this.#whole.update(line).update('\n');
    const value = this.#parse(line);
    if (this.#number === 1) return { kind: 'header', header: this.#header(value) };
    if (Array.isArray(value)) return this.#row(value, line);
    if (has(value, 'table', 'columns')) return this.#beginTable(value as unknown as TableLine);
    if (has(value, 'endOfTable', 'sha256')) return this.#endTable(value as unknown as TableEnd);
    if (this.#table !== undefined) throw this.#changed('a table does not end');
    if (has(value, 'database', 'definitions', 'counters')) {
      this.#hasDatabase = true;
      return { kind: 'database', database: value as unknown as DatabaseLine };
    }
    if (has(value, 'keys')) return { kind: 'keys', keys: (value as unknown as KeysLine).keys };
    if (has(value, 'end', 'sha256')) return this.#end(value as unknown as BackupEnd, before.digest('hex'));
    throw this.#changed(`its line ${this.#number} is of no kind that there is`);
  }

  finish(): void {
    if (!this.#hasEnded) throw cutOff(this.#file);
  }

  #parse(line: Buffer): unknown {
    try {
      return JSON.parse(line.toString('utf8'));
    } catch {
      if (this.#number === 1) throw noBackup(this.#file);
      throw this.#changed(`its line ${this.#number} is not JSON`);
    }
  }

  #header(value: unknown): BackupHeader {
    const header = value as BackupHeader | null;
    if (header?.format !== formatName) throw noBackup(this.#file);
    if (!Number.isInteger(header.formatVersion) || header.formatVersion > formatVersion) {
      throw new BackupError(
        `${this.#file} has the format ${header.formatVersion}, this program knows up to ${formatVersion}: restore it with Portvakt ${header.program} or later`,
      );
    }
    return header;
  }

  #row(row: RowLine, line: Buffer): Taken {
    const table = this.#table;
    if (table === undefined || row.length !== table.line.columns.length) {
      throw this.#changed(`its line ${this.#number} is no row of the table it stands in`);
    }
    table.rows += 1;
    table.hash.update(line).update('\n');
    return { kind: 'row', row };
  }

  #beginTable(line: TableLine): Taken {
    if (this.#table !== undefined || !this.#hasDatabase) throw this.#changed(`\`${line.table}\` begins out of place`);
    this.#table = { line, hash: createHash('sha256'), rows: 0 };
    return { kind: 'table', table: line };
  }

  #endTable(end: TableEnd): Taken {
    const table = this.#table;
    this.#table = undefined;
    if (table?.line.table !== end.endOfTable) throw this.#changed(`\`${end.endOfTable}\` ends out of place`);
    if (table.rows !== end.rows) {
      throw this.#changed(`\`${end.endOfTable}\` had ${end.rows} rows when it was written, and has ${table.rows}`);
    }
    if (table.hash.digest('hex') !== end.sha256)
      throw this.#changed(`rows of \`${end.endOfTable}\` are not as written`);
    this.#tables += 1;
    this.#rows += table.rows;
    return { kind: 'tableEnd', end };
  }

  #end(end: BackupEnd, sha256: string): Taken {
    this.#hasEnded = true;
    if (end.sha256 !== sha256 || end.tables !== this.#tables || end.rows !== this.#rows) {
      throw this.#changed('its digest is another one');
    }
    return { kind: 'end', end };
  }

  #changed(how: string): BackupError {
    return new BackupError(`${this.#file} was damaged or changed after it was made (${how}): use another backup`);
  }
}

const has = (value: unknown, ...names: readonly string[]): boolean =>
  typeof value === 'object' && value !== null && names.every((name) => name in value);

const noBackup = (file: string): BackupError =>
  new BackupError(`${file} is no backup of Portvakt: name a file that \`portvakt backup\` made`);
const cutOff = (file: string): BackupError =>
  new BackupError(`${file} is cut off: it lacks its end; use another backup`);

async function* linesOf(file: string): AsyncGenerator<Buffer> {
  const stream = pipeline(createReadStream(file), createGunzip(), () => undefined);
  let rest: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      let from = 0;
      for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
        yield rest.length === 0 ? chunk.subarray(from, at) : Buffer.concat([...rest, chunk.subarray(from, at)]);
        rest = [];
        length = 0;
        from = at + 1;
      }
      if (from < chunk.length) rest.push(chunk.subarray(from));
      length += chunk.length - from;
      if (length > longestLine) throw noBackup(file);
    }
  } catch (error) {
    throw readFailure(file, error);
  }
  if (rest.length > 0) throw cutOff(file);
}

function readFailure(file: string, error: unknown): unknown {
  if (error instanceof BackupError) return error;
  const code = systemCode(error);
  if (code === 'Z_BUF_ERROR') return cutOff(file);
  if (code === 'Z_DATA_ERROR' && error instanceof Error && /header/.test(error.message)) return noBackup(file);
  if (code.startsWith('Z_'))
    return new BackupError(`${file} was damaged after it was made (${code}): use another backup`);
  if (code === 'ENOENT') return new BackupError(`there is no file ${file}`);
  return error instanceof Error && 'syscall' in error ? new BackupError(`${file} cannot be read (${code})`) : error;
}
