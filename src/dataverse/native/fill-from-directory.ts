import type { Table } from '../../metadata/table.ts';
import { getColumn } from '../security-rows.ts';
import type { DirectoryApplication } from './native-deps.ts';
import type { Draft } from './native-table.ts';

/** Access mode Non-interactive, which application users have. */
export const nonInteractive = 4;

/** User name and e-mail follow `{app name}{app id}@{tenant domain}`, the full name is the application's (2.3). */
export function fillFromDirectory(table: Table, draft: Draft, application: DirectoryApplication): void {
  const column = (name: string) => getColumn(table, name);
  const cut = (name: string, text: string) => draft.set(column(name), text.slice(0, column(name).maxLength));
  const ending = `${application.clientId}@${application.tenantDomain}`;
  const address = (name: string) =>
    application.name.slice(0, Math.max(0, column(name).maxLength - ending.length)) + ending;
  cut('fullname', application.name);
  cut('domainname', address('domainname'));
  if (typeof draft.get(column('internalemailaddress')) !== 'string') {
    cut('internalemailaddress', address('internalemailaddress'));
  }
  if (application.identifierUri !== undefined) cut('applicationiduri', application.identifierUri);
  draft.set(column('azureactivedirectoryobjectid'), application.objectId);
  if (!draft.has(column('accessmode'))) draft.set(column('accessmode'), nonInteractive);
}
