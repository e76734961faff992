import type { AuthorizedOperation } from '../../../hr/authorized-operation.ts';
import { unreachable } from '../../../kernel/unreachable.ts';
import type { Table } from '../../../metadata/table.ts';
import { walkFlatQuery } from '../../../odata/walk-flat-query.ts';
import { walkQuery } from '../../../odata/walk-query.ts';
import type { Provider } from '../../provider.ts';
import { sourceRefusal } from './source-problems.ts';

/**
 * Where the rows of each table are: mapped ones at their sources, all others in our own database. A request that would
 * look at both is refused (501): our own table of a mapped name is empty, and would answer wrongly.
 */
export function createRouter(builtIn: Provider, mapped: ReadonlyMap<Table, Provider>): Provider {
  if (mapped.size === 0) return builtIn;
  return {
    async run(operation, session, differences) {
      const provider = mapped.get(tableOf(operation)) ?? builtIn;
      const isElsewhere = (table: Table): boolean => (mapped.get(table) ?? builtIn) !== provider;
      const other = tablesOf(operation).find(isElsewhere);
      if (other !== undefined) throw sourceRefusal.notBuilt(`${other.logicalName} is at another source`);
      return provider.run(operation, session, differences);
    },
  };
}

function tableOf(operation: AuthorizedOperation): Table {
  switch (operation.kind) {
    case 'read':
    case 'flat':
      return operation.plan.scope.table;
    case 'related':
      return operation.operation.navigation.table;
    case 'write':
    case 'action':
      return operation.plan.scope.operation.table;
    default:
      return unreachable(operation);
  }
}

/** Every table that an operation looks at. */
function tablesOf(operation: AuthorizedOperation): readonly Table[] {
  const tables: Table[] = [];
  const visitor = { table: (table: Table) => tables.push(table) > 0 };
  switch (operation.kind) {
    case 'read':
      walkQuery(operation.plan.scope, visitor);
      return tables;
    case 'flat':
      walkFlatQuery(operation.plan.scope, visitor);
      return tables;
    case 'related':
      walkQuery(operation.operation.query, visitor);
      return [...tables, operation.operation.navigation.target];
    case 'write':
      return operation.binds.filter(({ id }) => id !== null).map(({ navigation }) => navigation.target);
    case 'action':
      return [];
    default:
      return unreachable(operation);
  }
}
