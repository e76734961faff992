import type { Guid } from '../../src/kernel/ids.ts';
import type { Column, Table } from '../../src/metadata/table.ts';
import type { Value } from '../../src/odata/query.ts';
import type { Database } from '../../src/storage/database.ts';
import { id, person, skill, team, teamSkill, values } from './store-model.ts';

export interface SampleRow {
  readonly table: Table;
  readonly id: Guid;
  readonly values: ReadonlyMap<Column, Value>;
}

/** Texts that go wrong where somebody quotes, escapes or compares by hand. */
export const oddTexts = [
  '',
  ' ',
  'O\'Brien "Bob" \\ /',
  '100%_sure',
  '\u0001\u001f\b\f\n\r\t\u007f\u0085',
  '\u2028\u2029\ufeff',
  '😀 👩‍👩‍👧 𝄞',
  "'; drop table pv_person; --",
  '{"a":1}',
  'é e\u0301',
  'null',
  '$1 ?1 :a @b',
];

const names = [
  'Åse Ødegård',
  'åse ødegård',
  'Aase Aas',
  'Ærlig Østby',
  'Zahl',
  'berg',
  'Berg',
  'BERG-Hansen',
  'Straße',
  'Müller',
  'Élodie',
  'Øst',
  'Ås',
  ...oddTexts,
];

const teams = ['Ås', 'Bergen', 'Ørland', 'zürich', 'Ærø'];
const skillNames = ['Java', 'java ee', 'Cobol', 'ÆØÅ'];

const personValues = (n: number): Record<string, Value> => ({
  pv_personid: id(n),
  pv_name: n % 11 === 0 ? null : (names[n % names.length] ?? null),
  pv_number: `N${n}`,
  pv_company: n % 2 === 0 ? 'USMF' : 'noda',
  pv_notes: n % 4 === 0 ? null : `Notes ${n} æøå ${'x'.repeat(n * 20)}`,
  pv_level: n % 5 === 0 ? null : (n % 7) - 3,
  pv_big: n % 6 === 0 ? null : 9_007_199_254_740_993n * BigInt((n % 4) - 1),
  pv_salary: n % 7 === 0 ? null : (['0', '-0.5', '12.5', '100000000000', '-99.99', '0.01'][n % 6] ?? null),
  pv_rate: n % 8 === 0 ? null : (['1.5', '-1.000001', '0.000001', '99999999999.999999'][n % 4] ?? null),
  pv_active: n % 3 === 0 ? null : n % 3 === 1,
  pv_born: n % 5 === 1 ? null : `19${60 + (n % 4)}-05-17T00:00:00Z`,
  pv_started: n % 9 === 0 ? null : `2024-0${1 + (n % 3)}-01T0${n % 4}:00:00Z`,
  pv_status: n % 4 === 1 ? null : 200_000_000 + (n % 3),
  pv_team: n % 6 === 5 ? null : id(1 + (n % teams.length)),
  // One that points to nobody: lookups are not enforced.
  pv_manager: n % 3 === 0 ? null : n === 7 ? id(9999) : id(n % 10),
});

/** The rows, in order of insertion. */
export function sampleRows(people = 60): readonly SampleRow[] {
  const row = (table: Table, of: Record<string, Value>): SampleRow => {
    const own = values(table, of);
    return { table, id: String(own.get(table.primaryKey)) as Guid, values: own };
  };
  const joined = teams.flatMap((_, t) =>
    skillNames.flatMap((_name, s) => ((t + s) % 3 === 0 ? [[t + 1, s + 1] as const] : [])),
  );
  return [
    ...teams.map((name, at) =>
      row(team, { pv_teamid: id(at + 1), pv_name: name, pv_city: at % 2 === 0 ? 'Oslo' : null }),
    ),
    ...skillNames.map((name, at) => row(skill, { pv_skillid: id(at + 1), pv_name: name })),
    ...joined.map(([t, s], at) => row(teamSkill, { pv_teamskillid: id(at + 1), pv_teamid: id(t), pv_skillid: id(s) })),
    ...Array.from({ length: people }, (_, at) => row(person, personValues(at + 1))),
  ];
}

export async function fill(database: Database, rows: readonly SampleRow[]): Promise<void> {
  await database.maintain(async (transaction) => {
    for (const row of rows) await transaction.insert(row.table, row.values);
  });
}
