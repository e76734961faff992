import { generateKeyPairSync } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DamagedKeyFile, fileKeyStore } from '../../src/token/file-key-store.ts';

let folder: string;
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'portvakt-keys-')), 'keys');
});
afterEach(() => rm(join(folder, '..'), { recursive: true, force: true }));

const pemOf = (type: 'rsa' | 'ec'): string => {
  const pair =
    type === 'rsa'
      ? generateKeyPairSync('rsa', { modulusLength: 1024 })
      : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
};

describe('signing keys in files', () => {
  test('are made on the first start, for the owner alone, and nothing else is left', async () => {
    const { current, next } = await fileKeyStore(folder).load();
    expect(current.kid).not.toBe(next.kid);
    expect((await readdir(folder)).sort()).toEqual(['current.pem', 'next.pem']);
    for (const file of ['current.pem', 'next.pem']) {
      expect((await stat(join(folder, file))).mode & 0o777).toBe(0o600);
      expect(await readFile(join(folder, file), 'utf8')).toContain('BEGIN PRIVATE KEY');
    }
  });

  test('are the same on the next start', async () => {
    const first = await fileKeyStore(folder).load();
    const second = await fileKeyStore(folder).load();
    expect([second.current.kid, second.next.kid]).toEqual([first.current.kid, first.next.kid]);
    expect(second.current.header).toBe(first.current.header);
  });

  test('one that is missing is made', async () => {
    const first = await fileKeyStore(folder).load();
    await rm(join(folder, 'next.pem'));
    const second = await fileKeyStore(folder).load();
    expect(second.current.kid).toBe(first.current.kid);
    expect(second.next.kid).not.toBe(first.next.kid);
  });

  test.each([
    { name: 'empty', text: '' },
    { name: 'junk', text: 'junk' },
    { name: 'cut off', text: pemOf('ec').slice(0, 60) },
    { name: 'a key of another kind', text: pemOf('ec') },
    { name: 'an RSA key that is too short', text: pemOf('rsa') },
  ])('a file that is $name stops with one line and is left alone', async ({ text }) => {
    await mkdir(folder);
    await writeFile(join(folder, 'current.pem'), text);
    const error = await fileKeyStore(folder)
      .load()
      .then(
        () => undefined,
        (reason: unknown) => reason,
      );
    expect(error).toBeInstanceOf(DamagedKeyFile);
    const message = error instanceof Error ? error.message : '';
    expect(message).toContain(join(folder, 'current.pem'));
    expect(message).not.toContain('\n');
    expect(await readFile(join(folder, 'current.pem'), 'utf8')).toBe(text);
  });

  test('a folder that cannot be made is the system error', async () => {
    await writeFile(folder, 'a file');
    await expect(fileKeyStore(folder).load()).rejects.toMatchObject({ code: expect.stringMatching(/EEXIST|ENOTDIR/) });
  });
});
