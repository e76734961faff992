import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Commands } from './markdown.ts';

/**
 * A folder that looks like the repository after `npm start`: everything in it is a link to the real thing, but `data`
 * leads to the data folder given. So commands of a page run letter for letter as they stand there.
 */
export async function openRepositoryView(root: string, dataFolder: string): Promise<string> {
  const view = await mkdtemp(join(tmpdir(), 'portvakt-docs-'));
  const names = (await readdir(root)).filter((name) => name !== 'data');
  await Promise.all(names.map((name) => symlink(join(root, name), join(view, name))));
  await symlink(dataFolder, join(view, 'data'));
  return view;
}

/** Removes the links, not what they lead to. */
export const closeRepositoryView = (view: string): Promise<void> => rm(view, { recursive: true });

interface Session {
  readonly exitCode: number;
  /** What each block printed, both streams, without blank lines at its ends. Blocks after a failure are not here. */
  readonly outputs: readonly string[];
}

const mark = '--- end of block ---';
const timeoutMs = 60_000;

/** Runs the blocks of one page one after the other in a single shell that ends at the first failure. */
export function runSession(blocks: readonly Commands[], cwd: string): Promise<Session> {
  const script = ['exec 2>&1', ...blocks.flatMap(({ script }) => [script, `printf '\\n%s\\n' '${mark}'`])].join('\n');
  return new Promise((resolve, reject) => {
    const child = execFile('sh', ['-euc', script], { cwd, timeout: timeoutMs }, (error, stdout) => {
      if (error !== null && typeof error.code !== 'number') reject(new Error(`${error.message}\n${stdout}`));
      else resolve({ exitCode: Number(error?.code ?? 0), outputs: outputsOf(stdout) });
    });
    child.stdin?.end();
  });
}

function outputsOf(text: string): string[] {
  const outputs = text.split(`${mark}\n`).map((output) => output.trim());
  // After the last mark there is nothing, unless a block failed.
  return outputs.at(-1) === '' ? outputs.slice(0, -1) : outputs;
}
