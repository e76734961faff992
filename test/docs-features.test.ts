import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const page = readFileSync(join(root, 'docs', 'features.md'), 'utf8');

const states = ['works', 'works differently', 'refused'];

interface Feature {
  readonly name: string;
  readonly state: string;
  /** File, and titles of tests in it; none: the file as a whole. */
  readonly proofs: readonly { readonly file: string; readonly titles: readonly string[] }[];
}

/** Rows of the page's tables: feature, state, note, and the tests that prove it. */
const features: readonly Feature[] = page
  .split('\n')
  .filter((line) => line.startsWith('| ') && !/^\| (feature|---)/.test(line))
  .map((line) => {
    const cells = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
    const [, name = '', state = '', , proof = ''] = cells;
    return { name, state, proofs: proofsOf(proof) };
  });

/** `` `file` “title” “title”, `file` ``. */
function proofsOf(cell: string): Feature['proofs'] {
  return [...cell.matchAll(/`([^`]+)`((?:\s*“[^”]*”)*)/g)].map(([, file = '', titles = '']) => ({
    file,
    titles: [...titles.matchAll(/“([^”]*)”/g)].map(([, title = '']) => title),
  }));
}

/** Is there a test, a group or a row of a table with this name in the file? */
const hasTitle = (file: string, title: string): boolean => {
  const source = readFileSync(join(root, file), 'utf8');
  const quoted = [`'${title.replaceAll("'", "\\'")}'`, `"${title}"`, `\`${title}\``];
  return quoted.some((text) => source.includes(text));
};

describe('docs/features.md', () => {
  test('has many features, each once, in every state', () => {
    expect(features.length).toBeGreaterThan(80);
    expect(new Set(features.map(({ name }) => name)).size).toBe(features.length);
    expect(new Set(features.map(({ state }) => state))).toEqual(new Set(states));
  });

  test('names at least one test for each feature', () => {
    expect(features.filter(({ proofs }) => proofs.length === 0).map(({ name }) => name)).toEqual([]);
  });

  test('names tests that exist', () => {
    const missing = features.flatMap(({ name, proofs }) =>
      proofs.flatMap(({ file, titles }) => {
        if (!/^test\/.+\.ts$/.test(file) || !existsSync(join(root, file))) return [`${name}: ${file}`];
        return titles.filter((title) => !hasTitle(file, title)).map((title) => `${name}: ${file} “${title}”`);
      }),
    );
    expect(missing).toEqual([]);
  });

  test('a file that is named as a whole is one that tests', () => {
    const wholes = features.flatMap(({ proofs }) => proofs.filter(({ titles }) => titles.length === 0));
    expect(wholes.filter(({ file }) => !file.endsWith('.test.ts')).map(({ file }) => file)).toEqual([]);
  });
});
