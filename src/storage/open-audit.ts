import type { AuditStore } from '../audit/audit-store.ts';
import { unreachable } from '../kernel/unreachable.ts';
import type { DatabaseLocation } from './database.ts';
import { openPostgresAudit } from './sql/postgres/audit-store.ts';
import { openSqliteAudit } from './sql/sqlite/audit-store.ts';

/**
 * Opens the audit log at `location`, making it when it is not there: a file of its own, or tables in a schema that exists.
 * @throws StorageError when it is damaged, or cannot be reached or written
 */
export async function openAudit(location: DatabaseLocation): Promise<AuditStore> {
  switch (location.kind) {
    case 'sqlite':
      return openSqliteAudit(location.file);
    case 'postgres':
      return openPostgresAudit(location.url, location.schema);
    default:
      return unreachable(location);
  }
}
