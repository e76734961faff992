import { createBuiltInProvider } from '../adapter/providers/built-in.ts';
import { runAsHrUser } from '../adapter/run-as-hr-user.ts';
import type { SecurityInForce } from '../dataverse/dataverse-security.ts';
import { DeferredRefresh } from '../dataverse/deferred-refresh.ts';
import type { NativeDeps } from '../dataverse/native/native-deps.ts';
import { runNative } from '../dataverse/native/run-native.ts';
import type { HrSecurity } from '../hr/hr-security.ts';
import { Refusal } from '../kernel/refusal.ts';
import type { RowStore } from '../odata/row-store.ts';
import type { EntityRules } from '../recruiting/entity-rules.ts';
import type { Runners, WebApiEnvironment } from '../webapi/web-api-environment.ts';

export interface RunnerDeps {
  readonly native: NativeDeps;
  readonly hrSecurity: Pick<HrSecurity, 'current'>;
  readonly rules: EntityRules;
}

/** Who carries out what the first gate has granted: one operation in a transaction of its own, or several in one. */
export function createRunners(deps: RunnerDeps): Pick<WebApiEnvironment, keyof Runners | 'together'> {
  const { rows, security } = deps.native;
  return {
    ...runnersOver(deps, rows, security),
    async together<T>(job: (runners: Runners) => Promise<T>): Promise<T> {
      const deferred = new DeferredRefresh(security);
      let result: T;
      try {
        result = await rows.together((inside) => job(runnersOver(deps, inside, deferred)));
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

function runnersOver({ native, hrSecurity, rules }: RunnerDeps, rows: RowStore, security: SecurityInForce): Runners {
  const nativeDeps = { ...native, rows, security };
  const adapter = { hrSecurity, provider: createBuiltInProvider({ store: rows, rules }) };
  return {
    runNative: (_caller, grant) => runNative(nativeDeps, grant),
    runVirtual: ({ clientId }, grant, differences, notes) =>
      runAsHrUser(adapter, { clientId, appName: grant.user.name, notes }, grant, differences),
  };
}
