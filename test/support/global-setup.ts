import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startPostgres } from './postgres.ts';
import { removeTemplates } from './template-place.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The PostgreSQL that this run of the tests may use. Make a schema of your own in it and drop it afterwards. */
    postgresUrl: string;
    /** Folder of installations that tests begin with copies of (`template.ts`). */
    templates: string;
  }
}

/** Once per run of the tests: one PostgreSQL for all of them. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startPostgres();
  const templates = await mkdtemp(join(tmpdir(), 'portvakt-templates-'));
  project.provide('postgresUrl', server.url);
  project.provide('templates', templates);
  return async () => {
    await removeTemplates(server.url, templates);
    await server.stop();
  };
}
