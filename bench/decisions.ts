import { authorizeTable } from '../src/dataverse/authorize-table.ts';
import { DataverseSecurity } from '../src/dataverse/dataverse-security.ts';
import { findApplicationUser } from '../src/dataverse/find-user.ts';
import { authorizeData } from '../src/hr/authorize-data.ts';
import { HrSecurity } from '../src/hr/hr-security.ts';
import { openHrSession } from '../src/hr/hr-session.ts';
import { systemClock } from '../src/kernel/clock.ts';
import { type ClientId, getGuid } from '../src/kernel/ids.ts';
import { Asking } from '../src/odata/asking.ts';
import { Differences } from '../src/odata/fidelity.ts';
import { parseOperation } from '../src/odata/parse-operation.ts';
import { candidateId, demoEnvOf, model, type Organisation, openRows } from './organisation.ts';

const times = 200_000;

/** Both gates' decision for one request, in memory: microseconds each. */
export async function measureDecisions(organisation: Organisation): Promise<void> {
  const database = await openRows(organisation);
  const security = await DataverseSecurity.load(database, model);
  const hr = await HrSecurity.load(model, database);
  const clientId = getGuid<ClientId>(demoEnvOf(organisation).CLIENT_ID);
  console.log(`\n## Both gates' decision, in memory\n\n| request | µs |\n| --- | ---: |`);
  const requests = {
    'point read': `mshr_hcmcandidatetohireentities(${candidateId(1)})?$select=mshr_lastname`,
    'page with filter and order':
      "mshr_hcmcandidatetohireentities?$filter=mshr_positionid eq '1'&$orderby=mshr_lastname",
    'two expands': `mshr_hcmcandidatetohireentities(${candidateId(1)})?$expand=mshr_FK_Person_id,mshr_FK_Position_id`,
  };
  for (const [name, url] of Object.entries(requests)) {
    const [path = '', query = ''] = url.split('?');
    const { operation } = parseOperation({
      model,
      method: 'GET',
      path,
      query,
      headers: {},
      body: Buffer.alloc(0),
      apiRoot: 'https://x/api/data/v9.2/',
      differences: new Differences('extended'),
      asking: new Asking(systemClock, () => undefined),
    });
    const decide = (): void => {
      const user = findApplicationUser(security.current, clientId);
      const first = authorizeTable(security.current, user, operation);
      const session = openHrSession(hr.current, { clientId });
      if (first.kind === 'deny' || session.kind === 'deny') throw new Error('refused');
      if (authorizeData(session, first.grant).kind === 'deny') throw new Error('refused');
    };
    for (let index = 0; index < times / 10; index++) decide();
    const start = performance.now();
    for (let index = 0; index < times; index++) decide();
    console.log(`| ${name} | ${(((performance.now() - start) / times) * 1000).toFixed(2)} |`);
  }
  await database.close();
}
