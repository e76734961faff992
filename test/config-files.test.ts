import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseConfig } from '../src/config.ts';

const url = 'postgres://portvakt:hush@db.example/portvakt';

describe('the URL of the database out of a file', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'portvakt-config-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const fileOf = (text: string): string => {
    const file = join(folder, 'url');
    writeFileSync(file, text);
    return file;
  };

  test.each([url, `${url}\n`, ` ${url}\r\n`])('%j: without what an editor adds', (text) => {
    const config = parseConfig({ PORTVAKT_DATABASE_URL_FILE: fileOf(text) });
    expect(config.databaseUrl).toBe(url);
    // Whatever depends on there being a database knows of it.
    expect(parseConfig({ PORTVAKT_DATABASE_URL_FILE: fileOf(text), PORTVAKT_WORKERS: '2' }).workers).toBe(2);
    expect(parseConfig({}, ['--database-url-file', fileOf(text)]).databaseUrl).toBe(url);
  });

  test.each([
    [
      'a file that is not there',
      () => ({ PORTVAKT_DATABASE_URL_FILE: join(folder, 'none') }),
      /can be read \(ENOENT\)/,
    ],
    ['a folder', () => ({ PORTVAKT_DATABASE_URL_FILE: folder }), /can be read \(EISDIR\)/],
    ['an empty file', () => ({ PORTVAKT_DATABASE_URL_FILE: fileOf(' \n') }), /a file that is not empty/],
    [
      'both of them',
      () => ({ PORTVAKT_DATABASE_URL_FILE: fileOf(url), PORTVAKT_DATABASE_URL: url }),
      /PORTVAKT_DATABASE_URL is given too/,
    ],
    ['another kind of URL', () => ({ PORTVAKT_DATABASE_URL_FILE: fileOf('mysql://u:hush@h/d') }), /postgres:\/\//],
  ])('%s: one line that says it, without the secret', (_, settings, says) => {
    let message = '';
    try {
      parseConfig(settings());
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message).toMatch(says);
    expect(message).not.toContain('hush');
  });
});
