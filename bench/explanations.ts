import { authorizeTable } from '../src/dataverse/authorize-table.ts';
import { DataverseSecurity } from '../src/dataverse/dataverse-security.ts';
import { decisionToRefusal } from '../src/dataverse/decision-to-refusal.ts';
import { findApplicationUser } from '../src/dataverse/find-user.ts';
import { authorizeData } from '../src/hr/authorize-data.ts';
import { HrSecurity } from '../src/hr/hr-security.ts';
import { openHrSession } from '../src/hr/hr-session.ts';
import { systemClock } from '../src/kernel/clock.ts';
import { type ClientId, getGuid } from '../src/kernel/ids.ts';
import { silentProbe } from '../src/kernel/probe.ts';
import { Asking } from '../src/odata/asking.ts';
import { Differences } from '../src/odata/fidelity.ts';
import type { Operation } from '../src/odata/operation.ts';
import { parseOperation } from '../src/odata/parse-operation.ts';
import { type GateContext, passGates } from '../src/webapi/pass-gates.ts';
import type { Runners } from '../src/webapi/web-api-environment.ts';
import { compare } from './compare.ts';
import { demoEnvOf, model, type Organisation, openRows } from './organisation.ts';

const times = 5000;

/** What a request costs that nobody will ask about: both gates as they are, beside the same without any explanation. */
export async function measureExplanations(organisation: Organisation): Promise<void> {
  const database = await openRows(organisation);
  const security = await DataverseSecurity.load(database, model);
  const hr = await HrSecurity.load(model, database);
  const clientId = getGuid<ClientId>(demoEnvOf(organisation).CLIENT_ID);
  const snapshot = security.current;
  const user = findApplicationUser(snapshot, clientId);
  const differences = new Differences('extended');
  const notes = { surface: 'web-api', kind: 'read' } as const;
  const context = {
    snapshot,
    user,
    caller: {} as GateContext['caller'],
    differences,
    notes: { ...notes },
    probe: silentProbe,
  };
  const result = { kind: 'deleted' } as never;
  const runVirtual: Runners['runVirtual'] = async (_caller, grant) => {
    const session = openHrSession(hr.current, { clientId });
    if (session.kind === 'deny' || authorizeData(session, grant).kind === 'deny') throw new Error('refused');
    return result;
  };
  const runners: Runners = { runVirtual, runNative: () => Promise.reject(new Error('no native table is asked for')) };
  const { operation } = parseOperation({
    ...{ model, method: 'GET', path: 'mshr_hcmcandidatetohireentities', query: '$select=mshr_lastname', headers: {} },
    ...{ body: Buffer.alloc(0), apiRoot: 'https://x/api/data/v9.2/', differences },
    asking: new Asking(systemClock, () => undefined),
  });
  const explained = () => passGates({ ...context, used: [] }, runners, operation);
  const plain = () => passPlainly({ ...context, used: [] }, runners, operation);
  console.log('\n## An allowed request that nobody asks about, with explanations and without\n');
  await compare(times, [
    ['with / without', explained, plain],
    ['without / without: the noise', plain, plain],
  ]);
  await database.close();
}

/** `passGates` as it would be if no refusal were ever explained. */
async function passPlainly(
  { snapshot, user, caller, differences, notes }: GateContext,
  runners: Runners,
  operation: Operation,
) {
  const decision = authorizeTable(snapshot, user, operation);
  if (decision.kind === 'deny') throw decisionToRefusal(decision);
  const { grant } = decision;
  const result = await runners.runVirtual(caller, grant, differences, notes);
  return { granted: grant.operation, result };
}
