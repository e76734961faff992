import {
  addPassword,
  createApplication,
  deleteApplication,
  listApplications,
  removePassword,
  retrieveApplication,
  updateApplication,
} from './applications.ts';
import type { GraphAnswer, GraphCall, GraphKey } from './call.ts';
import {
  createServicePrincipal,
  deleteServicePrincipal,
  listServicePrincipals,
  retrieveServicePrincipal,
  updateServicePrincipal,
} from './service-principals.ts';

/** Application permissions that may be granted to a caller, by what they allow. Nothing else allows anything. */
export const permissions = {
  read: ['Application.Read.All', 'Application.ReadWrite.All'],
  write: ['Application.ReadWrite.All'],
} as const;

export interface GraphRoute {
  readonly permission: keyof typeof permissions;
  run(call: GraphCall): Promise<GraphAnswer>;
}

interface Resource {
  /** Set, then `/key` for one object, then the action. */
  readonly shape: string;
  readonly methods: Readonly<Record<string, GraphRoute>>;
}

const read = (run: GraphRoute['run']): GraphRoute => ({ permission: 'read', run });
const write = (run: GraphRoute['run']): GraphRoute => ({ permission: 'write', run });

const resources: readonly Resource[] = [
  { shape: 'applications', methods: { GET: read(listApplications), POST: write(createApplication) } },
  {
    shape: 'applications/key',
    methods: {
      GET: read(retrieveApplication),
      PATCH: write(updateApplication),
      DELETE: write(deleteApplication),
    },
  },
  { shape: 'applications/key/addpassword', methods: { POST: write(addPassword) } },
  { shape: 'applications/key/removepassword', methods: { POST: write(removePassword) } },
  { shape: 'serviceprincipals', methods: { GET: read(listServicePrincipals), POST: write(createServicePrincipal) } },
  {
    shape: 'serviceprincipals/key',
    methods: {
      GET: read(retrieveServicePrincipal),
      PATCH: write(updateServicePrincipal),
      DELETE: write(deleteServicePrincipal),
    },
  },
];
const resourceByShape = new Map(resources.map(({ shape, methods }) => [shape, new Map(Object.entries(methods))]));

export interface FoundResource {
  /** The path with `key` in the place of the key, lower case. */
  readonly shape: string;
  readonly methods: ReadonlyMap<string, GraphRoute>;
  readonly key: GraphKey;
}

/** What a path after `/v1.0/` names. `undefined`: nothing that is served. */
export function findResource(path: string): FoundResource | undefined {
  const match = /^([A-Za-z]+)(?:\/([^/()]+)|\(appId='([^'/]*)'\))?(?:\/(?:microsoft\.graph\.)?([A-Za-z]+))?$/.exec(
    path,
  );
  if (match === null) return undefined;
  const [, set = '', id, appId, action] = match;
  const hasKey = id !== undefined || appId !== undefined;
  const shape = [set, ...(hasKey ? ['key'] : []), ...(action === undefined ? [] : [action])].join('/').toLowerCase();
  const methods = resourceByShape.get(shape);
  if (methods === undefined) return undefined;
  return { shape, methods, key: { ...(id === undefined ? {} : { id }), ...(appId === undefined ? {} : { appId }) } };
}
