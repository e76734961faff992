import type { CommandSpec } from '../command.ts';

/** Makes the data folder without serving. */
export const initCommand: CommandSpec = {
  usage: 'init',
  summary:
    'Makes the data folder and fills it, as the first start does, and ends; settings are read from the environment',
  examples: ['portvakt init', 'PORTVAKT_SEED=empty PORTVAKT_DATA=/var/lib/portvakt portvakt init'],
  caller: 'none',
  async run({ io, output }) {
    // Loaded by this command alone: a client of the surfaces has no use for a server.
    const [{ parseConfig }, { createLog }, { startServer }] = await Promise.all([
      import('../../config.ts'),
      import('../../log.ts'),
      import('../../server.ts'),
    ]);
    const config = parseConfig(io.environment);
    const server = await startServer(config, await createLog('error'));
    await server.close();
    const isNew = server.welcome !== undefined;
    output.done(server.welcome ?? `${config.dataFolder} was filled already`, { url: server.url, isNew });
  },
};
