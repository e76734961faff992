import { generateKeyPairSync } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { DamagedKeyFile, fileKeyStore } from '../../src/token/file-key-store.ts';
import { type KeySet, newKeySet, publishedKeys, rotated } from '../../src/token/key-set.ts';
import { makeKey } from './world.ts';

/** The file operations of one test, and after how many of them the process is "killed": no later one does anything. */
const disk = vi.hoisted(() => ({ left: Number.POSITIVE_INFINITY, done: 0 }));

vi.mock('node:fs/promises', async (load) => {
  const real = await load<typeof import('node:fs/promises')>();
  const step = (): void => {
    if (disk.left <= 0) throw new Error('killed');
    disk.left -= 1;
    disk.done += 1;
  };
  return {
    ...real,
    async open(...parameters: Parameters<typeof real.open>) {
      step();
      const handle = await real.open(...parameters);
      return {
        async writeFile(text: string) {
          step();
          // A kill in the middle of a write leaves a part of it.
          await handle.writeFile(disk.left <= 0 ? text.slice(0, 100) : text);
        },
        async sync() {
          step();
          await handle.sync();
        },
        close: () => handle.close(),
      };
    },
    async rename(...parameters: Parameters<typeof real.rename>) {
      step();
      await real.rename(...parameters);
    },
    async rm(...parameters: Parameters<typeof real.rm>) {
      step();
      await real.rm(...parameters);
    },
  };
});

let folder: string;
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'portvakt-keys-')), 'keys');
});
afterEach(() => {
  disk.left = Number.POSITIVE_INFINITY;
  return rm(join(folder, '..'), { recursive: true, force: true });
});

const now = new Date('2026-03-01T12:00:00.000Z');
const times = { lifetime: 3599, rotation: undefined, publication: 86_400 };
const makeSet = (): KeySet => newKeySet(makeKey(), makeKey(), now, times);
const kids = (set: KeySet | undefined): string[] => (set === undefined ? [] : publishedKeys(set).map(({ kid }) => kid));
const save = async (set: KeySet): Promise<void> => {
  await mkdir(folder, { recursive: true });
  await fileKeyStore(folder).save(set);
};

const pemOf = (type: 'rsa' | 'ec' | 'long'): string => {
  const pair =
    type === 'ec'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : generateKeyPairSync('rsa', { modulusLength: type === 'rsa' ? 1024 : 2048 });
  return pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
};

