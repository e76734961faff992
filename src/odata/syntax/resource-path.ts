import type { Source } from '../problems.ts';
import { decodeComponent } from './decode.ts';
import { ExpressionParser } from './expression.ts';
import { Scanner } from './tokens.ts';
import type { PathSegment } from './tree.ts';

/**
 * The path after the service root, percent-encoded, as segments. It is split at slashes before it is decoded (OData 4.01
 * part 2 section 2), so a slash inside a key must be sent as `%2F`. One slash at the end is let through.
 */
export function parseResourcePath(path: string): readonly PathSegment[] {
  const raw = path.split('/');
  if (raw.length > 1 && raw.at(-1) === '') raw.pop();
  let begins = 0;
  return raw.map((segment, at) => {
    const text = decodeComponent(segment, false, { text: path, part: 'path', at: begins });
    begins += segment.length + 1;
    return parseSegment({ text, part: `segment ${at}` });
  });
}

function parseSegment({ text, part }: Required<Source>): PathSegment {
  const scanner = new Scanner({ text, part });
  if (!scanner.is('name') && !scanner.is('dollar')) throw scanner.refuse('Error in query syntax: a name expected');
  const name = scanner.next().text;
  if (scanner.is('end')) return { text, part, name };
  if (!scanner.adjacent) throw scanner.refuse('Error in query syntax');
  scanner.expect('(');
  const found = new ExpressionParser(scanner).arguments();
  if (!scanner.is('end')) throw scanner.refuse('Error in query syntax');
  return { text, part, name, arguments: found };
}
