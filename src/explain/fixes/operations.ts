import { shellQuote } from '../../kernel/env-file.ts';
import type { Localized } from '../../kernel/language.ts';
import type { FixOperation, FixSurface } from '../condition.ts';

type Method = FixOperation['method'];
type Body = FixOperation['body'];

/** Where a surface begins. */
const roots: Readonly<Record<FixSurface, string>> = { graph: '/v1.0/', 'web-api': '/api/data/v9.2/', data: '/data/' };

interface Told {
  readonly preview: Localized;
  /** A command made for it; absent: the one that sends any request. */
  readonly cliCommand?: string;
}

const operationOn =
  (surface: FixSurface) =>
  (method: Method, path: string, body: Body, { preview, cliCommand }: Told): FixOperation => ({
    ...{ surface, method, path },
    ...(body !== undefined && { body }),
    cliCommand: cliCommand ?? callOf(`${roots[surface]}${path}`, method, body),
    preview,
  });

export const onWebApi = operationOn('web-api');
export const onData = operationOn('data');
export const onGraph = operationOn('graph');

function callOf(path: string, method: Method, body: Body): string {
  const sent = body === undefined ? '' : ` ${quoted(JSON.stringify(body))}`;
  const usual = body === undefined ? 'GET' : 'POST';
  return `portvakt call ${quoted(path)}${sent}${method === usual ? '' : ` --method ${method}`} --as admin`;
}

/** One word of a shell's command line. */
export const quoted = (text: string): string => (/^[\w./=@:-]+$/.test(text) ? text : shellQuote(text));

/** The key of a row under `/data/`, as it stands in a URL. */
export function dataKey(set: string, key: Readonly<Record<string, string>>): string {
  const literals = Object.entries(key).map(([name, value]) => [name, `'${value.replaceAll("'", "''")}'`] as const);
  const [only] = literals;
  const text = literals.length === 1 && only !== undefined ? only[1] : literals.map((pair) => pair.join('=')).join(',');
  return `${set}(${encodeURIComponent(text)})`;
}
