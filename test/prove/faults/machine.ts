import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sleep } from './load.ts';

const source = fileURLToPath(new URL('machine.c', import.meta.url));

/** What is wrong with a machine: its disk has no space left, flushes take so many milliseconds longer, the clock is off by seconds. */
export type Fault = 'nothing' | 'full' | `slow ${number}` | `clock ${number}`;

/** Disk and clock as processes see them that were started with its `settings` (`machine.c`). Needs no root, but Linux and a C compiler. */
export class Machine {
  readonly settings: Readonly<Record<string, string>>;
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
    this.settings = { LD_PRELOAD: join(folder, 'machine.so'), FAULTY_MACHINE: join(folder, 'fault') };
  }

  /** A sound one; `undefined` where none can be made. */
  static make(): Machine | undefined {
    if (process.platform !== 'linux') return undefined;
    const folder = mkdtempSync(join(tmpdir(), 'portvakt-machine-'));
    try {
      execFileSync('cc', ['-shared', '-fPIC', '-O2', '-Wall', '-o', join(folder, 'machine.so'), source, '-ldl'], {
        stdio: 'pipe',
      });
    } catch (error) {
      rmSync(folder, { recursive: true });
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
      throw error;
    }
    // PostgreSQL runs as another user.
    chmodSync(folder, 0o755);
    const machine = new Machine(folder);
    machine.#write('nothing');
    return machine;
  }

  /** From now on, and a moment later for every thread, this is wrong with it. */
  async become(fault: Fault): Promise<void> {
    this.#write(fault);
    await sleep(10);
  }

  close(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #write(fault: Fault): void {
    const file = join(this.#folder, 'fault');
    writeFileSync(`${file}.new`, fault);
    renameSync(`${file}.new`, file);
  }
}

export const whyNoMachine = 'full and slow disks and jumping clocks need Linux and a C compiler (`cc`)';
