import { type ChildProcess, spawn } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import type { Database } from '../../src/storage/database.ts';
import { deleteDatabase } from '../../src/storage/delete.ts';
import { openDatabase } from '../../src/storage/open.ts';
import { SqliteFile } from '../../src/storage/sql/sqlite/binding.ts';
import { StorageError } from '../../src/storage/storage-error.ts';
import { fill, sampleRows } from '../conformance/sample-rows.ts';
import { id, person, query, read, storeModel, values } from '../conformance/store-model.ts';

const folder = mkdtempSync(join(tmpdir(), 'portvakt-file-'));
const childScript = fileURLToPath(new URL('child.ts', import.meta.url));
const children: ChildProcess[] = [];
let files = 0;

const newFile = (): string => join(folder, `${files++}`, 'data.db');
const open = (file: string): Promise<Database> =>
  openDatabase({ tables: storeModel.tables, alphabet: 'nb', location: { kind: 'sqlite', file } });

async function filled(): Promise<string> {
  const file = newFile();
  const database = await open(file);
  await fill(database, sampleRows());
  await database.close();
  return file;
}

/** Starts the child and gives its lines as they come. */
function start(...args: string[]): { child: ChildProcess; lines: string[]; line(match: RegExp): Promise<string> } {
  const child = spawn(process.execPath, ['--import', 'tsx', childScript, ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  children.push(child);
  const lines: string[] = [];
  const waiting: (() => void)[] = [];
  let rest = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    const parts = (rest + chunk.toString()).split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts);
    for (const wake of waiting.splice(0)) wake();
  });
  const line = async (match: RegExp): Promise<string> => {
    for (;;) {
      const found = lines.find((each) => match.test(each));
      if (found !== undefined) return found;
      const ended = child.exitCode ?? child.signalCode;
      if (ended !== null) throw new Error(`the child ended with ${ended}: ${lines.join(' | ')}`);
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
        child.once('exit', () => resolve());
      });
    }
  };
  return { child, lines, line };
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
}

const failure = async (file: string): Promise<StorageError> => {
  const error = await open(file).then(
    () => 'opened',
    (caught: unknown) => caught,
  );
  expect(error).toBeInstanceOf(StorageError);
  return error as StorageError;
};

afterEach(async () => {
  for (const child of children.splice(0)) await kill(child);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the file', () => {
  test('is made with its folder, kept, and leaves no log behind when it is closed', async () => {
    const file = newFile();
    const database = await open(file);
    expect(database.isNew).toBe(true);
    await fill(database, sampleRows());
    const [, log] = [statSync(file).size, statSync(`${file}-wal`).size];
    expect(log).toBeGreaterThan(0);
    await database.close();
    await database.close();
    expect(readdirSync(join(file, '..')).sort()).toEqual(['data.db', 'data.db-lock']);
    const again = await open(file);
    expect(again.isNew).toBe(false);
    expect((await again.query(read(query(person)))).rows).toHaveLength(60);
    await again.close();
  });

  test('refuses everything once it is closed', async () => {
    const database = await open(newFile());
    await database.close();
    await expect(database.query(read(query(person)))).rejects.toThrow(StorageError);
    await expect(database.maintain(async () => 1)).rejects.toThrow('is closed');
    await expect(database.readAll(person)).rejects.toThrow('is closed');
  });

  test('closing waits for the writes that were asked for', async () => {
    const file = newFile();
    const database = await open(file);
    const write = database.maintain((rows) => rows.insert(person, values(person, { pv_personid: id(1) })));
    await database.close();
    await write;
    const again = await open(file);
    expect((await again.query(read(query(person)))).rows).toHaveLength(1);
    await again.close();
  });

  test('is let go of at once: the file that takes its place keeps its own log', async () => {
    const file = newFile();
    const location = { kind: 'sqlite', file } as const;
    const first = await open(file);
    await fill(first, sampleRows());
    await first.query(read(query(person)));
    await first.close();
    await deleteDatabase(location);
    const second = await open(file);
    expect(second.isNew).toBe(true);
    await fill(second, sampleRows(3));
    if (existsSync('/proc/self/fd')) {
      const descriptors = readdirSync('/proc/self/fd').length;
      expect(descriptors).toBeLessThan(200);
    }
    expect(statSync(`${file}-wal`).size).toBeGreaterThan(0);
    await second.close();
  });

  test('is written through to the disk at each commit', async () => {
    const file = await filled();
    const connection = new SqliteFile(file, 0);
    expect(connection.rows('pragma data.journal_mode')).toEqual([['wal']]);
    connection.close();
    // FULL is 2; a new connection has the library's default, so the setting is looked at where it is made.
    const { openConnection } = await import('../../src/storage/sql/sqlite/connection.ts');
    const own = openConnection(file);
    expect(own.rows('pragma data.synchronous')).toEqual([[2]]);
    expect(own.rows('pragma data.journal_mode')).toEqual([['wal']]);
    own.close();
  });
});

