import type { TestServer } from '../../../support/server-on.ts';
import type { Browser as Person } from '../../../support/web-app-browser.ts';
import { makeFirstRows } from './first-rows.ts';
import { writeNames } from './write-names.ts';
import { writeRows } from './write-rows.ts';
import { Writer } from './writer.ts';

/** Why a field may refuse a text, by what the surface says; anything else it says is a fault. */
const reasons: readonly (readonly [reason: string, RegExp])[] = [
  ['too long', /exceeded the maximum allowed length|is longer than \d+ characters/],
  [
    'not in a related table',
    /is not found in the related table|with identifier value .* is not valid|names no |does not have the role|has no navigation property|no secured column/,
  ],
  ['cannot be changed', /cannot be changed|where nothing can change|does not support entities of type 'organization'/],
  ['not of that form', /letters, digits, .* are needed|must be a GUID|must be one of|Syntax error at/],
  ['not beside other values', /cannot be given together with|must be empty when/],
  ['made by the system', /Conflicts are found when a role is assigned/],
  ['405', /^405 /],
];

const reasonOf = (said: string): string => reasons.find(([, pattern]) => pattern.test(said))?.[0] ?? said;

export interface Written {
  /** Fields that took the text, as `table.column`. */
  readonly taken: ReadonlySet<string>;
  /** The others, by reason. */
  readonly refused: Readonly<Record<string, readonly string[]>>;
}

/**
 * Writes a text into every text that an API write can reach: columns of all tables of the integration, of the platform and
 * of Human Resources' administration, names in the directory, labels of definitions, and what operators name.
 * @param person an operator who is signed in, and who is given a passkey
 */
export async function writeEverywhere(server: TestServer, person: Person, text: string): Promise<Written> {
  const writer = new Writer(server, text);
  await makeFirstRows(writer);
  await writeNames(writer, person);
  await writeRows(writer);
  const refused: Record<string, string[]> = {};
  for (const [field, said] of writer.refused) {
    const reason = reasonOf(said);
    refused[reason] = [...(refused[reason] ?? []), field];
  }
  return { taken: writer.taken, refused };
}
