/** Tokens: Portvakt beside `oidc-provider` and beside OpenSSL's bare signature. */
import { execFileSync } from 'node:child_process';
import type { DemoEnv } from '../src/demo/demo-env.ts';
import { type Measurement, measure, median, type Shot } from './load.ts';
import { publicUrl } from './organisation.ts';
import { type Running, startProcess, stopProcess } from './processes.ts';
import { percent, print } from './report.ts';

const formType = { 'content-type': 'application/x-www-form-urlencoded' };

/** A request for a token with a secret, as clients send it. */
export const tokenShot = ({ TENANT_ID, CLIENT_ID, CLIENT_SECRET }: DemoEnv): Shot => ({
  method: 'POST',
  path: `/${TENANT_ID}/oauth2/v2.0/token`,
  headers: { host: new URL(publicUrl).host, ...formType },
  body: new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: CLIENT_ID,
    client_secret: CLIENT_SECRET,
    scope: `${publicUrl}/.default`,
  }).toString(),
});

/** The same grant in alternation, over the same transport and connections; prints three lines and three ratios. */
export async function benchTokens(server: Running, env: DemoEnv, seconds: number, rounds: number): Promise<void> {
  const { CLIENT_ID, CLIENT_SECRET } = env;
  const other = await startProvider(CLIENT_ID, CLIENT_SECRET);
  const form = { grant_type: 'client_credentials', client_id: CLIENT_ID, client_secret: CLIENT_SECRET };
  const otherShot: Shot = {
    method: 'POST',
    path: '/token',
    headers: formType,
    body: new URLSearchParams(form).toString(),
  };
  const rows: Round[] = [];
  await measure(other, other.origin, otherShot, 1);
  await measure(server, server.origin, tokenShot(env), 1);
  for (let round = 0; round < rounds; round++) {
    rows.push({
      signatures: opensslSignatures(),
      ours: await measure(server, server.origin, tokenShot(env), seconds),
      theirs: await measure(other, other.origin, otherShot, seconds),
    });
  }
  await stopProcess(other);
  report(rows);
}

/** What was measured one right after the other. */
interface Round {
  readonly signatures: number;
  readonly ours: Measurement;
  readonly theirs: Measurement;
}

/** Ratios are of each round by itself, and the median of those is printed: what the machine does changes with time. */
function report(rows: readonly Round[]): void {
  const middle = (ratioOf: (round: Round) => number): number =>
    rows.map(ratioOf).sort((left, right) => left - right)[Math.floor(rows.length / 2)] ?? Number.NaN;
  print('token', 'Portvakt', median(rows.map(({ ours }) => ours)));
  print('token', 'oidc-provider', median(rows.map(({ theirs }) => theirs)));
  const signatures = middle((round) => round.signatures);
  console.log(
    `| token | openssl speed rsa2048, 1 core | ${signatures.toFixed(0)} | ${(1e6 / signatures).toFixed(0)} | | | | |`,
  );
  const ratios = {
    'rate beside oidc-provider (goal 1.5)': middle(({ ours, theirs }) => ours.perSecond / theirs.perSecond).toFixed(2),
    'CPU beside oidc-provider (goal 0.65)': middle(({ ours, theirs }) => ours.cpu / theirs.cpu).toFixed(2),
    'per CPU second beside OpenSSL (goal 60%)': percent(middle((round) => 1e6 / round.ours.cpu / round.signatures)),
  };
  for (const [name, ratio] of Object.entries(ratios)) console.log(`| token | **${name}** | **${ratio}** | | | | | |`);
}

/** RSA-2048 signatures per second of CPU. */
function opensslSignatures(): number {
  const output = execFileSync('openssl', ['speed', '-seconds', '2', 'rsa2048'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return Number(/rsa\s+2048 bits\s+\S+\s+\S+\s+([\d.]+)/.exec(output.toString())?.[1]);
}

function startProvider(clientId: string, clientSecret: string): Promise<Running> {
  const args = ['--import', 'tsx', 'bench/oidc-provider-server.ts', clientId, clientSecret, publicUrl];
  return startProcess(args, { ...process.env, NODE_ENV: 'production' }, /^(\d+)\n/m);
}
