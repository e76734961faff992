/** What a database is called: a file of the embedded database, a schema of PostgreSQL. */
export interface DatabaseNames {
  readonly file: string;
  readonly schema: string;
}

/** In the data folder. */
export const directoryNames: DatabaseNames = { file: 'directory.db', schema: 'portvakt' };

/** In the data folder. On PostgreSQL the tables of the audit log are beside those of the directory. */
export const auditNames: DatabaseNames = { file: 'audit.db', schema: directoryNames.schema };

/** In the folder of the environments. */
export const environmentNames = (uniqueName: string): DatabaseNames => ({
  file: `${uniqueName}.db`,
  schema: `env_${uniqueName}`,
});
