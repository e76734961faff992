import type { Table } from '../metadata/table.ts';
import { parseEtag } from './etag.ts';
import type { Differences } from './fidelity.ts';
import type { RequestHeaders } from './headers.ts';
import type { Precondition } from './operation.ts';
import { refuse } from './problems.ts';

const headers = [
  { header: 'If-Match', kind: 'match' },
  { header: 'If-None-Match', kind: 'noneMatch' },
] as const;

/**
 * `If-Match` or `If-None-Match` (RFC 9110 section 13.1, dataverse-web-api 4.9). The literal word `null` is as if absent:
 * clients send it (4.2). `undefined` when neither header is there; both together are refused.
 */
export function parsePrecondition(
  requestHeaders: RequestHeaders,
  table: Table,
  differences: Differences,
): Precondition | undefined {
  const found = headers.flatMap(({ header, kind }): Precondition[] => {
    const text = requestHeaders[header.toLowerCase()]?.trim();
    return text === undefined || text === 'null' ? [] : [{ kind, versions: parseVersions(header, text) }];
  });
  if (found.length > 1) throw refuse.badRequest('If-Match and If-None-Match cannot be combined');
  const precondition = found[0];
  if (precondition !== undefined && precondition.versions !== '*' && table.kind === 'virtual') {
    differences.use('virtual-precondition');
  }
  return precondition;
}

function parseVersions(header: string, text: string): '*' | readonly bigint[] {
  if (text === '*') return '*';
  return text.split(',').map((item) => {
    const version = parseEtag(item);
    if (version === undefined) throw refuse.precondition(header);
    return version;
  });
}
