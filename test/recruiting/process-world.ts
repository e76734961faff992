import type { ClientId, Guid } from '../../src/kernel/ids.ts';
import type { OperationResult } from '../../src/odata/result.ts';
import type { AdapterWorld } from '../adapter/adapter-world.ts';

/** Client ids of applications whose Human Resources users have one role each. */
export const callers = {
  manager: '00000000-0000-4000-8000-000000000a01',
  approver: '00000000-0000-4000-8000-000000000a02',
  recruiter: '00000000-0000-4000-8000-000000000a03',
  administrator: '00000000-0000-4000-8000-000000000a04',
} as const satisfies Record<string, string>;

export type CallerName = keyof typeof callers;

const roles: Readonly<Record<CallerName, readonly [identifier: string, name: string]>> = {
  manager: ['HcmManager', 'Manager'],
  approver: ['HcmHumanResourceManager', 'Human resource manager'],
  recruiter: ['HcmRecruiter', 'Recruiter'],
  administrator: ['-SYSADMIN-', 'System administrator'],
};

export const request = 'mshr_hcmrecruitingrequestentity';
export const position = 'mshr_hcmrecruitingrequestpositionentity';
export const candidate = 'mshr_hcmcandidatetohireentity';
export const job = 'mshr_hcmjobentity';

export const status = {
  draft: 200_000_000,
  inReview: 200_000_001,
  pending: 200_000_002,
  canceled: 200_000_003,
  denied: 200_000_004,
  active: 200_000_005,
  closed: 200_000_006,
};

/** Adds the users of the recruiting process to a world. */
export async function addCallers(world: AdapterWorld): Promise<void> {
  const language = { UserInfo_language: 'en-us', Helplanguage: 'en-us' };
  for (const [name, clientId] of Object.entries(callers)) {
    const [identifier, role] = roles[name as CallerName];
    await world.administer('SystemUsers', { UserID: name, UserName: name, Company: 'usmf', ...language });
    await world.administer('SecurityUserRoleAssociations', {
      UserId: name,
      SecurityRoleIdentifier: identifier,
      SecurityRoleName: role,
    });
    await world.administer('SysAADClients', { AADClientId: clientId, Name: name, UserId: name });
  }
}

export const clientOf = (name: CallerName): ClientId => callers[name] as ClientId;

interface Call {
  readonly table: string;
  readonly id: Guid;
  readonly action: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
}

const operationOf = (world: AdapterWorld, { table, id, action, parameters = {} }: Call) =>
  ({ kind: 'message', name: `mshr_${action}`, bound: { table: world.table(table), id }, parameters }) as const;

/** Calls an action as one of the callers; `undefined`: as the ATS. */
export const act = (world: AdapterWorld, call: Call, as?: CallerName): Promise<OperationResult> =>
  world.run(operationOf(world, call), as && clientOf(as));

export const actRefused = (world: AdapterWorld, call: Call, as?: CallerName) =>
  world.refusal(operationOf(world, call), as && clientOf(as));