describe('signing keys in a file', () => {
  test('are none at first', async () => {
    expect(await fileKeyStore(folder).load()).toBeUndefined();
  });

  test('are for the owner alone, and nothing else is left', async () => {
    await save(makeSet());
    expect(await readdir(folder)).toEqual(['signing-keys.json']);
    expect((await stat(join(folder, 'signing-keys.json'))).mode & 0o777).toBe(0o600);
  });

  test('come back as they were: keys, times and what was asked for', async () => {
    const set = { ...rotated(makeSet(), makeKey(), now, times), isRotationAsked: true };
    await save(set);
    const found = await fileKeyStore(folder).load();
    expect(kids(found)).toEqual(kids(set));
    expect(found).toMatchObject({
      current: { since: now, longestLifetime: 3599, key: { header: set.current.key.header } },
      next: { publishedAt: now },
      retired: [{ until: set.retired[0]?.until }],
      isRotationAsked: true,
    });
  });

  test('a retired key leaves no private half', async () => {
    const set = makeSet();
    const secret = set.current.key.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    await save(set);
    await save(rotated(set, makeKey(), now, times));
    const text = await readFile(join(folder, 'signing-keys.json'), 'utf8');
    expect(text).not.toContain(JSON.stringify(secret).slice(30, 200));
    expect(text.match(/BEGIN PRIVATE KEY/g)).toHaveLength(2);
  });

  test('a kill after any file operation leaves the old set or the new one', async () => {
    const old = makeSet();
    await save(old);
    const fresh = rotated(old, makeKey(), now, times);
    const seen = new Set<string>();
    for (let steps = 0; ; steps++) {
      await save(old);
      disk.left = steps;
      disk.done = 0;
      const whole = await save(fresh).then(
        () => true,
        () => false,
      );
      disk.left = Number.POSITIVE_INFINITY;
      const found = kids(await fileKeyStore(folder).load());
      expect([kids(old).join(), kids(fresh).join()]).toContain(found.join());
      expect(await readdir(folder)).toEqual(['signing-keys.json']);
      seen.add(found.join());
      if (whole) break;
    }
    expect(seen.size).toBe(2);
    expect(disk.done).toBeGreaterThan(4);
  });

  const good = async (): Promise<Record<string, unknown>> => {
    await save(makeSet());
    return JSON.parse(await readFile(join(folder, 'signing-keys.json'), 'utf8')) as Record<string, unknown>;
  };
  test.each([
    { name: 'empty', text: async () => '' },
    { name: 'junk', text: async () => 'junk' },
    { name: 'cut off', text: async () => JSON.stringify(await good()).slice(0, 900) },
    { name: 'of another version', text: async () => JSON.stringify({ ...(await good()), version: 2 }) },
    { name: 'without its next key', text: async () => JSON.stringify({ ...(await good()), next: undefined }) },
    {
      name: 'with a key of another kind',
      text: async () => JSON.stringify({ ...(await good()), next: { publishedAt: now, privateKey: pemOf('ec') } }),
    },
    {
      name: 'with an RSA key that is too short',
      text: async () => JSON.stringify({ ...(await good()), next: { publishedAt: now, privateKey: pemOf('rsa') } }),
    },
    {
      name: 'without a time',
      text: async () => JSON.stringify({ ...(await good()), next: { publishedAt: 'soon', privateKey: pemOf('long') } }),
    },
  ])('a file that is $name stops with one line and is left alone', async ({ text }) => {
    const damaged = await text();
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'signing-keys.json'), damaged);
    const error = await fileKeyStore(folder)
      .load()
      .then(
        () => undefined,
        (reason: unknown) => reason,
      );
    expect(error).toBeInstanceOf(DamagedKeyFile);
    const message = error instanceof Error ? error.message : '';
    expect(message).toContain(join(folder, 'signing-keys.json'));
    expect(message).not.toMatch(/\n|PRIVATE/);
    expect(await readFile(join(folder, 'signing-keys.json'), 'utf8')).toBe(damaged);
  });

  test('a folder that cannot be made is the system error', async () => {
    await writeFile(folder, 'a file');
    await expect(fileKeyStore(folder).load()).rejects.toMatchObject({ code: expect.stringMatching(/EEXIST|ENOTDIR/) });
  });
});

describe('keys of the version before, in files of their own', () => {
  const [current, next] = [pemOf('long'), pemOf('long')];
  const writeBoth = async (): Promise<void> => {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'current.pem'), current);
    await writeFile(join(folder, 'next.pem'), next);
  };

  test('go on, and their files are removed', async () => {
    await writeBoth();
    const set = await fileKeyStore(folder).load();
    expect(set?.current.key.privateKey.export({ type: 'pkcs8', format: 'pem' })).toBe(current);
    expect(set?.next.key.privateKey.export({ type: 'pkcs8', format: 'pem' })).toBe(next);
    expect(await readdir(folder)).toEqual(['signing-keys.json']);
    expect(kids(await fileKeyStore(folder).load())).toEqual(kids(set));
  });

  test('a kill after any file operation changes nothing about that', async () => {
    await writeBoth();
    const expected = kids(await fileKeyStore(folder).load());
    for (let steps = 0; ; steps++) {
      await rm(join(folder, 'signing-keys.json'), { force: true });
      await writeBoth();
      disk.left = steps;
      const whole = await fileKeyStore(folder)
        .load()
        .then(
          () => true,
          () => false,
        );
      disk.left = Number.POSITIVE_INFINITY;
      expect(kids(await fileKeyStore(folder).load())).toEqual(expected);
      expect(await readdir(folder)).toEqual(['signing-keys.json']);
      if (whole) break;
    }
  });

  test('one that is missing is made', async () => {
    await writeBoth();
    await rm(join(folder, 'next.pem'));
    const set = await fileKeyStore(folder).load();
    expect(set?.current.key.privateKey.export({ type: 'pkcs8', format: 'pem' })).toBe(current);
    expect(set?.next.key.kid).not.toBe(set?.current.key.kid);
  });

  test('one that is damaged stops with one line', async () => {
    await writeBoth();
    await writeFile(join(folder, 'current.pem'), 'junk');
    await expect(fileKeyStore(folder).load()).rejects.toThrow(DamagedKeyFile);
    expect(await readFile(join(folder, 'current.pem'), 'utf8')).toBe('junk');
  });
});
