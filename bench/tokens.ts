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
  const results: { ours: Measurement[]; other: Measurement[]; signatures: number[] } = {
    ours: [],
    other: [],
    signatures: [],
  };
  await measure(other, other.origin, otherShot, 1);
  await measure(server, server.origin, tokenShot(env), 1);
  for (let round = 0; round < rounds; round++) {
    results.signatures.push(opensslSignatures());
    results.ours.push(await measure(server, server.origin, tokenShot(env), seconds));
    results.other.push(await measure(other, other.origin, otherShot, seconds));
  }
  await stopProcess(other);
  const [ours, theirs] = [median(results.ours), median(results.other)];
  const signatures = results.signatures.sort((left, right) => left - right)[Math.floor(rounds / 2)] ?? Number.NaN;
  print('token', 'Portvakt', ours);
  print('token', 'oidc-provider', theirs);
  console.log(
    `| token | openssl speed rsa2048, 1 core | ${signatures.toFixed(0)} | ${(1e6 / signatures).toFixed(0)} | | | | |`,
  );
  const ratios = {
    'rate beside oidc-provider (goal 1.5)': (ours.perSecond / theirs.perSecond).toFixed(2),
    'CPU beside oidc-provider (goal 0.65)': (ours.cpu / theirs.cpu).toFixed(2),
    'per CPU second beside OpenSSL (goal 60%)': percent(1e6 / ours.cpu / signatures),
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
