import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './process.ts';

/** A file of tests that a page names, and titles of tests in it; none: the file as a whole. */
export interface Proof {
  readonly file: string;
  readonly titles: readonly string[];
}

/** Cells of the rows of a page's tables, without those of headings. `first` is the first heading of each table. */
export const rowsOfTables = (page: string, first: string): readonly (readonly string[])[] =>
  readFileSync(join(root, page), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith(`| ${first} |`) && !line.startsWith('| ---'))
    .map((line) =>
      line
        .split(/(?<!\\)\|/)
        .slice(1)
        .map((cell) => cell.trim()),
    );

/** `` `file` “title” “title”, `file` ``. */
export function proofsOf(cell: string): readonly Proof[] {
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

/** What is named and is not there, and files that are named as a whole and test nothing by themselves. */
export function missingIn(proofs: readonly Proof[]): readonly string[] {
  return proofs.flatMap(({ file, titles }) => {
    if (!/^test\/.+\.ts$/.test(file) || !existsSync(join(root, file))) return [file];
    if (titles.length === 0 && !file.endsWith('.test.ts') && !file.endsWith('-suite.ts')) return [`${file} as a whole`];
    return titles.filter((title) => !hasTitle(file, title)).map((title) => `${file} “${title}”`);
  });
}
