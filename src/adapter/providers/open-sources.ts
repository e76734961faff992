import type { Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import type { Model, Table } from '../../metadata/table.ts';
import type { Provider } from '../provider.ts';
import { createMappedProvider } from './mapped/mapped-provider.ts';
import { MappingError, resolveMappings } from './mapped/mapping.ts';
import type { TableSource } from './mapped/table-source.ts';
import { ODataClient } from './odata/odata-client.ts';
import { ODataSource } from './odata/odata-source.ts';
import type { SourceSettings } from './sources-file.ts';
import { openPool, SqlSource } from './sql/sql-source.ts';

/** Sources that an environment has besides its own database. Connections outlive changes of the model. */
export interface OpenSources {
  /** Who has the rows of mapped tables. @throws MappingError when a mapping does not fit the model */
  providersFor(model: Model): ReadonlyMap<Table, Provider>;
  close(): Promise<void>;
}

type MakeSource = (model: Model, tables: ReturnType<typeof resolveMappings>) => TableSource;

/** Opens what the settings name; nothing is asked of a source before the first request for it. */
export function openSources(
  settings: readonly SourceSettings[],
  { clock, log }: { readonly clock: Clock; readonly log: Log },
): OpenSources {
  const closing: (() => Promise<void>)[] = [];
  const made = settings.map((each): readonly [SourceSettings, MakeSource] => {
    if (each.kind === 'odata') {
      const client = new ODataClient(each, clock);
      return [each, (model, tables) => new ODataSource(client, model, tables)];
    }
    const pool = openPool(each, (error) =>
      log.warn('a connection to a source of rows broke', { reason: error.message }),
    );
    closing.push(() => pool.end());
    return [each, (model, tables) => SqlSource.over(pool, model, tables)];
  });
  return {
    providersFor(model) {
      const providers = new Map<Table, Provider>();
      for (const [{ tables: mappings }, makeSource] of made) {
        const tables = resolveMappings(model, mappings);
        const provider = createMappedProvider(makeSource(model, tables), tables);
        for (const table of tables.keys()) {
          if (providers.has(table)) throw new MappingError(`two sources have the table ${table.logicalName}`);
          providers.set(table, provider);
        }
      }
      return providers;
    },
    close: async () => {
      await Promise.all(closing.map((close) => close()));
    },
  };
}
