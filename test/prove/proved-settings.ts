/** Settings of a server that is proved: on a data folder of its own, on PostgreSQL where a URL is given, with a log that tells what it does. */
export const provedSettings = (
  dataFolder: string,
  databaseUrl: string | undefined,
): Readonly<Record<string, string>> => ({
  PORTVAKT_DATA: dataFolder,
  PORTVAKT_PORT: '0',
  PORTVAKT_LOG_LEVEL: 'info',
  ...(databaseUrl === undefined ? {} : { PORTVAKT_DATABASE_URL: databaseUrl }),
});
