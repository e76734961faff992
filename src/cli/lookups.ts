import { nearest } from '../kernel/nearest.ts';
import { usageError } from './cli-error.ts';
import type { Row, Session } from './session.ts';

/** Text as a literal of an OData filter. */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** A filter as it stands in a URL. */
export const filterOf = (condition: string): string => `$filter=${encodeURIComponent(condition)}`;

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export const isGuid = (text: string): boolean => guid.test(text);

/** The root business unit: where users and roles go that name none. */
export async function findRootUnit({ webApi, all }: Session): Promise<string> {
  const path = `businessunits?$select=businessunitid&${filterOf('_parentbusinessunitid_value eq null')}`;
  const [unit] = await all(webApi, path);
  return String(unit?.['businessunitid']);
}

/** The row with that name. @throws CliError that names the nearest one when there is none */
export function pickByName(rows: readonly Row[], what: string, column: string, name: string): Row {
  const lower = name.toLowerCase();
  const found = rows.find((row) => String(row[column]).toLowerCase() === lower);
  if (found !== undefined) return found;
  const near = nearest(
    name,
    rows.map((row) => String(row[column])),
  );
  throw usageError(`there is no ${what} ${name}`, near === undefined ? undefined : `did you mean ${near}?`);
}

/** The application user of a client id, or of its own id. @throws CliError when there is none */
export async function findUser({ webApi, all }: Session, id: string): Promise<Row> {
  if (!isGuid(id)) throw usageError(`${id} is not a client id`, 'portvakt app list shows them');
  const path = `systemusers?$select=systemuserid,fullname,applicationid&${filterOf(`applicationid eq ${id}`)}`;
  const [user] = await all(webApi, path);
  if (user === undefined) throw usageError(`no application user has the client id ${id}`, `portvakt user add ${id}`);
  return user;
}

/** A security role of the root business unit, by name. @throws CliError when there is none */
export async function findRole(session: Session, name: string): Promise<Row> {
  const unit = await findRootUnit(session);
  const path = `roles?$select=roleid,name&${filterOf(`_businessunitid_value eq ${unit}`)}`;
  return pickByName(await session.all(session.webApi, path), 'security role', 'name', name);
}
