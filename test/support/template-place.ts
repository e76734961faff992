import { rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { Client } from 'pg';

/** What a server was filled with on its first start. */
export const seeds = ['demo', 'empty'] as const;
export type Seed = (typeof seeds)[number];

/** Database of a template. A name of this run's own: several may share a PostgreSQL. */
export const templateDatabase = (templates: string, seed: Seed): string =>
  `${basename(templates).replaceAll('-', '_').toLowerCase()}_${seed}`;

/** Removes what the tests of a run began with copies of. */
export async function removeTemplates(serverUrl: string, templates: string): Promise<void> {
  const client = new Client({ connectionString: serverUrl });
  await client.connect();
  for (const seed of seeds) await client.query(`drop database if exists ${templateDatabase(templates, seed)}`);
  await client.end();
  await rm(templates, { recursive: true });
}
