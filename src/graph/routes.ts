import { assignmentOperations } from './app-role-assignments.ts';
import { addKey, addPassword, removeKey, removePassword } from './application-credentials.ts';
import { applicationReads, createApplication, deleteApplication, updateApplication } from './applications.ts';
import type { GraphAnswer, GraphCall } from './call.ts';
import { createFederated, deleteFederated, federatedReads, updateFederated } from './federated-credentials.ts';
import type { Need } from './permissions.ts';
import {
  createServicePrincipal,
  deleteServicePrincipal,
  servicePrincipalReads,
  updateServicePrincipal,
} from './service-principals.ts';

export interface GraphRoute {
  readonly need: Need;
  /** An application may do this to itself without the permission. */
  readonly allowsOwn?: true;
  run(call: GraphCall): Promise<GraphAnswer>;
}

const read = (run: GraphRoute['run']): GraphRoute => ({ need: 'read', run });
const write = (run: GraphRoute['run']): GraphRoute => ({ need: 'write', run });
const assign = (run: GraphRoute['run']): GraphRoute => ({ need: 'assign', run });

type Methods = Readonly<Record<string, GraphRoute>>;

const federated = 'applications/key/federatedidentitycredentials';

const assignmentRoutes = (side: 'appRoleAssignments' | 'appRoleAssignedTo'): Readonly<Record<string, Methods>> => {
  const { list, count, retrieve, create, remove } = assignmentOperations(side);
  const shape = `serviceprincipals/key/${side.toLowerCase()}`;
  return {
    [shape]: { GET: read(list), POST: assign(create) },
    [`${shape}/$count`]: { GET: read(count) },
    [`${shape}/key`]: { GET: read(retrieve), DELETE: assign(remove) },
  };
};

/** What is served, by the shape of the path (`path.ts`). */
const routes: Readonly<Record<string, Methods>> = {
  applications: { GET: read(applicationReads.list), POST: write(createApplication) },
  'applications/$count': { GET: read(applicationReads.count) },
  'applications/key': {
    GET: read(applicationReads.retrieve),
    PATCH: write(updateApplication),
    DELETE: write(deleteApplication),
  },
  'applications/key/addpassword': { POST: write(addPassword) },
  'applications/key/removepassword': { POST: write(removePassword) },
  'applications/key/addkey': { POST: { ...write(addKey), allowsOwn: true } },
  'applications/key/removekey': { POST: { ...write(removeKey), allowsOwn: true } },
  [federated]: { GET: read(federatedReads.list), POST: write(createFederated) },
  [`${federated}/$count`]: { GET: read(federatedReads.count) },
  [`${federated}/key`]: {
    GET: read(federatedReads.retrieve),
    PATCH: write(updateFederated),
    DELETE: write(deleteFederated),
  },
  serviceprincipals: { GET: read(servicePrincipalReads.list), POST: write(createServicePrincipal) },
  'serviceprincipals/$count': { GET: read(servicePrincipalReads.count) },
  'serviceprincipals/key': {
    GET: read(servicePrincipalReads.retrieve),
    PATCH: write(updateServicePrincipal),
    DELETE: write(deleteServicePrincipal),
  },
  ...assignmentRoutes('appRoleAssignments'),
  ...assignmentRoutes('appRoleAssignedTo'),
};

const methodsByShape = new Map(
  Object.entries(routes).map(([shape, methods]) => [shape, new Map(Object.entries(methods))]),
);

/** The methods that a path of this shape takes. `undefined`: it is not served. */
export const findMethods = (shape: string): ReadonlyMap<string, GraphRoute> | undefined => methodsByShape.get(shape);
