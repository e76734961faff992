import type { StoredEntry } from '../audit/read-audit.ts';
import type { EnvironmentView } from '../explain/environment-view.ts';
import { explainEntry } from '../explain/explain-entry.ts';
import { type AdminCall, type AdminRoute, getId } from './call.ts';
import { AdminRefusal } from './problems.ts';

/** More entries than one id has, unless a client sends the same one again and again. */
const mostEntries = 200;

/** Why requests were answered as they were. */
export const explainRoutes: readonly AdminRoute[] = [
  {
    method: 'GET',
    path: 'explain/{id}',
    operationId: 'explainRequest',
    summary:
      'Why a request was refused, or gave no rows: the conditions of both gates in order, and how to have them met',
    access: 'read',
    isForEnvironment: true,
    success: { status: 200, schema: 'Explanation' },
    async run(call) {
      const id = getId(call);
      const { entries } = await call.readAudit({ id, limit: mostEntries });
      const mine = entries.filter((entry) => isMine(call, entry));
      const [first, ...others] = [...mine].sort((one, other) => rank(one) - rank(other));
      const view = first && viewOf(call, first);
      if (first === undefined || view === undefined) throw new AdminRefusal('requestUnknown', [id]);
      return { status: 200, body: { ...(await explainEntry(view, first)), others: others.map(headOf) } };
    },
  },
];

/** Who administers one environment is told of requests to it, and of tokens that were asked for to call it. */
function isMine({ onlyEnvironment, view }: AdminCall, entry: StoredEntry): boolean {
  if (onlyEnvironment === undefined || entry.environmentId === onlyEnvironment) return true;
  const [resource, own] = [`${entry.resource ?? ''}/`.toLowerCase(), `${view.url}/`.toLowerCase()];
  return entry.surface === 'token' && entry.tenantId === view.tenantId && resource.startsWith(own);
}

/** A refusal is what is asked about; of several with one id the newest. */
const rank = ({ outcome }: StoredEntry): number => ['denied', 'failed', 'allowed'].indexOf(outcome) >>> 0;

/** The environment that the request was made to; of the directory's requests that at whose host it is asked. */
const viewOf = ({ view, findView }: AdminCall, { environmentId }: StoredEntry): EnvironmentView | undefined =>
  environmentId === undefined ? view : findView(environmentId);

const headOf = ({ requestId, time, outcome, method, table, message, status }: StoredEntry) => ({
  ...{ requestId, time, outcome, method, table, message, status },
});
