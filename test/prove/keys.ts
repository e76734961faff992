import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parseConfig } from '../../src/config.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { startServer } from '../../src/server.ts';
import { connect } from '../support/connection.ts';
import { root } from '../support/process.ts';

export interface KeyLoad {
  /** Requests at least: for tokens, and of the Web API. */
  readonly requests: number;
  /** Keys at least that sign in turn while they come. */
  readonly signers: number;
  readonly clients: number;
  /** Seconds that a key signs, and is published before. */
  readonly rotation: number;
  readonly databaseUrl: string | undefined;
}

export interface KeyLoadResult {
  readonly requests: number;
  readonly tokens: number;
  /** Tokens that jose verified by a key set that it never loads because of an unknown key. */
  readonly verified: number;
  readonly calls: number;
  readonly signers: number;
  readonly failures: readonly string[];
}

/** Rolls the signing keys of a server every few seconds while clients in another process get tokens and call it. */
export async function rollKeysUnderLoad(load: KeyLoad): Promise<KeyLoadResult> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'portvakt-keys-'));
  const database = load.databaseUrl === undefined ? {} : { PORTVAKT_DATABASE_URL: load.databaseUrl };
  const config = parseConfig({ PORTVAKT_DATA: dataFolder, PORTVAKT_PORT: '0', ...database });
  const keys = { ...config.keys, rotation: load.rotation, publication: load.rotation };
  const server = await startServer({ ...config, keys }, silentLog);
  try {
    const { env } = await connect(server.url, dataFolder);
    const { stdout } = await promisify(execFile)(process.execPath, [join(root, 'test/prove/keys-client.mjs')], {
      cwd: root,
      timeout: 1_200_000,
      env: {
        ...process.env,
        ...env,
        REQUESTS: String(load.requests),
        CLIENTS: String(load.clients),
        SIGNERS: String(load.signers),
        // Half of what the server allows, so that the time that a request takes does not count.
        KEPT_MS: String(load.rotation * 500),
      },
    });
    return JSON.parse(stdout) as KeyLoadResult;
  } finally {
    await server.close();
    await rm(dataFolder, { recursive: true });
  }
}
