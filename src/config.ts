import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { SourceSettings } from './adapter/providers/sources-file.ts';
import { parseDatabase } from './config-database.ts';
import { readCertificates, readSources, readTrustedIssuers } from './config-files.ts';
import { type ListenAddress, readListenAddress, readShare, readTracesUrl } from './config-observe.ts';
import { parseOpenId } from './config-open-id.ts';
import { allowed, ConfigError, parseChoice, parseOptional, parseWhole, type Source } from './config-values.ts';
import { isNetwork } from './kernel/networks.ts';
import type { Fidelity } from './odata/fidelity.ts';
import type { OpenIdSettings } from './sign-in/openid/settings.ts';
import type { Pooler } from './storage/database.ts';
import type { ReplicaSettings } from './storage/sql/postgres/replica.ts';
import type { AssertionReplay } from './token/assertion-replay.ts';
import type { TrustedIssuer } from './token/issuers/trusted-issuer.ts';

/** Every setting of the server, checked. See docs/settings.md for what each one means to a user. */
export interface Config {
  readonly host: string;
  readonly port: number;
  /** Without a trailing slash; `undefined` means `https://localhost:<port that was bound>`. */
  readonly publicUrl: string | undefined;
  readonly fidelity: Fidelity;
  /** Service-protection limits: the vendor's figures times this; `undefined`: off. */
  readonly limits: number | undefined;
  readonly dataFolder: string;
  readonly databaseUrl: string | undefined;
  /** Of PostgreSQL, for each database of the installation and each process. */
  readonly database: {
    /** Connections for writes and slow reads. */
    readonly connections: number;
    /** Milliseconds that one statement may take. */
    readonly statementTimeoutMs: number;
    /** Where requests go to it; `undefined`: to `databaseUrl`, as all else does. */
    readonly pooler: Pooler | undefined;
    /** A standby of it that answers reads. */
    readonly replica: ReplicaSettings | undefined;
  };
  /** Processes that serve; more than one only on PostgreSQL. */
  readonly workers: number;
  /** Nodes that share the database at most; 1: this one alone. */
  readonly nodes: number;
  /** Requests of one environment that a process works on at once, where it serves several. */
  readonly environmentRequests: number;
  readonly tls: {
    readonly enabled: boolean;
    readonly certFile: string | undefined;
    readonly keyFile: string | undefined;
  };
  /** Addresses and networks of proxies that are believed about the client's address. */
  readonly trustedProxies: readonly string[];
  /** May a client assertion be presented more than once? */
  readonly assertionReplay: AssertionReplay;
  /** Does our own authority issue tokens, and are they accepted? Without it, outside issuers alone are. */
  readonly authority: 'on' | 'off';
  /** Issuers besides our own authority. */
  readonly issuers: {
    /** Those whose tokens are accepted as our own are. */
    readonly trusted: readonly TrustedIssuer[];
    /** Networks that may be asked although they are not public. */
    readonly networks: readonly string[];
    /** PEM text of further CAs that vouch for them. */
    readonly ca: string | undefined;
  };
  /** Sign-in to the web app with an outside issuer; `undefined`: none. */
  readonly openId: OpenIdSettings | undefined;
  /** Where rows of some tables are instead of in our own database. */
  readonly sources: readonly SourceSettings[];
  /** Seconds. */
  readonly keys: {
    readonly lifetime: number;
    readonly rotation: number | undefined;
    readonly publication: number;
  };
  /** Days for which entries of the audit log are kept; `undefined`: for ever. */
  readonly auditRetention: number | undefined;
  readonly webhooks: {
    /** Networks that webhooks may be sent to although they are not public. */
    readonly networks: readonly string[];
    /** Milliseconds before the second attempt, and attempts in all. */
    readonly firstMs: number;
    readonly attempts: number;
  };
  readonly seed: 'demo' | 'empty';
  /** File to write the credentials of one more administrator to, once. */
  readonly newAdministrator: string | undefined;
  /** Name of an operator of the web app for whom a one-time link is made at this start. */
  readonly operatorLink: string | undefined;
  readonly logLevel: LogLevel;
  readonly metrics: {
    /** Where `/metrics` is answered besides the server's own address; `undefined`: nowhere else. */
    readonly address: ListenAddress | undefined;
    /** What whoever reads them must send. */
    readonly token: string | undefined;
  };
  readonly traces: {
    /** Where spans are sent; `undefined`: none are made. */
    readonly url: string | undefined;
    /** Share of the requests that are recorded. */
    readonly share: number;
  };
}

