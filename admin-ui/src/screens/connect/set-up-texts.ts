import type { ApiClient } from '../../api/api-client.ts';
import { query, webApi } from '../../api/odata.ts';
import { type AssignedRole, listAssignedRoles } from '../human-resources/user-role.ts';
import { type AppUser, unitOf } from '../power-platform/app-user.ts';
import type { Depth } from '../security-roles/depth.ts';
import { type Grants, loadGrants, loadPrivileges, type PrivilegeWorld, rights } from '../security-roles/role-model.ts';
import type { Progress } from './progress.ts';

/** Text as one word of a POSIX shell. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

interface EnvValues {
  readonly url: string;
  readonly tenantId: string;
  readonly clientId: string;
  readonly secret: string | undefined;
}

/** Settings of a client, as `data/demo.env` has them. Without the secret its line is there to be filled in. */
export function envText({ url, tenantId, clientId, secret }: EnvValues): string {
  const lines = [
    `API_URL=${quoted(url)}`,
    `AUTHORITY_URL=${quoted(`${url}/${tenantId}`)}`,
    `TENANT_ID=${quoted(tenantId)}`,
    `CLIENT_ID=${quoted(clientId)}`,
    secret === undefined ? '# CLIENT_SECRET=' : `CLIENT_SECRET=${quoted(secret)}`,
    '# NODE_EXTRA_CA_CERTS=data/tls/ca.pem',
  ];
  return `${lines.join('\n')}\n`;
}

/** The same as commands, for a place where nothing of it is there. */
export function commandsText({ application, hrUser, names }: Progress): string {
  const user = quoted(names.hrUser);
  const name = quoted(application.displayName);
  return `${[
    `CLIENT=$(portvakt app create ${name} --json | node -p 'JSON.parse(fs.readFileSync(0)).clientId')`,
    `portvakt app add-secret ${name}`,
    'portvakt user add "$CLIENT"',
    `portvakt role create ${quoted(names.role)} --like 'ATS integration'`,
    `portvakt user grant "$CLIENT" ${quoted(names.role)}`,
    `portvakt hr-user add ${user} --company ${quoted(hrUser?.Company ?? '')}`,
    `portvakt hr-user grant ${user} HcmRecruitingIntegrator`,
    `portvakt link add "$CLIENT" ${user} --name ${name}`,
  ].join('\n')}\n`;
}

interface GivenRole {
  readonly name: string;
  readonly ismanaged: boolean;
  readonly grants: Grants;
}

/** What the set-up file says, read as it is now. */
export async function loadSetupText(api: ApiClient, progress: Progress, signal: AbortSignal): Promise<string> {
  const { user, names } = progress;
  const [world, roles, hrRoles] = await Promise.all([
    loadPrivileges(api, signal),
    Promise.all((user?.systemuserroles_association ?? []).map(({ roleid }) => loadRole(api, roleid, signal))),
    listAssignedRoles(api, names.hrUser, signal),
  ]);
  return setupText(progress, roles, hrRoles, world);
}

async function loadRole(api: ApiClient, roleid: string, signal: AbortSignal): Promise<GivenRole> {
  const path = `${webApi}/roles(${roleid})${query({ $select: 'name,ismanaged' })}`;
  const [row, grants] = await Promise.all([
    api.get<Omit<GivenRole, 'grants'>>(path, { signal }),
    loadGrants(api, roleid, signal),
  ]);
  return { ...row, grants };
}

/** JSON's texts are YAML's too. */
const text = (value: string): string => JSON.stringify(value);

function setupText(
  { application, user, hrUser, names, link }: Progress,
  roles: readonly GivenRole[],
  hrRoles: readonly AssignedRole[],
  world: PrivilegeWorld,
): string {
  const own = roles.filter(({ ismanaged }) => !ismanaged);
  const name = text(application.displayName);
  const lines = [
    'version: 1',
    'applications:',
    `  - name: ${name}`,
    ...(application.signInAudience === 'AzureADMyOrg' ? [] : [`    audience: ${application.signInAudience}`]),
    ...(own.length === 0 ? [] : ['securityRoles:', ...own.flatMap((role) => roleLines(role, world))]),
    'applicationUsers:',
    `  - application: ${name}`,
    ...(user === undefined ? [] : unitLines(user)),
    `    securityRoles: [${roles.map((role) => text(role.name)).join(', ')}]`,
    'hrUsers:',
    `  - userId: ${text(names.hrUser)}`,
    ...(hrUser?.Company ? [`    company: ${text(hrUser.Company)}`] : []),
    '    roles:',
    ...hrRoles.filter(isAssignedByHand).flatMap(hrRoleLines),
    'applicationLinks:',
    `  - application: ${name}`,
    `    name: ${text(link?.Name ?? application.displayName)}`,
    `    hrUser: ${text(names.hrUser)}`,
  ];
  return `${lines.join('\n')}\n`;
}

const unitLines = (user: AppUser): readonly string[] => [`    businessUnit: ${text(unitOf(user))}`];

/** Every user has the role System user by itself, so no file names it. */
const isAssignedByHand = ({ SecurityRoleIdentifier: id, AssignmentStatus }: AssignedRole): boolean =>
  id.toUpperCase() !== 'SYSTEMUSER' && AssignmentStatus !== 'Disabled';

const hrRoleLines = ({ SecurityRoleIdentifier, companies }: AssignedRole): readonly string[] => [
  `      - role: ${text(SecurityRoleIdentifier)}`,
  ...(companies.length === 0 ? [] : [`        legalEntities: [${companies.map(text).join(', ')}]`]),
];

/** Tables with the same rights at the same depth stand together; privileges of no table go by their names. */
function roleLines({ name, grants }: GivenRole, world: PrivilegeWorld): readonly string[] {
  const groups = new Map<string, string[]>();
  const put = (key: string, member: string): void => void groups.set(key, [...(groups.get(key) ?? []), member]);
  for (const { logicalName, privileges } of world.tables) {
    for (const depth of new Set(rights.flatMap((right) => grants.get(privileges[right]?.id ?? '') ?? []))) {
      const given = rights.filter((right) => grants.get(privileges[right]?.id ?? '') === depth);
      put(`${depthLine(depth)}        rights: [${given.join(', ')}]\n        tables:`, logicalName);
    }
  }
  for (const { id, name: privilege } of world.misc) {
    const depth = grants.get(id);
    if (depth !== undefined) put(`${depthLine(depth)}        names:`, privilege);
  }
  return [
    `  - name: ${text(name)}`,
    ...(groups.size === 0 ? ['    privileges: []'] : ['    privileges:']),
    ...[...groups].flatMap(([key, members]) => [
      key.replace(/^ {8}/, '      - '),
      ...members.map((member) => `          - ${member}`),
    ]),
  ];
}

/** Where nothing is said it is Global. */
const depthLine = (depth: Depth): string => (depth === 'Global' ? '' : `        depth: ${depth}\n`);
