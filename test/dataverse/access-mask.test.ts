import { describe, expect, test } from 'vitest';
import { maskOf, parseRights, printRights, rightsOf } from '../../src/dataverse/access-mask.ts';

describe('rights on a row', () => {
  test.each([
    ['one name', 'ReadAccess', ['read'], 1],
    ['names with spaces, in any order and case', 'writeaccess , READACCESS', ['read', 'write'], 3],
    ['a name twice', 'ReadAccess,ReadAccess', ['read'], 1],
    ['a number', 262_145, ['read', 'share'], 262_145],
    ['a number as text', '20', ['append', 'appendTo'], 20],
    ['none', 'None', [], 0],
    [
      'all',
      'AssignAccess,ShareAccess,DeleteAccess,CreateAccess,AppendToAccess,AppendAccess,WriteAccess,ReadAccess',
      ['read', 'write', 'append', 'appendTo', 'create', 'delete', 'share', 'assign'],
      852_023,
    ],
  ] as const)('are read from %s', (_what, text, rights, mask) => {
    const parsed = parseRights(text);
    expect(parsed).toEqual(rights);
    expect(maskOf(parsed ?? [])).toBe(mask);
    expect(rightsOf(mask)).toEqual(rights);
  });

  test.each([[undefined], [null], [''], ['Read'], ['ReadAccess,'], ['None,ReadAccess'], [8], ['8'], [-1], [1.5], [{}]])(
    'are not %j',
    (value) => {
      expect(parseRights(value)).toBeUndefined();
    },
  );

  test('are written in the order of their bits', () => {
    expect(printRights(rightsOf(65_539))).toBe('ReadAccess, WriteAccess, DeleteAccess');
    expect(printRights([])).toBe('None');
  });
});
