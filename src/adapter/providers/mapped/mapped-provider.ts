import { unreachable } from '../../../kernel/unreachable.ts';
import type { OperationResult } from '../../../odata/result.ts';
import type { Provider } from '../../provider.ts';
import { runRead } from '../built-in.ts';
import { runRelated } from '../built-in-related.ts';
import { MappedReads } from './mapped-reads.ts';
import { writeMapped } from './mapped-write.ts';
import type { MappedTables } from './mapping.ts';
import { sourceRefusal } from './source-problems.ts';
import type { TableSource } from './table-source.ts';

/** Rows of mapped tables at another source. */
export function createMappedProvider(source: TableSource, tables: MappedTables): Provider {
  const reads = new MappedReads(source, tables);
  return {
    async run(operation, session): Promise<OperationResult> {
      switch (operation.kind) {
        case 'read':
          return runRead(reads, operation);
        case 'related':
          return runRelated(reads, operation);
        case 'write':
          return writeMapped(source, tables, operation, session);
        case 'flat':
          throw sourceRefusal.notBuilt('joins, groups and aggregates at another source');
        case 'action':
          throw sourceRefusal.notBuilt('actions of recruiting on rows of another source');
        default:
          return unreachable(operation);
      }
    },
  };
}