export type LogLevel = (typeof logLevels)[number];
const logLevels = ['error', 'warn', 'info', 'debug'] as const;

/**
 * Settings from environment variables; flags of the same names win (`--port 9443` is `PORTVAKT_PORT=9443`).
 * @throws ConfigError naming the variable, the value and what is allowed
 */
export function parseConfig(environment: Source, flags: readonly string[] = []): Config {
  const source = withSecretFiles({ ...environment, ...parseFlags(flags) });
  const text = (name: string): string | undefined => source[name] || undefined;
  rejectUnknown(source);
  const trusted = parseOptional(source, 'PORTVAKT_TRUSTED_ISSUERS', allowed(readTrustedIssuers)) ?? [];
  return {
    host: text('PORTVAKT_HOST') ?? '127.0.0.1',
    port: parsePort(text('PORTVAKT_PORT') ?? '8443'),
    publicUrl: parseOptional(source, 'PORTVAKT_PUBLIC_URL', parseOrigin),
    fidelity: parseChoice(source, 'PORTVAKT_FIDELITY', ['extended', 'strict']),
    limits: parseOptional(source, 'PORTVAKT_LIMITS', parseLimits),
    dataFolder: resolve(text('PORTVAKT_DATA') ?? 'data'),
    ...parseDatabase(source),
    environmentRequests: parseWhole(source, 'PORTVAKT_ENVIRONMENT_REQUESTS', requestCount),
    tls: parseTls(source),
    trustedProxies: parseOptional(source, 'PORTVAKT_TRUSTED_PROXIES', parseNetworks) ?? [],
    assertionReplay: parseChoice(source, 'PORTVAKT_ASSERTION_REPLAY', ['accept', 'refuse']),
    authority: parseAuthority(source, trusted),
    issuers: {
      trusted,
      networks: parseOptional(source, 'PORTVAKT_ISSUER_NETWORKS', parseNetworks) ?? [],
      ca: parseOptional(source, 'PORTVAKT_ISSUER_CA', allowed(readCertificates)),
    },
    openId: parseOpenId(source),
    sources: parseOptional(source, 'PORTVAKT_PROVIDERS', allowed(readSources)) ?? [],
    keys: parseKeyTimes(source),
    auditRetention: parseRetention(source),
    webhooks: {
      networks: parseOptional(source, 'PORTVAKT_WEBHOOK_NETWORKS', parseNetworks) ?? [],
      ...(parseOptional(source, 'PORTVAKT_WEBHOOK_RETRY', parseRetry) ?? { firstMs: 5000, attempts: 14 }),
    },
    seed: parseChoice(source, 'PORTVAKT_SEED', ['demo', 'empty']),
    newAdministrator: parseOptional(source, 'PORTVAKT_NEW_ADMINISTRATOR', (_, file) => resolve(file)),
    operatorLink: text('PORTVAKT_OPERATOR_LINK'),
    logLevel: parseChoice(source, 'PORTVAKT_LOG_LEVEL', ['info', ...logLevels]),
    metrics: {
      address: parseOptional(source, 'PORTVAKT_METRICS_ADDRESS', allowed(readListenAddress)),
      token: parseOptional(source, 'PORTVAKT_METRICS_TOKEN', parseToken),
    },
    traces: {
      url: parseOptional(source, 'PORTVAKT_TRACES_URL', allowed(readTracesUrl)),
      share: parseOptional(source, 'PORTVAKT_TRACES_SHARE', allowed(readShare)) ?? 1,
    },
  };
}

