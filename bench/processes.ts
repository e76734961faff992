import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** A server under measurement. */
export interface Running {
  readonly child: ChildProcess;
  readonly origin: string;
}

/** Starts `node <args>` and waits until its output matches `ready`; the first group of the match is the port. */
export function startProcess(args: readonly string[], env: NodeJS.ProcessEnv, ready: RegExp): Promise<Running> {
  const child = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'inherit'] });
  return new Promise((resolve, reject) => {
    let output = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      const match = ready.exec(output);
      if (match !== null) resolve({ child, origin: `http://127.0.0.1:${match[1]}` });
    });
    child.on('exit', (code) => reject(new Error(`server ended with ${code}: ${output.slice(-2000)}`)));
  });
}

export async function stopProcess(running: Running): Promise<void> {
  const ended = new Promise((resolve) => running.child.once('exit', resolve));
  running.child.kill('SIGTERM');
  await ended;
}

/** CPU microseconds that a process and its children have used so far; 0 where /proc is not there. */
export function cpuWithChildren(pid: number | undefined): number {
  const children = existsSync('/proc')
    ? readdirSync('/proc')
        .map(Number)
        .filter((other) => parentOf(other) === pid)
    : [];
  return children.reduce((sum, child) => sum + cpuWithChildren(child), cpuMicroseconds(pid));
}

/** Not every kernel lists the children of a process. */
const parentOf = (pid: number): number => Number(/^PPid:\s+(\d+)/m.exec(readProc(pid, 'status'))?.[1]);

/** CPU microseconds that a process has used so far, user and system together; 0 where /proc is not there. */
export function cpuMicroseconds(pid: number | undefined): number {
  const stat = readProc(pid, 'stat');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  // proc(5): utime and stime are fields 14 and 15, in ticks of 10 ms.
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * 10_000;
}

/** Resident memory in MiB; 0 where /proc is not there. */
export function residentMiB(pid: number | undefined): number {
  const match = /VmRSS:\s+(\d+) kB/.exec(readProc(pid, 'status'));
  return Math.round(Number(match?.[1] ?? 0) / 1024);
}

function readProc(pid: number | undefined, file: string): string {
  try {
    return readFileSync(join('/proc', String(pid), file), 'utf8');
  } catch {
    return '';
  }
}
