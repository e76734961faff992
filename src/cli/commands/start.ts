import type { settingNames } from '../../config.ts';
import type { CommandSpec } from '../command.ts';

/** What a setting is for, in a few words; docs/settings.md has the whole of it. */
const meanings: Readonly<Record<(typeof settingNames)[number], string>> = {
  PORTVAKT_HOST: 'Address to listen on',
  PORTVAKT_PORT: 'Port to listen on; 0 takes a free one',
  PORTVAKT_PUBLIC_URL: 'URL of the first environment as clients write it',
  PORTVAKT_LIMITS: 'Service-protection limits: on, off or a factor',
  PORTVAKT_FIDELITY: 'extended, or strict as the real product',
  PORTVAKT_DATA: 'Data folder',
  PORTVAKT_DATABASE_URL: 'PostgreSQL instead of the embedded database',
  PORTVAKT_DATABASE_URL_FILE: 'a file that holds the value of PORTVAKT_DATABASE_URL',
  PORTVAKT_DATABASE_POOLER_URL: 'a pooler before it, such as PgBouncer, for requests',
  PORTVAKT_DATABASE_POOLER_URL_FILE: 'a file that holds the value of PORTVAKT_DATABASE_POOLER_URL',
  PORTVAKT_DATABASE_READ_URL: 'a standby that answers reads',
  PORTVAKT_DATABASE_READ_URL_FILE: 'a file that holds the value of PORTVAKT_DATABASE_READ_URL',
  PORTVAKT_DATABASE_READ_LAG: 'Milliseconds that a read waits for the standby',
  PORTVAKT_DATABASE_STATEMENTS: 'named, or unnamed for a pooler that loses prepared statements',
  PORTVAKT_DATABASE_CONNECTIONS: 'Connections for each environment and process',
  PORTVAKT_DATABASE_TIMEOUT: 'Seconds that a statement may take',
  PORTVAKT_WORKERS: 'Worker processes; more than 1 needs PostgreSQL',
  PORTVAKT_NODES: 'Nodes that share the database, at most',
  PORTVAKT_ENVIRONMENT_REQUESTS: 'Requests of one of several environments at once',
  PORTVAKT_TLS_CERT: 'PEM file of your own certificate',
  PORTVAKT_TLS_KEY: 'PEM file of its private key',
  PORTVAKT_TLS: 'off behind a proxy that ends TLS',
  PORTVAKT_TRUSTED_PROXIES: 'Proxies that are believed about the client',
  PORTVAKT_ASSERTION_REPLAY: 'accept or refuse an assertion that is presented again',
  PORTVAKT_AUTHORITY: 'off: only outside issuers issue tokens',
  PORTVAKT_TRUSTED_ISSUERS: 'Outside issuers: a JSON file, or the JSON itself',
  PORTVAKT_ISSUER_NETWORKS: 'Networks at which issuers may be asked',
  PORTVAKT_ISSUER_CA: 'PEM file of CAs that vouch for issuers',
  PORTVAKT_OPENID_ISSUER: 'Issuer with which operators of the web app sign in',
  PORTVAKT_OPENID_CLIENT_ID: 'Client id of the web app at that issuer',
  PORTVAKT_OPENID_CLIENT_SECRET: 'Its secret',
  PORTVAKT_OPENID_CLIENT_SECRET_FILE: 'a file that holds the value of PORTVAKT_OPENID_CLIENT_SECRET',
  PORTVAKT_OPENID_NAME: 'What the button says',
  PORTVAKT_OPENID_OPERATORS: 'Who of the issuer is which operator',
  PORTVAKT_PROVIDERS: 'JSON file: tables whose rows are elsewhere',
  PORTVAKT_TOKEN_LIFETIME: 'Seconds that a token lives',
  PORTVAKT_KEY_ROTATION: 'Days that a key signs, or off',
  PORTVAKT_AUDIT_RETENTION: 'days for which entries of the audit log are kept',
  PORTVAKT_WEBHOOK_NETWORKS: 'Networks that webhooks may be sent to',
  PORTVAKT_WEBHOOK_RETRY: 'Seconds before the second attempt, x, attempts',
  PORTVAKT_SEED: 'demo or empty, for a new installation',
  PORTVAKT_NEW_ADMINISTRATOR: 'File for the credentials of one more administrator',
  PORTVAKT_OPERATOR_LINK: 'Operator of the web app to make a one-time link for',
  PORTVAKT_LOG_LEVEL: 'error, warn, info or debug',
  PORTVAKT_METRICS_ADDRESS: 'Address and port at which metrics are told',
  PORTVAKT_METRICS_TOKEN: 'What whoever reads metrics must send',
  PORTVAKT_TRACES_URL: 'Collector of OTLP over HTTP that traces are sent to',
  PORTVAKT_TRACES_SHARE: 'Share of the requests that are traced',
  PORTVAKT_METRICS_TOKEN_FILE: 'a file that holds the value of PORTVAKT_METRICS_TOKEN',
};

const flagOf = (name: string): string => `--${name.replace('PORTVAKT_', '').toLowerCase().replaceAll('_', '-')}`;

/** Serves. `portvakt.ts` does it without loading any of this, for the sake of a quick start; here is its help. */
export const startCommand: CommandSpec = {
  usage: 'start',
  summary:
    'Serves until it is stopped; so does portvakt without a command. Each flag is a setting and wins over its variable',
  options: Object.entries(meanings).map(
    ([name, meaning]) => [`${flagOf(name)} <value>`, `${meaning} (${name})`] as const,
  ),
  examples: ['portvakt start', 'portvakt start --port 9443 --seed empty', 'PORTVAKT_WORKERS=4 portvakt start'],
  caller: 'none',
  async run() {
    // The words of the process itself, without the command.
    process.argv.splice(2, 1);
    await import('../../main.ts');
  },
};
