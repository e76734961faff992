import { parseEnvLines, shellQuote } from '../kernel/env-file.ts';

/** Names in `demo.env`, in the order in which they are written. */
export const demoEnvNames = [
  'API_URL',
  'AUTHORITY_URL',
  'TENANT_ID',
  'CLIENT_ID',
  'CLIENT_SECRET',
  'ADMIN_CLIENT_ID',
  'ADMIN_CLIENT_SECRET',
  'CERT',
  'NODE_EXTRA_CA_CERTS',
  'STRANGER_CLIENT_ID',
  'STRANGER_CLIENT_SECRET',
  'ROLELESS_CLIENT_ID',
  'ROLELESS_CLIENT_SECRET',
  'READER_CLIENT_ID',
  'READER_CLIENT_SECRET',
  'UNLINKED_CLIENT_ID',
  'UNLINKED_CLIENT_SECRET',
] as const;

type DemoEnvName = (typeof demoEnvNames)[number];

/**
 * `CERT` is missing while no certificate is registered for the demo ATS, `NODE_EXTRA_CA_CERTS` where the server has no
 * development CA.
 */
type OptionalName = 'CERT' | 'NODE_EXTRA_CA_CERTS';

export type DemoEnv = Readonly<Record<Exclude<DemoEnvName, OptionalName>, string>> &
  Readonly<Partial<Record<OptionalName, string>>>;

/**
 * The text of `demo.env`: lines `KEY='value'` for `set -a; . data/demo.env`, and nothing else.
 * @throws TypeError when a value cannot stand on one line
 */
export function renderDemoEnv(values: DemoEnv): string {
  return demoEnvNames
    .flatMap((name) => {
      const value = values[name];
      return value === undefined ? [] : `${name}=${quote(name, value)}\n`;
    })
    .join('');
}

function quote(name: string, value: string): string {
  if (/[\n\r\0]/.test(value)) throw new TypeError(`${name} has a line break or a null character in its value`);
  return shellQuote(value);
}

/**
 * The values of a `demo.env` that `renderDemoEnv` wrote. Lines of another shape or with unknown names are passed over.
 * @throws TypeError when a value is missing
 */
export function parseDemoEnv(text: string): DemoEnv {
  const values = parseEnvLines(text);
  const optional: readonly string[] = ['CERT', 'NODE_EXTRA_CA_CERTS'];
  const missing = demoEnvNames.filter((name) => !values.has(name) && !optional.includes(name));
  if (missing.length > 0) throw new TypeError(`demo.env lacks ${missing.join(', ')}`);
  return Object.fromEntries(values) as DemoEnv;
}
