import type { HrLimits } from '../adapter/hr-limits.ts';
import type { Provider } from '../adapter/provider.ts';
import { createBuiltInProvider } from '../adapter/providers/built-in.ts';
import { createRouter } from '../adapter/providers/mapped/router.ts';
import { sourceRefusal } from '../adapter/providers/mapped/source-problems.ts';
import { runAsHrUser } from '../adapter/run-as-hr-user.ts';
import type { SecurityInForce } from '../dataverse/dataverse-security.ts';
import { DeferredRefresh } from '../dataverse/deferred-refresh.ts';
import type { DefinitionMessages, NativeDeps } from '../dataverse/native/native-deps.ts';
import { runNative } from '../dataverse/native/run-native.ts';
import { definitionsTogether, refuseChange } from '../definitions/change/change-problems.ts';
import type { HrSecurity } from '../hr/hr-security.ts';
import type { AuditActor } from '../kernel/audit.ts';
import type { Probe } from '../kernel/probe.ts';
import { Refusal } from '../kernel/refusal.ts';
import type { Table } from '../metadata/table.ts';
import type { RowStore } from '../odata/row-store.ts';
import type { EntityRules } from '../recruiting/entity-rules.ts';
import type { Runners, WebApiEnvironment } from '../webapi/web-api-environment.ts';
import type { InFlight } from './live-model.ts';

export interface RunnerDeps {
  readonly native: NativeDeps;
  readonly hrSecurity: Pick<HrSecurity, 'current'>;
  readonly rules: EntityRules;
  readonly inFlight: InFlight;
  /** Who has the rows of tables that are not in our own database. */
  readonly elsewhere: ReadonlyMap<Table, Provider>;
  /** `undefined`: nothing is counted. */
  readonly hrLimits: HrLimits | undefined;
  readonly probe: Probe;
}

/** Who carries out what the first gate has granted: one operation in a transaction of its own, or several in one. */
export function createRunners(deps: RunnerDeps): Pick<WebApiEnvironment, keyof Runners | 'together'> {
  const { native, inFlight } = deps;
  const { rows, security } = native;
  const single = runnersOver(deps, rows, security);
  const notTogether = {
    ...deps,
    native: { ...native, definitions: refuseTogether },
    elsewhere: new Map([...deps.elsewhere].map(([table, provider]) => [table, readsOnly(provider)])),
  };
  return {
    // A message may change the model, and would wait for itself.
    runNative: (caller, grant, differences) => {
      const running = single.runNative(caller, grant, differences);
      return grant.operation.kind === 'message' ? running : inFlight.track(running);
    },
    runVirtual: (...asked) => inFlight.track(single.runVirtual(...asked)),
    async together<T>(job: (runners: Runners) => Promise<T>): Promise<T> {
      const deferred = new DeferredRefresh(security);
      let result: T;
      try {
        const running = rows.together((inside) => job(runnersOver(notTogether, inside, deferred)));
        result = await inFlight.track(running);
      } catch (error) {
        // A refusal undid everything. After anything else nobody knows; the failure stays the answer.
        if (!(error instanceof Refusal)) await deferred.settle().catch(() => undefined);
        throw error;
      }
      await deferred.settle();
      return result;
    },
  };
}

const refuseTogether: DefinitionMessages = {
  run: () => Promise.reject(refuseChange.notBuilt(definitionsTogether)),
};

/** What another source has written could not be undone with the rest. */
const readsOnly = (provider: Provider): Provider => ({
  async run(operation, session, differences) {
    if (operation.kind === 'write') throw sourceRefusal.notBuilt('a write at another source together with others');
    return provider.run(operation, session, differences);
  },
});

function runnersOver(
  { native, hrSecurity, rules, hrLimits, elsewhere, probe }: RunnerDeps,
  rows: RowStore,
  security: SecurityInForce,
): Runners {
  const nativeDeps = { ...native, rows, security };
  const adapter = {
    hrSecurity,
    probe,
    provider: createRouter(createBuiltInProvider({ store: rows, rules }), elsewhere),
    ...(hrLimits && { limits: { environmentId: native.organizationId, counter: hrLimits } }),
  };
  // What this process asks of itself, such as the seed, has no address.
  const isCounted = (notes: AuditActor): boolean => notes.remoteAddress !== undefined;
  return {
    runNative: (_caller, grant) => runNative(nativeDeps, grant),
    // The second gate sees the user in whose name the request is made, not who makes it (dataverse-web-api 3.8).
    runVirtual: (_caller, grant, differences, notes) =>
      runAsHrUser(
        adapter,
        { clientId: grant.user.clientId, appName: grant.user.name, notes, isCounted: isCounted(notes) },
        grant,
        differences,
      ),
  };
}
