import { parseRow, parseRows } from '../session.ts';
import type { Check } from './check.ts';
import { orTold } from './server-checks.ts';

/** Does a call as the application succeed? Passed over where its secret is not known. */
export const callChecks: readonly Check[] = [
  {
    id: 'call',
    place: 'call',
    statement: 'the application reads recruiting requests',
    needs: ['token', 'application-user', 'link'],
    async find({ application }) {
      if (application === undefined) return undefined;
      const path = 'mshr_hcmrecruitingrequestentities?$select=mshr_recruitingrequestid&$top=1';
      return orTold(async () => void (await application.webApi(path)));
    },
  },
  {
    id: 'active-request',
    place: 'call',
    statement: 'it sees an active recruiting request',
    needs: ['call'],
    async find({ application }) {
      if (application === undefined) return undefined;
      const active = `$filter=${encodeURIComponent('mshr_status eq 200000005')}`;
      const path = `mshr_hcmrecruitingrequestentities?$select=mshr_recruitingrequestid&$top=1&${active}`;
      if (parseRows(parseRow(await application.webApi(path))['value']).length > 0) return undefined;
      const what = 'no recruiting request is active, or none in the legal entities that the application may see';
      return { what, fix: 'activate a recruiting request in Human Resources', isWarning: true };
    },
  },
];
