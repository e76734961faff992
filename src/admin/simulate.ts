import {
  findBroken,
  holdersOf,
  hrHoldersOf,
  type RoleChange,
  UnknownInRole,
  withHrRole,
  withSecurityRole,
} from '../advise/simulate.ts';
import type { Simulation } from '../advise/simulation.ts';
import { nearest } from '../kernel/nearest.ts';
import type { AdminCall, AdminRoute } from './call.ts';
import { flag, type Kind, lineOf, moment, oneOf, optional, parseBody, required } from './members.ts';
import { AdminRefusal } from './problems.ts';
import { readUses } from './recorded-uses.ts';

const names: Kind<readonly string[]> = {
  says: 'a list of 1 to 1000 names',
  schema: { type: 'array', items: { type: 'string' }, minItems: 1, maxItems: 1000 },
  parse(value) {
    if (!Array.isArray(value) || value.length === 0 || value.length > 1000) return undefined;
    return value.every((each) => typeof each === 'string') ? value : undefined;
  },
};

const members = {
  gate: required(oneOf(['dataverse', 'human-resources']), 'Whose role it is.'),
  role: required(lineOf(128), 'Name of the security role, or identifier of the role of Human Resources.'),
  loses: optional(names, 'Privileges, and duties in Human Resources, that it would not have any more.'),
  isDeleted: optional(flag, 'It would not be there any more.'),
  since: optional(moment, 'Requests from this moment on; the last 90 days unless it is given.'),
  until: optional(moment, 'Requests before this moment.'),
};

/** What would break if a role changed. Nothing is changed. */
export const simulateRoutes: readonly AdminRoute[] = [
  {
    method: 'POST',
    path: 'simulate',
    operationId: 'simulate',
    summary: 'Which recorded requests would be refused if a role lost something, or were gone',
    access: 'read',
    isForEnvironment: true,
    members,
    success: { status: 200, schema: 'Simulation' },
    async run(call) {
      const { gate, role, loses = [], isDeleted = false, since, until } = parseBody(call.request, members);
      if (isDeleted === loses.length > 0)
        throw new AdminRefusal('memberInvalid', ['loses', 'given, or else isDeleted true']);
      const change = { role, loses, isDeleted };
      const after = await draftOf(call, gate, change);
      const { usesOf, period } = await readUses(call, { since: since?.toISOString(), until: until?.toISOString() });
      const { broken, refusedToday } = await findBroken(call.view, after, usesOf);
      const uses = [...usesOf.values()].reduce((sum, each) => sum + each.length, 0);
      const holders = gate === 'dataverse' ? holdersOf(call.view, role) : hrHoldersOf(call.view, role);
      const body: Simulation = { ...period, uses, broken, refusedToday, holders };
      return { status: 200, body };
    },
  },
];

async function draftOf({ view }: AdminCall, gate: 'dataverse' | 'human-resources', change: RoleChange) {
  try {
    return gate === 'dataverse' ? withSecurityRole(view, change) : await withHrRole(view, change);
  } catch (error) {
    if (!(error instanceof UnknownInRole)) throw error;
    const { what, named, known } = error;
    const near = nearest(named, known);
    throw new AdminRefusal('nameUnknown', [
      what,
      named,
      near === undefined ? 'look at what the role has' : `did you mean ${near}?`,
    ]);
  }
}
