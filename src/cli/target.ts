import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnvLines } from '../kernel/env-file.ts';
import { usageError } from './cli-error.ts';
import { readText } from './read-text.ts';

/** A server, and an application to call it as. */
export interface Target {
  /** URL of the environment, without a trailing slash. */
  readonly apiUrl: string;
  /** Where `/v1.0` is: the environment itself, or Microsoft Graph. */
  readonly graphUrl: string;
  /** Where `/data` is: the environment itself, or a finance and operations environment. */
  readonly dataUrl: string;
  /** URL of the tenant at the authority. */
  readonly authorityUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** PEM text. */
  readonly ca: string | undefined;
}

/** Options that every command that calls a server has. */
export interface TargetOptions {
  /** A file of lines `KEY='value'`. */
  readonly env?: string;
  /** Whose credentials: `ats` for CLIENT_ID, any other word is the prefix of `_CLIENT_ID`. */
  readonly as?: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Where to call and as whom: a file that is named, else the process's environment when it has `API_URL`, else the files
 * that a server left in its data folder.
 * @param usual whose credentials are taken when nobody is named
 * @throws CliError when something is missing, naming it
 */
export function findTarget(environment: Environment, { env, as }: TargetOptions, usual: 'admin' | 'ats'): Target {
  const { values, from } = readValues(environment, env);
  const need = (name: string): string => {
    const value = values(name);
    if (value === undefined || value === '') throw usageError(`${from} has no ${name}`, missingFix);
    return value;
  };
  const prefix = prefixOf(values, as, usual);
  const apiUrl = parseUrl('API_URL', need('API_URL'));
  return {
    apiUrl,
    graphUrl: parseUrl('GRAPH_URL', values('GRAPH_URL') ?? apiUrl),
    dataUrl: parseUrl('DATA_URL', values('DATA_URL') ?? apiUrl),
    authorityUrl: parseUrl('AUTHORITY_URL', need('AUTHORITY_URL')),
    clientId: need(`${prefix}CLIENT_ID`),
    clientSecret: need(`${prefix}CLIENT_SECRET`),
    ca: readCa(values('NODE_EXTRA_CA_CERTS')),
  };
}

const missingFix =
  'run where the data folder is, name a file with --env, or set API_URL, AUTHORITY_URL, CLIENT_ID and CLIENT_SECRET';

/** Where nobody is named and there is one set of credentials only, those are meant. */
function prefixOf(values: (name: string) => string | undefined, as: string | undefined, usual: string): string {
  const who =
    as ?? (values('ADMIN_CLIENT_ID') === undefined ? 'ats' : values('CLIENT_ID') === undefined ? 'admin' : usual);
  return who === 'ats' ? '' : `${who.toUpperCase()}_`;
}

interface Values {
  values(name: string): string | undefined;
  /** How the user knows the place. */
  readonly from: string;
}

function readValues(environment: Environment, file: string | undefined): Values {
  if (file === undefined && environment['API_URL'] !== undefined) {
    return { values: (name) => environment[name], from: 'the environment' };
  }
  const folder = environment['PORTVAKT_DATA'] || 'data';
  const found = file ?? ['demo.env', 'admin.env'].map((name) => join(folder, name)).find((path) => existsSync(path));
  if (found === undefined)
    throw usageError(`no server is named, and there is no ${join(folder, 'demo.env')}`, missingFix);
  const lines = parseEnvLines(readText(found));
  return { values: (name) => lines.get(name), from: found };
}

function readCa(file: string | undefined): string | undefined {
  return file === undefined || file === '' ? undefined : readText(file);
}

function parseUrl(name: string, value: string): string {
  if (!URL.canParse(value)) throw usageError(`${name} is not a URL: ${value}`);
  return value.replace(/\/$/, '');
}
