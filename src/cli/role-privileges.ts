import { parseRow, parseRows, type Row, type Session } from './session.ts';
import { type Depth, depths } from './setup/setup.ts';

/** Every privilege of the environment. */
export const readPrivileges = ({ webApi, all }: Session): Promise<readonly Row[]> =>
  all(webApi, 'privileges?$select=name,privilegeid');

/** What a security role holds. Depths come as names or as numbers (dataverse-web-api 3.1). */
export async function privilegesOfRole(
  { webApi }: Session,
  roleId: unknown,
): Promise<readonly { readonly id: unknown; readonly depth: Depth }[]> {
  const answer = parseRow(await webApi(`RetrieveRolePrivilegesRole(RoleId=${roleId})`));
  return parseRows(answer['RolePrivileges']).map(({ PrivilegeId, Depth }) => ({
    id: PrivilegeId,
    depth: depths.find((each, number) => each === Depth || number === Depth) ?? 'Basic',
  }));
}
