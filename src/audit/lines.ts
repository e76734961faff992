import type { AuditEntry } from '../kernel/audit.ts';

/** An entry with the moment at which it was given to the log. */
export interface TimedEntry {
  readonly time: Date;
  readonly entry: AuditEntry;
}

/** What a line always has itself, if it has it at all. */
type OwnMember = 'requestId' | 'correlationId' | 'targetId';

/** Earlier entries that a new one is compared with: requests come from a few clients at a time. */
const mostHeads = 8;

interface Head {
  readonly entry: AuditEntry;
  readonly at: number;
}

/**
 * Entries as lines of JSON with the time first. Names and order of the rest are those of `AuditEntry`. Most requests of a
 * client differ in their ids alone: such a line has `like`, which is how many lines before it the one stands that has all
 * other members (four times less to write, to hash and to keep).
 */
export function linesOf(group: readonly TimedEntry[]): string[] {
  const heads: Head[] = [];
  let moment = Number.NaN;
  let begin = '';
  return group.map(({ time, entry }, at) => {
    if (time.getTime() !== moment) {
      moment = time.getTime();
      begin = `{"time":"${time.toISOString()}"`;
    }
    const head = heads.find((each) => isLike(each.entry, entry));
    if (head !== undefined) return `${begin},"like":${at - head.at}${ownOf(entry)}}`;
    if (heads.length < mostHeads) heads.push({ entry, at });
    return `${begin},${JSON.stringify(entry).slice(1)}`;
  });
}

const ownOf = ({ requestId, correlationId, targetId }: AuditEntry): string =>
  memberOf('targetId', targetId) + memberOf('requestId', requestId) + memberOf('correlationId', correlationId);

const memberOf = (name: OwnMember, value: string | undefined): string =>
  value === undefined ? '' : `,"${name}":${plain.test(value) ? `"${value}"` : JSON.stringify(value)}`;

/** What JSON writes as it is: nearly every id. */
const plain = /^[\w-]*$/;

/** Do they differ in their own members alone? Members that are objects are never the same. */
function isLike(head: AuditEntry, entry: AuditEntry): boolean {
  // What differs most often is looked at first.
  if (head.tokenId !== entry.tokenId || head.table !== entry.table) return false;
  let more = 0;
  for (const name in entry) {
    if (isOwn(name)) continue;
    const value = entry[name as keyof AuditEntry];
    if (value !== head[name as keyof AuditEntry]) return false;
    if (value !== undefined) more += 1;
  }
  for (const name in head) if (!isOwn(name) && head[name as keyof AuditEntry] !== undefined) more -= 1;
  return more === 0;
}

const isOwn = (name: string): name is OwnMember =>
  name === 'requestId' || name === 'targetId' || name === 'correlationId';

const likeMember = /^\{"time":"[^"]*","like":(\d+)[,}]/;

/** The line that has the other members of the line at `index`: itself, as a rule. */
export function headOf(lines: readonly string[], index: number): string {
  const line = lines[index] ?? '';
  const like = likeMember.exec(line);
  return like === null ? line : (lines[index - Number(like[1])] ?? line);
}

/** The entry of the line at `index`, with what it has of another one. */
export function entryAt(lines: readonly string[], index: number): AuditEntry & { readonly time: string } {
  const line = lines[index] ?? '';
  const head = headOf(lines, index);
  const { like: _like, ...own } = JSON.parse(line);
  if (head === line) return own;
  const { requestId: _request, correlationId: _correlation, targetId: _target, ...shared } = JSON.parse(head);
  return { ...shared, ...own };
}