/** Names of all settings; a test compares them with docs/settings.md. */
export const settingNames = [
  'PORTVAKT_HOST',
  'PORTVAKT_PORT',
  'PORTVAKT_PUBLIC_URL',
  'PORTVAKT_LIMITS',
  'PORTVAKT_FIDELITY',
  'PORTVAKT_DATA',
  'PORTVAKT_DATABASE_URL',
  'PORTVAKT_DATABASE_URL_FILE',
  'PORTVAKT_DATABASE_POOLER_URL',
  'PORTVAKT_DATABASE_READ_URL',
  'PORTVAKT_DATABASE_POOLER_URL_FILE',
  'PORTVAKT_DATABASE_READ_URL_FILE',
  'PORTVAKT_DATABASE_READ_LAG',
  'PORTVAKT_DATABASE_STATEMENTS',
  'PORTVAKT_DATABASE_CONNECTIONS',
  'PORTVAKT_DATABASE_TIMEOUT',
  'PORTVAKT_WORKERS',
  'PORTVAKT_NODES',
  'PORTVAKT_ENVIRONMENT_REQUESTS',
  'PORTVAKT_TLS_CERT',
  'PORTVAKT_TLS_KEY',
  'PORTVAKT_TLS',
  'PORTVAKT_TRUSTED_PROXIES',
  'PORTVAKT_ASSERTION_REPLAY',
  'PORTVAKT_AUTHORITY',
  'PORTVAKT_TRUSTED_ISSUERS',
  'PORTVAKT_ISSUER_NETWORKS',
  'PORTVAKT_ISSUER_CA',
  'PORTVAKT_OPENID_ISSUER',
  'PORTVAKT_OPENID_CLIENT_ID',
  'PORTVAKT_OPENID_CLIENT_SECRET',
  'PORTVAKT_OPENID_CLIENT_SECRET_FILE',
  'PORTVAKT_OPENID_NAME',
  'PORTVAKT_OPENID_OPERATORS',
  'PORTVAKT_PROVIDERS',
  'PORTVAKT_TOKEN_LIFETIME',
  'PORTVAKT_KEY_ROTATION',
  'PORTVAKT_AUDIT_RETENTION',
  'PORTVAKT_WEBHOOK_NETWORKS',
  'PORTVAKT_WEBHOOK_RETRY',
  'PORTVAKT_SEED',
  'PORTVAKT_NEW_ADMINISTRATOR',
  'PORTVAKT_OPERATOR_LINK',
  'PORTVAKT_LOG_LEVEL',
  'PORTVAKT_METRICS_ADDRESS',
  'PORTVAKT_METRICS_TOKEN',
  'PORTVAKT_METRICS_TOKEN_FILE',
  'PORTVAKT_TRACES_URL',
  'PORTVAKT_TRACES_SHARE',
] as const;

/** Read by the tests and the scripts, never by the server. */
const otherNames = ['PORTVAKT_TEST_DATABASE_URL'];

/** Settings that hold a secret: `<name>_FILE` names a file that has it, as container platforms hand secrets over. */
const secretSettings = [
  'PORTVAKT_DATABASE_URL',
  'PORTVAKT_DATABASE_POOLER_URL',
  'PORTVAKT_DATABASE_READ_URL',
  'PORTVAKT_METRICS_TOKEN',
  'PORTVAKT_OPENID_CLIENT_SECRET',
] as const;

function withSecretFiles(source: Source): Source {
  const read: Record<string, string | undefined> = { ...source };
  for (const name of secretSettings) {
    const file = read[`${name}_FILE`] || undefined;
    delete read[`${name}_FILE`];
    if (file === undefined) continue;
    if (read[name]) throw new ConfigError(`${name}_FILE`, file, `${name} is given too, and one of the two is enough`);
    read[name] = readSecret(`${name}_FILE`, file);
  }
  return read;
}

/** A line feed at the end is the editor's. */
function readSecret(name: string, file: string): string {
  try {
    const text = readFileSync(resolve(file), 'utf8').trim();
    if (text !== '') return text;
  } catch (error) {
    throw new ConfigError(name, file, `a file that can be read (${(error as NodeJS.ErrnoException).code})`);
  }
  throw new ConfigError(name, file, 'a file that is not empty');
}

function parseRetry(name: string, text: string): { readonly firstMs: number; readonly attempts: number } {
  const [, seconds, attempts] = /^(\d{1,4}(?:\.\d{1,3})?)x(\d{1,3})$/.exec(text) ?? [];
  const [firstMs, count] = [Number(seconds) * 1000, Number(attempts)];
  if (firstMs >= 1 && count >= 1) return { firstMs, attempts: count };
  throw new ConfigError(name, text, 'seconds before the second attempt, x, and attempts in all, such as 5x14');
}

function rejectUnknown(source: Source): void {
  const known: readonly string[] = [...settingNames, ...otherNames];
  for (const name of Object.keys(source)) {
    if (name.startsWith('PORTVAKT_') && !known.includes(name)) {
      throw new ConfigError(name, source[name] ?? '', `there is no such setting; there are ${settingNames.join(', ')}`);
    }
  }
}

function parseFlags(flags: readonly string[]): Record<string, string> {
  const values: Record<string, string> = {};
  for (let index = 0; index < flags.length; index++) {
    const flag = flags[index] ?? '';
    const match = /^--([a-z]+(?:-[a-z]+)*)(?:=(.*))?$/s.exec(flag);
    if (match === null) throw new ConfigError('flag', flag, 'flags look like --port 9443 or --port=9443');
    const value = match[2] ?? flags[++index];
    if (value === undefined) throw new ConfigError('flag', flag, 'a value must follow');
    values[`PORTVAKT_${(match[1] ?? '').toUpperCase().replaceAll('-', '_')}`] = value;
  }
  return values;
}