describe('a second opener is refused', () => {
  test('in the same process, and the first goes on', async () => {
    const file = newFile();
    const first = await open(file);
    expect((await failure(file)).message).toBe(
      `${file} is in use by another process: only one Portvakt may use a data folder`,
    );
    await first.maintain((rows) => rows.insert(person, values(person, { pv_personid: id(1) })));
    await first.close();
    await (await open(file)).close();
  });

  test('in another process, until that is killed', async () => {
    const file = newFile();
    const holder = start('hold', file);
    await holder.line(/^open$/);
    expect((await failure(file)).message).toContain('in use by another process');
    const second = start('hold', file);
    expect(await second.line(/^error /)).toContain(`${file} is in use by another process`);
    await kill(holder.child);
    const database = await open(file);
    await database.close();
  });
});

describe('a damaged file is refused with one line', () => {
  const overwrite = (file: string, at: number, bytes: Buffer): void => {
    const descriptor = openSync(file, 'r+');
    writeSync(descriptor, bytes, 0, bytes.length, at);
    closeSync(descriptor);
  };

  test.each([
    { name: 'garbage', harm: (file: string) => writeFileSync(file, Buffer.alloc(9000, 'x')), says: 'not an SQLite' },
    { name: 'text', harm: (file: string) => writeFileSync(file, 'hello\n'), says: 'ends too early' },
    { name: 'empty', harm: (file: string) => truncateSync(file, 0), says: 'ends too early' },
    { name: 'cut off', harm: (file: string) => truncateSync(file, statSync(file).size - 4096), says: 'ends too early' },
    { name: 'cut off within a page', harm: (file: string) => truncateSync(file, 5000), says: 'ends too early' },
    { name: 'a first page of zeros', harm: (file: string) => overwrite(file, 16, Buffer.alloc(4000)), says: '' },
    {
      name: 'missing with its log there',
      harm: (file: string) => {
        writeFileSync(`${file}-wal`, 'log');
        rmSync(file);
      },
      says: 'is missing',
    },
    {
      name: 'pages of garbage after a kill',
      harm: (file: string) => {
        for (let at = 4096; at < statSync(file).size - 8192; at += 4096) overwrite(file, at, Buffer.alloc(4096, 0x5a));
        writeFileSync(`${file}-wal`, 'not a log');
      },
      says: '',
    },
  ])('$name', async ({ harm, says }) => {
    const file = await filled();
    harm(file);
    const { message } = await failure(file);
    expect(message).toContain(file);
    expect(message).toContain(says);
    expect(message).toMatch(/damaged|not a database/);
    expect(message).not.toContain('\n');
    // The lock is given back.
    expect((await failure(file)).message).toBe(message);
  });

  test('a set-up that was killed before the file was complete begins anew', async () => {
    const file = newFile();
    mkdirSync(join(file, '..'));
    writeFileSync(`${file}-new`, 'half a database');
    const database = await open(file);
    expect(database.isNew).toBe(true);
    await database.close();
    expect(existsSync(`${file}-new`)).toBe(false);
  });
});

describe('a place that cannot be written is refused with one line', () => {
  test.each([
    {
      name: 'the folder is a file',
      at: () => join(folder, 'plain', 'data.db'),
      make: () => writeFileSync(join(folder, 'plain'), ''),
    },
    {
      name: 'the file is a folder',
      at: () => join(folder, 'nested', 'data.db'),
      make: () => mkdirSync(join(folder, 'nested', 'data.db'), { recursive: true }),
    },
    {
      name: 'the folder is read-only',
      at: () => (process.getuid?.() === 0 ? '/proc/portvakt/data.db' : join(folder, 'read-only', 'data.db')),
      make: () => {
        mkdirSync(join(folder, 'read-only'), { recursive: true });
        // Root may write anywhere but in the kernel's own folders.
        if (process.getuid?.() !== 0) chmodSync(join(folder, 'read-only'), 0o500);
      },
    },
  ])('$name', async ({ at, make }) => {
    make();
    const { message } = await failure(at());
    expect(message).toMatch(/cannot be (written|opened)|is damaged/);
    expect(message).not.toContain('\n');
  });
});

describe('kill -9', () => {
  test('in the middle of writes loses no acknowledged row, round after round', async () => {
    const file = newFile();
    const acknowledged = new Set<string>();
    for (let round = 0; round < 3; round++) {
      const writer = start('write', file, String(1 + round * 100_000));
      await writer.line(/^\d+$/);
      await new Promise((resolve) => setTimeout(resolve, 150 + round * 100));
      await kill(writer.child);
      for (const line of writer.lines.filter((each) => /^\d+$/.test(each))) acknowledged.add(id(Number(line)));
      const database = await open(file);
      const stored = await database.readAll(person);
      await database.close();
      const found = new Set(stored.map((row) => String(row.id)));
      expect([...acknowledged].filter((each) => !found.has(each))).toEqual([]);
      expect(stored.map((row) => row.version)).toHaveLength(new Set(stored.map((row) => row.version)).size);
    }
    expect(acknowledged.size).toBeGreaterThan(20);
  }, 60_000);
});
