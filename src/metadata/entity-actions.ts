import type { AccessRight } from './privileges.ts';

/** Logical names of the tables that actions are bound to. */
const request = 'mshr_hcmrecruitingrequestentity';
const position = 'mshr_hcmrecruitingrequestpositionentity';
const candidate = 'mshr_hcmcandidatetohireentity';
const job = 'mshr_hcmjobentity';

/**
 * What the second gate asks for before it lets an action be called on a row:
 * - `Update`: what changing the row by hand asks for. The columns that it sets are published as writable.
 * - `Invoke`: the right to call this very method (human-resources-security 2.2), which no right on rows includes.
 * - `Create`: what making a row of `table` asks for, and Read on the row that the action is called on.
 */
export type ActionAccess = { readonly kind: 'Update' | 'Invoke' } | { readonly kind: 'Create'; readonly table: string };

/** An action of Human Resources on a row of a virtual table. */
export interface EntityAction {
  /** As it is called, after `Microsoft.Dynamics.CRM.`. */
  readonly name: string;
  /** Name of the method of the data entity: `SecurableField` of a permission to call it. */
  readonly method: string;
  /** Logical name of the table. */
  readonly boundTo: string;
  /** Types as in CSDL; `Type?` may be absent. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Members of the answer; absent: there is none (204). */
  readonly returns?: Readonly<Record<string, string>>;
  /** Privileges of the first gate. */
  readonly needs: readonly (readonly [table: string, right: AccessRight])[];
  readonly access: ActionAccess;
}

type Access = 'Update' | 'Invoke';

/** An action without parameters that moves a row along its state graph. */
const step = (boundTo: string, noun: string, method: string, kind: Access): EntityAction => ({
  name: `mshr_${method}${noun}`,
  method,
  boundTo,
  parameters: {},
  needs: [[boundTo, 'write']],
  access: { kind },
});

const requestSteps: readonly (readonly [method: string, access: Access])[] = [
  ['Submit', 'Invoke'],
  ['Recall', 'Invoke'],
  ['Review', 'Invoke'],
  ['Approve', 'Invoke'],
  ['Deny', 'Invoke'],
  ['Cancel', 'Invoke'],
  ['Reopen', 'Invoke'],
  ['Activate', 'Invoke'],
  ['Close', 'Update'],
];

const positionSteps: readonly (readonly [method: string, access: Access])[] = [
  ['Fill', 'Update'],
  ['Cancel', 'Update'],
  ['Reopen', 'Update'],
];

/**
 * The recruiting process as actions (ats-api 4.1, 4.3 and 5.1; human-resources-security 8.2). Names are ours in the manner
 * of the product: nothing is published about how its buttons are reached from outside. An action that is added is a line
 * here and its work in `recruiting/process`.
 */
export const entityActions: readonly EntityAction[] = [
  {
    name: 'mshr_CreateRecruitingRequest',
    method: 'CreateRecruitingRequest',
    boundTo: job,
    parameters: {
      EstimatedStartDate: 'Edm.Date',
      Description: 'Edm.String?',
      DataAreaId: 'Edm.String?',
      HiringManagerPersonnelNumber: 'Edm.String?',
      RecruiterPartyNumber: 'Edm.String?',
      RecruitingRequestLocationId: 'Edm.String?',
    },
    returns: { RecruitingRequestEntityId: 'Edm.Guid', RecruitingRequestId: 'Edm.String' },
    needs: [
      [job, 'read'],
      [request, 'create'],
    ],
    access: { kind: 'Create', table: request },
  },
  { ...step(request, 'DetailsFromJob', 'Create', 'Update'), method: 'CreateDetailsFromJob' },
  ...requestSteps.map(([method, access]) => step(request, 'RecruitingRequest', method, access)),
  ...positionSteps.map(([method, access]) => step(position, 'RecruitingRequestPosition', method, access)),
  {
    ...step(candidate, 'Candidate', 'Hire', 'Invoke'),
    parameters: {
      StartDate: 'Edm.Date?',
      PersonnelNumber: 'Edm.String?',
      PositionId: 'Edm.String?',
      WorkerType: 'Edm.Int32?',
    },
    returns: { PersonnelNumber: 'Edm.String', WorkerEntityId: 'Edm.Guid' },
  },
  {
    ...step(candidate, 'HireCandidate', 'DoNot', 'Update'),
    method: 'DoNotHire',
    parameters: { ReasonCodeId: 'Edm.String?', Comment: 'Edm.String?' },
  },
  { ...step(candidate, 'Candidate', 'Dismiss', 'Update'), parameters: { Comment: 'Edm.String?' } },
];

const byName = new Map(entityActions.map((action) => [action.name, action]));

/** The action of that name. Names are case-sensitive. */
export const findEntityAction = (name: string): EntityAction | undefined => byName.get(name);

/** The action that calls a method of a table. */
export const findAction = (logicalName: string, method: string): EntityAction | undefined =>
  entityActions.find((action) => action.boundTo === logicalName && action.method === method);

/** Type of what an action answers. */
export const responseTypeOf = ({ name }: EntityAction): string => `${name}Response`;
