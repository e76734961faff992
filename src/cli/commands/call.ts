import { usageError } from '../cli-error.ts';
import type { CommandCall, CommandSpec } from '../command.ts';
import { readText } from '../read-text.ts';
import { refusedError, type SurfaceName } from '../session.ts';

/** Any request, with the right token. */
export const callCommand: CommandSpec = {
  usage: 'call <path> [body]',
  summary:
    'Sends a request to a path of the environment and writes the answer; the body is JSON, @file or - for standard input',
  options: [
    ['--method <method>', 'Default: GET, and POST with a body'],
    ['--header <header>', "A header, such as 'Prefer: odata.maxpagesize=5'"],
    ['--include', 'Writes status and headers too'],
  ],
  examples: [
    'portvakt call /api/data/v9.2/WhoAmI',
    "portvakt call '/api/data/v9.2/mshr_hcmtitleentities?$top=1' --as reader",
    'portvakt call /data/SystemUsers --as admin',
  ],
  caller: 'ats',
  run: call,
};

async function call({ session, option, isSet, io, words: [path = '', sent] }: CommandCall): Promise<void> {
  if (!path.startsWith('/'))
    throw usageError(`${path} is not a path`, 'it begins with a slash, such as /api/data/v9.2/WhoAmI');
  const body = await readBody(io.readInput, sent);
  const method = (option('method') ?? (body === undefined ? 'GET' : 'POST')).toUpperCase();
  const headers = parseHeader(option('header'));
  const answer = await session.send(surfaceOf(path), path, {
    method,
    headers,
    ...(body === undefined ? {} : { body }),
  });
  if (isSet('include')) {
    io.out(`${answer.status}\n`);
    for (const [name, value] of Object.entries(answer.headers)) io.out(`${name}: ${value}\n`);
    io.out('\n');
  }
  if (answer.status >= 400) {
    if (answer.text !== '') io.out(`${answer.text}\n`);
    throw refusedError(answer);
  }
  if (answer.text !== '') io.out(`${answer.text}\n`);
}

const surfaceOf = (path: string): SurfaceName =>
  path.startsWith('/data/') ? 'data' : path.startsWith('/v1.0/') ? 'graph' : 'environment';

async function readBody(readInput: () => Promise<string>, sent: string | undefined): Promise<string | undefined> {
  if (sent === '-') return readInput();
  return sent?.startsWith('@') ? readText(sent.slice(1)) : sent;
}

function parseHeader(header: string | undefined): Record<string, string> {
  if (header === undefined) return {};
  const match = /^([\w-]+):\s*(.*)$/.exec(header);
  if (match === null) throw usageError(`--header ${header} is not a header`, "such as 'Prefer: odata.maxpagesize=5'");
  return { [(match[1] ?? '').toLowerCase()]: match[2] ?? '' };
}
