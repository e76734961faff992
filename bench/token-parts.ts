/** What a token costs, part by part, in this process: the figures behind decisions 9 and 14. */
import { generateKeyPairSync, sign } from 'node:crypto';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { ClientSecret, CredentialId } from '../src/directory/entities.ts';
import { checkSecret, digestNext, generateSecret } from '../src/directory/secret.ts';
import { type ClientId, newGuid, type ServicePrincipalId, type TenantId } from '../src/kernel/ids.ts';
import type { Caller } from '../src/token/caller.ts';
import { VerifiedTokens } from '../src/token/verified-tokens.ts';

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const content = Buffer.alloc(900, 'x');
const cpu = (): number => process.cpuUsage().user + process.cpuUsage().system;

/** Microseconds of CPU for each of `count` runs. */
function cost(count: number, run: () => unknown): number {
  for (let index = 0; index < count / 10; index++) run();
  const before = cpu();
  for (let index = 0; index < count; index++) run();
  return (cpu() - before) / count;
}

interface Signing {
  readonly perSecond: number;
  readonly cpu: number;
  /** 99th percentile of how late timers of 1 ms are: what other requests wait, in milliseconds. */
  readonly delay: number;
}

/** Signs in 16 loops at once for two seconds. */
async function measureSigning(signOnce: () => Promise<unknown>): Promise<Signing> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const [began, before] = [performance.now(), cpu()];
  let count = 0;
  const loop = async (): Promise<void> => {
    while (performance.now() - began < 2000) {
      await signOnce();
      count++;
    }
  };
  await Promise.all(Array.from({ length: 16 }, loop));
  const seconds = (performance.now() - began) / 1000;
  delay.disable();
  return { perSecond: count / seconds, cpu: (cpu() - before) / count, delay: delay.percentile(99) / 1e6 - 1 };
}

/** As a server does it: each request comes in a turn of the event loop of its own. */
const onThisThread = (): Promise<unknown> =>
  new Promise((resolve) => setImmediate(() => resolve(sign('sha256', content, privateKey))));
const onThePool = (): Promise<unknown> =>
  new Promise((resolve) =>
    setImmediate(() => sign('sha256', content, privateKey, (_, signature) => resolve(signature))),
  );

function measureSecrets(): readonly [string, number][] {
  const text = generateSecret();
  const start = new Date(0);
  const secrets: ClientSecret[] = [];
  while (secrets.length < 50) {
    const digest = digestNext(secrets, generateSecret());
    secrets.push({
      keyId: newGuid<CredentialId>(),
      displayName: null,
      hint: '',
      start,
      end: new Date(8.64e15),
      ...digest,
    });
  }
  const now = new Date();
  return [
    ['check of a secret, one registered', cost(50_000, () => checkSecret(secrets.slice(0, 1), text, now))],
    ['check of a secret, fifty registered', cost(2000, () => checkSecret(secrets, text, now))],
  ];
}

function measureVerified(): readonly [string, number][] {
  const verified = new VerifiedTokens(10_000);
  const caller: Caller = {
    clientId: newGuid<ClientId>(),
    tenantId: newGuid<TenantId>(),
    objectId: newGuid<ServicePrincipalId>(),
    audience: 'https://localhost:8443',
    roles: [],
    expiresAt: new Date(8.64e15),
    tokenId: 'x',
  };
  const tokens = Array.from({ length: 10_000 }, () => `${newGuid()}.${'x'.repeat(700)}.${newGuid()}`);
  for (const token of tokens) verified.add(token, caller);
  const now = new Date();
  // A header arrives as a new text each time; its hash is not known yet.
  let index = 0;
  const arrive = (): string => Buffer.from(tokens[index++ % tokens.length] ?? '', 'latin1').toString('latin1');
  return [
    [
      'look-up of a token seen before, among 10,000',
      cost(100_000, () => verified.find(arrive(), now)) - cost(100_000, arrive),
    ],
  ];
}

export async function measureTokenParts(): Promise<void> {
  console.log(
    '\n## Signing, 16 at once, in one process\n\n| where | per second | CPU µs | loop delay p99 ms |\n| --- | ---: | ---: | ---: |',
  );
  for (const [where, signOnce] of [
    ['this thread', onThisThread],
    ['thread pool', onThePool],
  ] as const) {
    const { perSecond, cpu: each, delay } = await measureSigning(signOnce);
    console.log(`| ${where} | ${perSecond.toFixed(0)} | ${each.toFixed(0)} | ${delay.toFixed(1)} |`);
  }
  console.log('\n| part of a token request or check | CPU µs |\n| --- | ---: |');
  const parts = [['RSA-2048 signature', cost(1000, () => sign('sha256', content, privateKey))] as const];
  for (const [name, each] of [...parts, ...measureSecrets(), ...measureVerified()]) {
    console.log(`| ${name} | ${each.toFixed(2)} |`);
  }
}
