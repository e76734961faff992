import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestServer } from '../../support/server-on.ts';

const folder = join(import.meta.dirname, '..', '..', '..', 'admin-ui', 'src', 'screens');

/** What some screens show of something that their address names behind the path. */
const named = [
  '/connect?app=:clientId',
  '/connect?app=:rolelessId',
  '/explain?request=:deniedId',
  '/can-i?right=read&table=mshr_hcmtitleentity&clientId=:rolelessId',
  '/who-can?right=read&table=mshr_hcmtitleentity',
  '/advice?clientId=:clientId',
  '/simulate?gate=dataverse&role=Rekrutteringsintegrasjon&loses=prvReadmshr_hcmtitleentity&loses=prvReadmshr_hcmcandidatetohireentity',
  '/simulate?gate=human-resources&role=HcmRecruitingIntegrator&deleted=true',
];

/** Paths of all screens, as they stand in the lists of the areas. */
const paths: readonly string[] = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((file) => /screens\.ts$/.test(file))
  .flatMap((file) => [...readFileSync(join(folder, file), 'utf8').matchAll(/\bpath: '([^']+)'/g)])
  .map((match) => match[1] ?? '');

export const screenPaths: readonly string[] = [...paths, ...named];

/** For each parameter of a path: the demo's row that the screen is looked at with. */
const parameters: Readonly<Record<string, (server: TestServer) => Promise<string>>> = {
  applicationId: async (server) => {
    const token = await server.token('admin', 'https://graph.microsoft.com/.default');
    const answer = await server.ask(`/v1.0/applications(appId='${server.env.CLIENT_ID}')`, { token });
    return textOf(answer.json(), 'id');
  },
  clientId: async ({ env }) => env.CLIENT_ID,
  operatorId: async (server) =>
    textOf((await server.ask('/portvakt/v1/operators', { as: 'admin' })).json(), 'value', '0', 'id'),
  deniedId: async (server) =>
    String((await server.api('mshr_hcmcandidatetohireentities', { as: 'unlinked' })).headers['req_id']),
  rolelessId: async ({ env }) => env.ROLELESS_CLIENT_ID,
  hrRoleId: async () => 'HcmRecruitingIntegrator',
  hrDutyId: async () => 'HcmRecruitingIntegrationMaintain',
  hrPrivilegeId: async () => 'HcmRecruitingRequestEntityMaintain',
  hrPolicyId: async (server) => {
    const policy = { SecurityPolicyIdentifier: 'OnlyManagers', SecurityPolicyName: 'Requests for managers' };
    // No user of the demo is an employee, so it takes nothing from anybody. The second time it is there already.
    const body = { ...policy, PrimaryEntityName: 'HcmJobEntity', ContextString: 'HCMEmployee' };
    await server.data('SecurityPolicies', { method: 'POST', body });
    return policy.SecurityPolicyIdentifier;
  },
  hrUserId: async (server) => textOf((await server.data('SystemUsers')).json(), 'value', '0', 'UserID'),
  unitId: async (server) => idOf(server, 'businessunits?$select=name', 'businessunitid'),
  teamId: async (server) => idOf(server, 'teams?$select=name', 'teamid'),
  tableName: async () => 'mshr_hcmcandidatetohireentity',
  requestId: async (server) =>
    idOf(
      server,
      `mshr_hcmrecruitingrequestentities?$select=mshr_status&$filter=${encodeURIComponent("mshr_recruitingrequestid eq 'USMF-000003'")}`,
      'mshr_hcmrecruitingrequestentityid',
    ),
  candidateId: async (server) =>
    idOf(server, 'mshr_hcmcandidatetohireentities?$select=mshr_candidateid', 'mshr_hcmcandidatetohireentityid'),
  personId: async (server) =>
    idOf(server, 'mshr_hcmcandidatetohireentities?$select=_mshr_fk_person_id_value', '_mshr_fk_person_id_value'),
  webhookId: async (server) => webhookOf(server),
  rowId: async (server) =>
    idOf(server, 'mshr_hcmcandidatetohireentities?$select=mshr_candidateid', 'mshr_hcmcandidatetohireentityid'),
  locationId: async (server) =>
    idOf(
      server,
      'mshr_hcmrecruitingrequestlocationentities?$select=mshr_email',
      'mshr_hcmrecruitingrequestlocationentityid',
    ),
  choiceName: async () => 'mshr_hcmrecruitingrequeststatus',
  roleId: async (server) => {
    const filter = encodeURIComponent("name eq 'Rekrutteringsintegrasjon'");
    const answer = await server.api(`roles?$select=roleid&$filter=${filter}`, { as: 'admin' });
    return textOf(answer.json(), 'value', '0', 'roleid');
  },
  userId: async (server) => {
    const filter = encodeURIComponent(`applicationid eq ${server.env.CLIENT_ID}`);
    const answer = await server.api(`systemusers?$select=systemuserid&$filter=${filter}`, { as: 'admin' });
    return textOf(answer.json(), 'value', '0', 'systemuserid');
  },
};

const idOf = async (server: TestServer, path: string, column: string): Promise<string> =>
  textOf((await server.api(path, { as: 'admin' })).json(), 'value', '0', column);

/** A webhook of its own, whose address answers nobody: its log shows what was given up. */
async function webhookOf(server: TestServer): Promise<string> {
  const token = await server.token('admin');
  const { value } = (await server.ask('/portvakt/v1/webhooks', { token })).json() as { value: { id: string }[] };
  if (value[0] !== undefined) return value[0].id;
  const body = { name: 'ATS', url: 'https://ats.invalid/hooks' };
  const id = textOf((await server.ask('/portvakt/v1/webhooks', { token, method: 'POST', body })).json(), 'id');
  await server.ask(`/portvakt/v1/webhooks/${id}/replay`, { token, method: 'POST', body: { after: 0 } });
  return id;
}

/** A text inside an answer. */
function textOf(json: unknown, ...path: readonly string[]): string {
  const found = path.reduce<unknown>((at, name) => Reflect.get(Object(at), name), json);
  if (typeof found !== 'string') throw new Error(`no ${path.join('.')} in ${JSON.stringify(json)}`);
  return found;
}

/** The address of a screen with rows of the demo in the place of its parameters. */
export async function addressOf(path: string, server: TestServer): Promise<string> {
  let address = path;
  for (const [whole, name = ''] of path.matchAll(/:(\w+)/g)) {
    const find = parameters[name];
    if (find === undefined) throw new Error(`test/browser/support/screens.ts has no row for the parameter ${whole}`);
    address = address.replace(whole, encodeURIComponent(await find(server)));
  }
  return address;
}