/** Without our own authority there must be another one to get tokens from, and clients must be told which. */
function parseAuthority(source: Source, trusted: readonly TrustedIssuer[]): Config['authority'] {
  const name = 'PORTVAKT_AUTHORITY';
  const authority = parseChoice(source, name, ['on', 'off']);
  if (authority === 'on') return authority;
  if (trusted.length === 0) throw new ConfigError(name, authority, 'PORTVAKT_TRUSTED_ISSUERS must name another one');
  for (const { tenant } of trusted) {
    if (trusted.some((each) => each.tenant === tenant && each.authorizationUri !== undefined)) continue;
    throw new ConfigError(name, authority, `an issuer of the tenant '${tenant}' must have an authorizationUri`);
  }
  return authority;
}

function parsePort(value: string): number {
  const port = /^\d{1,5}$/.test(value) ? Number(value) : Number.NaN;
  if (!(port >= 0 && port <= 65_535)) {
    throw new ConfigError('PORTVAKT_PORT', value, 'a number from 0 (any free port) to 65535');
  }
  return port;
}

/** A smaller factor leaves less than the clients that come with the demo need, a larger one is `off`. */
const limitFactor = { from: 0.001, to: 1000 } as const;

function parseLimits(name: string, value: string): number | undefined {
  if (value === 'off') return undefined;
  if (value === 'on') return 1;
  const factor = /^\d{1,4}(\.\d{1,6})?$/.test(value) ? Number(value) : Number.NaN;
  if (factor >= limitFactor.from && factor <= limitFactor.to) return factor;
  const { from, to } = limitFactor;
  throw new ConfigError(name, value, `off, on, or a factor of the vendor's figures from ${from} to ${to}`);
}

/** Long enough that nobody guesses it; and what can stand in a header. The value is not repeated: it is a secret. */
function parseToken(name: string, value: string): string {
  if (/^[\w.~+/=-]{16,}$/.test(value)) return value;
  throw new ConfigError(name, '***', '16 characters or more: letters, digits and -._~+/=');
}

function parseOrigin(name: string, value: string): string {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.pathname !== '/' || url.search || url.hash) {
    throw new ConfigError(name, value, 'an origin such as https://hr.example.com, without a path');
  }
  return url.origin;
}

function parseNetworks(name: string, value: string): readonly string[] {
  const networks = value.split(',').map((each) => each.trim());
  if (!networks.every(isNetwork)) {
    throw new ConfigError(name, value, 'addresses and networks with commas between, such as 10.0.0.5,192.168.0.0/16');
  }
  return networks;
}

const day = 86_400;

/** A key is published a day before it signs: the key set tells clients that they may keep it for so long. */
function parseKeyTimes(source: Source): Config['keys'] {
  const lifetime = parseWhole(source, 'PORTVAKT_TOKEN_LIFETIME', { from: 600, to: day, unset: 3599, unit: 'seconds' });
  if (source['PORTVAKT_KEY_ROTATION'] === 'off') return { lifetime, rotation: undefined, publication: day };
  const days = parseWhole(source, 'PORTVAKT_KEY_ROTATION', { from: 1, to: 365, unset: 30, unit: 'days, or off' });
  return { lifetime, rotation: days * day, publication: day };
}

const retentionDays = { from: 1, to: 36_500, unset: 0, unit: 'days' } as const;

function parseRetention(source: Source): number | undefined {
  return parseWhole(source, 'PORTVAKT_AUDIT_RETENTION', retentionDays) || undefined;
}

const requestCount = { from: 1, to: 2000, unset: 32, unit: 'requests' } as const;
function parseTls(source: Source): Config['tls'] {
  const enabled = parseChoice(source, 'PORTVAKT_TLS', ['on', 'off']) === 'on';
  const certFile = source['PORTVAKT_TLS_CERT'] || undefined;
  const keyFile = source['PORTVAKT_TLS_KEY'] || undefined;
  if ((certFile === undefined) !== (keyFile === undefined)) {
    const missing = certFile === undefined ? 'PORTVAKT_TLS_CERT' : 'PORTVAKT_TLS_KEY';
    throw new ConfigError(missing, '', 'PORTVAKT_TLS_CERT and PORTVAKT_TLS_KEY are given together');
  }
  return { enabled, certFile: certFile && resolve(certFile), keyFile: keyFile && resolve(keyFile) };
}
