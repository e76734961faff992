import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Cluster } from '../../support/cluster.ts';
import { connect } from '../../support/connection.ts';
import { bodyOf } from '../../support/odata.ts';
import { type Ready, startServerProcess } from '../../support/process.ts';
import { verifyAudit } from '../../support/verify-audit.ts';
import { provedSettings } from '../proved-settings.ts';
import { type FaultSize, strikeUnderLoad, wordOf } from './database-faults.ts';
import { type Load, readStored, sleep } from './load.ts';
import { Machine, whyNoMachine } from './machine.ts';
import { type FaultRow, sumRows } from './row.ts';

/** A server on a machine of its own, with its PostgreSQL where there is one. */
interface MachineWorld {
  readonly machine: Machine;
  readonly cluster: Cluster | undefined;
  readonly server: Ready;
  /** Kills what has the data, and starts it again. */
  again(): Promise<MachineWorld>;
  close(): Promise<void>;
}

type MachineStrike = (machine: Machine, size: FaultSize, load: Load) => Promise<void>;

const threeHours = 3 * 3600;

/** By what the fault table calls them. */
export const machineFaults: Readonly<Record<string, MachineStrike>> = {
  'disk full': async (machine, { lasts }) => {
    await machine.become('full');
    await sleep(lasts);
    await machine.become('nothing');
  },
  'disk slow, 300 ms a flush': async (machine, { lasts }) => {
    await machine.become('slow 300');
    await sleep(lasts + 500);
    await machine.become('nothing');
  },
  // Tokens end, or were issued ahead: clients get new ones each time.
  'clock three hours ahead, three behind, right again': async (machine, { creates }, load) => {
    for (const fault of [`clock ${threeHours}`, `clock ${-threeHours}`, 'nothing'] as const) {
      await machine.become(fault);
      await load.acknowledgesMore(Math.ceil(creates / 3));
    }
  },
};

/** Faults of the disk and the clock, under which neither database may lose anything; then whatever has the data is killed, and looked at again. */
export async function strikeMachine(
  engine: 'sqlite' | 'postgres',
  size: FaultSize,
  report: (row: FaultRow) => void,
  isWanted: (fault: string) => boolean = () => true,
): Promise<void> {
  const machine = Machine.make();
  if (machine === undefined) {
    console.warn(`skipped: ${whyNoMachine}`);
    return;
  }
  let world = await openWorld(engine, machine);
  try {
    const rows: FaultRow[] = [];
    for (const [fault, strike] of Object.entries(machineFaults)) {
      if (!isWanted(fault)) continue;
      const rounds: FaultRow[] = [];
      for (let round = 1; round <= size.rounds; round++) {
        const connection = await connect(world.server.url, world.server.dataFolder);
        await connection.token('ats');
        const strikeNow = (load: Load): Promise<void> => strike(machine, size, load);
        rounds.push(await strikeUnderLoad(connection, { fault, round, strike: strikeNow, mayTokensEnd: true }, size));
      }
      rows.push(sumRows(fault, rounds));
    }
    world = await world.again();
    for (const row of rows) report(await lookAgain(world, row));
  } finally {
    await world.close();
    machine.close();
  }
}

/** After the kill: what was found before is there, and the audit log is whole. */
async function lookAgain({ server }: MachineWorld, row: FaultRow): Promise<FaultRow> {
  const connection = await connect(server.url, server.dataFolder);
  const { whole } = await readStored(connection, wordOf(row.fault));
  const token = await connection.token('admin');
  const get = (path: string) => connection.ask(path, { token });
  const seal = bodyOf(await connection.ask('/portvakt/v1/audit/seal', { token, method: 'POST' }));
  const { findings } = await verifyAudit(get, String(seal['hash']));
  return {
    ...row,
    lost: Math.max(row.lost, row.found - whole.size),
    wrong: [...row.wrong, ...findings.map((finding) => `audit log: ${JSON.stringify(finding)}`)],
  };
}

async function openWorld(engine: 'sqlite' | 'postgres', machine: Machine): Promise<MachineWorld> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'portvakt-machine-data-'));
  const cluster = engine === 'postgres' ? await Cluster.start([], machine.settings) : undefined;
  const settings = { ...machine.settings, ...provedSettings(dataFolder, cluster?.url) };
  const close = async (): Promise<void> => {
    await cluster?.close();
    await rm(dataFolder, { recursive: true });
  };
  const worldOf = (server: Ready): MachineWorld => ({
    machine,
    cluster,
    server,
    again: async () => {
      await server.kill('SIGKILL');
      await cluster?.kill();
      await cluster?.start();
      return worldOf(await startServerProcess({ settings }));
    },
    close: () => server.kill('SIGKILL').then(close),
  });
  try {
    const server = await startServerProcess({ settings });
    await cluster?.keepWord();
    return worldOf(server);
  } catch (error) {
    await close();
    throw error;
  }
}
