import type { Guid } from '../kernel/ids.ts';
import { type AdminCall, type AdminRoute, getId } from './call.ts';
import { AdminRefusal } from './problems.ts';

/** What this surface needs of whoever keeps data about people. */
export interface PeopleAdministration {
  export(id: Guid, isWhole: boolean): Promise<object | undefined>;
  erase(
    id: Guid,
  ): Promise<
    | { readonly kind: 'erased'; readonly removed: number; readonly anonymised: number }
    | { readonly kind: 'heldUp'; readonly by: string }
    | undefined
  >;
}

/** What the law gives a person a right to. The audit log has the id of the row and nothing else of the person. */
export const peopleRoutes: readonly AdminRoute[] = [
  {
    method: 'GET',
    path: 'people/{id}/export',
    operationId: 'exportPerson',
    summary: 'All that is stored about one person, by table',
    access: 'readWrite',
    isForEnvironment: true,
    isForRecruiting: true,
    success: { status: 200, schema: 'PersonExport' },
    async run(call) {
      const id = getId(call);
      // The right to recruit, or to administer Dataverse, gives no column that Human Resources protects.
      const found = await call.people.export(id, call.onlyEnvironment === undefined);
      if (found === undefined) throw unknown(id);
      return { status: 200, body: { id, ...found } };
    },
  },
  {
    method: 'POST',
    path: 'people/{id}/erase',
    operationId: 'erasePerson',
    summary: 'Erases the data of one person who is no worker; ids and states stay',
    access: 'readWrite',
    isForEnvironment: true,
    isForRecruiting: true,
    success: { status: 200, schema: 'PersonErasure' },
    run: async (call) => ({ status: 200, body: await erase(call) }),
  },
];

async function erase(call: AdminCall): Promise<object> {
  const id = getId(call);
  const outcome = await call.people.erase(id);
  if (outcome === undefined) throw unknown(id);
  if (outcome.kind === 'heldUp') throw new AdminRefusal('personIsWorker', [id, outcome.by]);
  return { id, removed: outcome.removed, anonymised: outcome.anonymised };
}

const unknown = (id: Guid): AdminRefusal => new AdminRefusal('personUnknown', [id]);
