import { describe, expect, test } from 'vitest';
import { builtInModel } from '../../src/metadata/built-in.ts';
import type { Table } from '../../src/metadata/table.ts';
import type { Value } from '../../src/odata/query.ts';
import { firstRecordId, rowIdOfKey, rowIdOfRecord } from '../../src/odata/row-id.ts';

describe('rowIdOfRecord', () => {
  test.each([
    ['00000d6b-0000-0000-0000-005001000000', 3435, 5637144576n],
    ['000003a6-0000-0000-a4ff-004105000000', 934, 22565420964n],
    ['0000009e-0000-0000-2a0d-000010000000', 158, 68719480106n],
  ])('%s is entity %d, record %d, as published', (id, entityNumber, recordId) => {
    expect(rowIdOfRecord(entityNumber, recordId)).toBe(id);
  });

  test('the first record of a table has the well-known number', () => {
    expect(rowIdOfRecord(0x0d6b, firstRecordId)).toBe('00000d6b-0000-0000-0000-005001000000');
  });

  test.each([
    ['negative entity number', -1, 1n],
    ['entity number that is no whole number', 1.5, 1n],
    ['entity number over 32 bits', 2 ** 32, 1n],
    ['record id over 63 bits', 1, 2n ** 63n],
  ])('%s is refused', (_, entityNumber, recordId) => {
    expect(() => rowIdOfRecord(entityNumber, recordId)).toThrow(RangeError);
  });
});

describe('rowIdOfKey', () => {
  const model = builtInModel();
  const table = (set: string): Table => {
    const found = model.administrationSet.get(set);
    if (found === undefined) throw new Error(`no set ${set}`);
    return found;
  };
  const roles = table('SecurityRoles');
  const pairs = table('SecurityUserRoleAssociations');

  test.each<[string, readonly Value[], readonly Value[]]>([
    ['letters of another case', ['RekrutteringIntegrasjon', 'ÆØÅ'], ['rekrutteringintegrasjon', 'æøå']],
    ['letters with marks encoded otherwise', ['Å', 'é'], ['A\u030a', 'e\u0301']],
  ])('is the same for %s', (_, one, other) => {
    expect(rowIdOfKey(pairs, one)).toBe(rowIdOfKey(pairs, other));
  });

  test.each<[string, readonly Value[], readonly Value[]]>([
    ['parts cut elsewhere', ['ab', 'c'], ['a', 'bc']],
    ['a separator inside a part', ['a","b', 'c'], ['a', 'b","c']],
    ['a missing part and its name', [null, 'a'], ['null', 'a']],
    ['an empty and a missing part', ['', 'a'], [null, 'a']],
    ['parts the other way round', ['a', 'b'], ['b', 'a']],
  ])('differs for %s', (_, one, other) => {
    expect(rowIdOfKey(pairs, one)).not.toBe(rowIdOfKey(pairs, other));
  });

  test('differs between tables', () => {
    expect(rowIdOfKey(roles, ['a'])).not.toBe(rowIdOfKey(pairs, ['a']));
  });

  test('takes large whole numbers', () => {
    expect(rowIdOfKey(roles, [2n ** 62n])).not.toBe(rowIdOfKey(roles, [2n ** 62n + 1n]));
  });
});
