import { shellQuote } from '../kernel/env-file.ts';
import type { DemoVolumes } from './organisation.ts';

export interface WelcomeFacts {
  /** URL of the environment, without a trailing slash. */
  readonly apiUrl: string;
  readonly authorityUrl: string;
  /** Path of `demo.env`, as the reader should type it. */
  readonly envFile: string;
  /** Path of the development CA, as the reader should type it; absent where the server has a certificate of its own. */
  readonly caFile?: string;
  readonly volumes: DemoVolumes;
}

/** What the first start prints: what was set up, where it is, and a first call to copy. */
export function welcomeText(facts: WelcomeFacts): string {
  const { volumes } = facts;
  return `
The demo organisation is ready: ${volumes.companies} legal entities, ${volumes.jobs} jobs, ${volumes.positions} positions, ${volumes.workers} workers and
${volumes.requests} recruiting requests, all of them invented. The demo ATS may use it: it has passed both gates.

  environment   ${facts.apiUrl}
  Web API       ${facts.apiUrl}/api/data/v9.2/
  authority     ${facts.authorityUrl}
  credentials   ${facts.envFile}${facts.caFile === undefined ? '' : `\n  CA to trust   ${facts.caFile}`}

A first call, in another terminal:

${indent(firstCall(facts))}

The whole round trip, from the recruiting request to the candidate:

  node examples/round-trip.mjs
`;
}

/** Token and three Active requests, for a POSIX shell with curl and Node.js. */
export function firstCall({ envFile, caFile }: Pick<WelcomeFacts, 'envFile' | 'caFile'>): string {
  const curl = caFile === undefined ? 'curl -sS' : 'curl -sS --cacert "$NODE_EXTRA_CA_CERTS"';
  return `set -a; . ${sourcePath(envFile)}; set +a
TOKEN=$(${curl} "$AUTHORITY_URL/oauth2/v2.0/token" \\
  -d grant_type=client_credentials --data-urlencode client_id="$CLIENT_ID" \\
  --data-urlencode client_secret="$CLIENT_SECRET" --data-urlencode scope="$API_URL/.default" |
  node -p 'JSON.parse(fs.readFileSync(0)).access_token')
${curl} -G "$API_URL/api/data/v9.2/mshr_hcmrecruitingrequestentities" \\
  -H "Authorization: Bearer $TOKEN" \\
  --data-urlencode '$filter=mshr_status eq 200000005' \\
  --data-urlencode '$select=mshr_recruitingrequestid,mshr_description' --data-urlencode '$top=3'`;
}

/** A path without a slash would be looked for on PATH (POSIX, the `.` utility). */
function sourcePath(path: string): string {
  const file = path.includes('/') ? path : `./${path}`;
  return /^[\w./-]+$/.test(file) ? file : shellQuote(file);
}

const indent = (text: string): string => text.replace(/^/gm, '  ');
