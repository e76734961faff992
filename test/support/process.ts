import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type DemoEnv, parseDemoEnv } from '../../src/demo/demo-env.ts';
import { ask } from './client.ts';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** How a process ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A server in a process of its own, which can be killed. */
export interface ServerProcess {
  readonly pid: number;
  readonly ended: Promise<Ended>;
  /** What it has written to standard output so far. */
  output(): string;
  /** Waits until its standard output matches. Rejects when it ends before. */
  wrote(pattern: RegExp): Promise<RegExpExecArray>;
  kill(signal: NodeJS.Signals): Promise<Ended>;
}

/** Servers that run; a test that fails half-way leaves some. */
const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Kills every server that is still running. */
export function killServers(): void {
  for (const child of running) child.kill('SIGKILL');
}

/** Settings and flags of a server; `settings` are environment variables. */
export interface StartOptions {
  readonly settings: Readonly<Record<string, string>>;
  readonly flags?: readonly string[];
  /** Where a server with another public URL can be reached. */
  readonly at?: (port: string) => string;
}

/** Starts the server's entry file. Nothing of this process's own settings reaches it. */
export function spawnServer({ settings, flags = [] }: StartOptions): ServerProcess {
  const child = spawn(process.execPath, [...mainArguments(), ...flags], {
    cwd: root,
    env: { ...withoutSettings(process.env), ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  child.once('close', () => running.delete(child));
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => {
    output.stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    output.stderr += chunk.toString();
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, ...output }));
  });
  return {
    pid: child.pid ?? 0,
    ended,
    output: () => output.stdout,
    wrote: (pattern) => waitForOutput(child, () => pattern.exec(output.stdout), output),
    kill: (signal) => {
      child.kill(signal);
      return ended;
    },
  };
}

function waitForOutput(
  child: ChildProcess,
  find: () => RegExpExecArray | null,
  output: { readonly stdout: string; readonly stderr: string },
): Promise<RegExpExecArray> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      const match = find();
      if (match !== null) resolve(match);
    };
    look();
    child.stdout?.on('data', look);
    child.once('close', (code, signal) => {
      reject(new Error(`the server ended with ${signal ?? code}: ${output.stderr}${output.stdout.slice(-1000)}`));
    });
  });
}

function withoutSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('PORTVAKT_')));
}

/** The built entry file where it is up to date, as it is under `npm test`; else the sources. */
function mainArguments(): readonly string[] {
  const built = statSync(join(root, 'dist', '.built'), { throwIfNoEntry: false });
  if (built !== undefined && built.mtimeMs >= newest(join(root, 'src'))) return [join(root, 'dist', 'main.js')];
  return ['--import', 'tsx', join(root, 'src', 'main.ts')];
}

function newest(folder: string): number {
  const times = readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs);
  return Math.max(...times);
}

/** A server process that answers. */
export interface Ready extends ServerProcess {
  readonly url: string;
  readonly ca: string;
  readonly dataFolder: string;
  /** Milliseconds from the start of the process until `/readyz` answered 200. */
  readonly readyAfter: number;
}

/** Starts a server and waits for `/readyz`. `settings` must name the data folder. */
export async function startServerProcess(options: StartOptions): Promise<Ready> {
  const begin = performance.now();
  const server = spawnServer(options);
  const dataFolder = options.settings['PORTVAKT_DATA'] ?? '';
  const [, publicUrl = '', port = ''] = await server.wrote(/"url":"([^"]+)","port":(\d+).*"msg":"ready"/);
  const url = options.at?.(port) ?? publicUrl;
  const ca = readFileSync(join(dataFolder, 'tls', 'ca.pem'), 'utf8');
  const { status } = await ask(ca, `${url}/readyz`);
  if (status !== 200) throw new Error(`/readyz answered ${status} after the log said ready`);
  return { ...server, url, ca, dataFolder, readyAfter: performance.now() - begin };
}

export const readDemoEnv = (dataFolder: string): DemoEnv =>
  parseDemoEnv(readFileSync(join(dataFolder, 'demo.env'), 'utf8'));

/** Resident memory in MiB, or `undefined` where the system does not tell (proc(5)). */
export function residentMiB(pid: number): number | undefined {
  try {
    const kilobytes = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? undefined : Math.round(Number(kilobytes) / 1024);
  } catch {
    return undefined;
  }
}
