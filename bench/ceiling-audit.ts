import { join } from 'node:path';
import pg from 'pg';
import { AuditLog } from '../src/audit/audit-log.ts';
import type { AuditEntry } from '../src/kernel/audit.ts';
import { type ClientId, getGuid, newRequestId, type SystemUserId, type TenantId } from '../src/kernel/ids.ts';
import type { DatabaseLocation } from '../src/storage/database.ts';
import { openAudit } from '../src/storage/open-audit.ts';
import type { Organisation } from './organisation.ts';

/** What a server writes down of its requests: reads soon, creates before they are answered. */
export interface CeilingAudit {
  noteRead(): void;
  writeCreate(): Promise<void>;
}

/** A log of its own beside the server's, written as Portvakt writes its own: the same entries, as durable. */
export async function openCeilingAudit({ dataFolder, databaseUrl }: Organisation): Promise<CeilingAudit> {
  const audit = new AuditLog({ store: await openAudit(await placeOf(dataFolder, databaseUrl)) });
  return {
    noteRead: () => audit.note(entryOf('read', 'GET', 200)),
    writeCreate: () => audit.write(entryOf('change', 'POST', 204)),
  };
}

async function placeOf(dataFolder: string, databaseUrl: string | undefined): Promise<DatabaseLocation> {
  if (databaseUrl === undefined) return { kind: 'sqlite', file: join(dataFolder, 'ceiling-audit.db') };
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query('create schema if not exists ceiling_audit');
  await client.end();
  return { kind: 'postgres', url: databaseUrl, schema: 'ceiling_audit' };
}

const id = getGuid('1f0c7a52-9c3e-4b6d-8a51-0e7b9d2c4f68');

/** As many members as an entry of the Web API has; each request has its own id and row. */
const entryOf = (kind: 'read' | 'change', method: string, status: number): AuditEntry => ({
  surface: 'web-api',
  kind,
  method,
  remoteAddress: '127.0.0.1',
  environmentId: id as AuditEntry['environmentId'] & string,
  clientId: id as ClientId,
  tenantId: id as TenantId,
  objectId: id as AuditEntry['objectId'] & string,
  tokenId: 'pZ2bX1nqk0mJ7l5cVw4fAA',
  userId: id as SystemUserId,
  table: 'mshr_hcmcandidatetohireentity',
  targetId: newRequestId(),
  hrUserId: 'RecruitingApp' as AuditEntry['hrUserId'] & string,
  outcome: 'allowed',
  status,
  requestId: newRequestId(),
});
