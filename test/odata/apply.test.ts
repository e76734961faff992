import { describe, expect, test } from 'vitest';
import { printFlat } from '../../src/odata/print-flat.ts';
import { PlacedRefusal } from '../../src/odata/problems.ts';
import { parse, requests } from './parse-request.ts';

const rows = `GET ${requests}`;
const users = 'GET systemusers';

function shown(request: string, headers: Record<string, string> = {}): string {
  const { operation } = parse(request, { headers });
  if (operation.kind !== 'flat') throw new TypeError(`it became ${operation.kind}`);
  return printFlat(operation.query).join('\n');
}

/** Code, message and position of a refusal. */
function refused(request: string, fidelity: 'strict' | 'extended' = 'extended'): readonly unknown[] {
  try {
    return [parse(request, { fidelity }).operation.kind];
  } catch (error) {
    if (!(error instanceof PlacedRefusal)) throw error;
    return [error.problem.status, error.problem.code, error.problem.message, error.place.at];
  }
}

const groups = 'systemuser: groups, limit 5000, of 50000';

describe('$apply that is accepted', () => {
  test.each([
    { apply: 'groupby((accessmode))', tree: [groups, 'accessmode is 0.accessmode'] },
    {
      apply: 'groupby((accessmode,isdisabled),aggregate($count as count))',
      tree: [groups, 'accessmode is 0.accessmode', 'isdisabled is 0.isdisabled', 'count is count of 0.systemuserid'],
    },
    {
      apply: 'aggregate(accessmode with min as a, fullname with max as b,createdon with max as c)',
      tree: [groups, 'a is min of 0.accessmode', 'b is max of 0.fullname', 'c is max of 0.createdon'],
    },
    {
      apply: 'aggregate(businessunitid/name with countdistinct as n)',
      tree: [groups, 'outer businessunit.businessunitid = 0.businessunitid', 'n is countDistinct of 1.name'],
    },
    {
      apply: 'groupby((_businessunitid_value,businessunitid/name,businessunitid/parentbusinessunitid/name))',
      tree: undefined,
    },
    {
      apply: 'groupby((businessunitid))',
      tree: [groups, '_businessunitid_value is 0.businessunitid'],
    },
    {
      apply: "filter(fullname eq 'x')/filter(isdisabled eq true)/groupby((businessunitid/name),aggregate($count as n))",
      tree: [
        groups,
        'outer businessunit.businessunitid = 0.businessunitid',
        'where 0[and(fullname eq "x", isdisabled eq true)]',
        'businessunit_name is 1.name',
        'n is count of 0.systemuserid',
      ],
    },
  ])('$apply', ({ apply, tree }) => {
    // The paths of two lookups to one table have the same name.
    if (tree === undefined) expect(refused(`${users}?$apply=${apply}`)[1]).toBe('0x80041130');
    else expect(shown(`${users}?$apply=${apply}`)).toBe(tree.join('\n'));
  });

  test('with $filter, $orderby, $top, $count and a page size', () => {
    const options =
      '$apply=groupby((accessmode),aggregate($count as n))&$filter=accessmode ne 4&$orderby=accessmode desc';
    expect(shown(`${users}?${options}&$top=3&$count=true`)).toBe(
      [
        'systemuser: groups, limit 3, of 50000, counted',
        'where 0[accessmode ne 4]',
        'accessmode is 0.accessmode',
        'n is count of 0.systemuserid',
        'by accessmode desc',
      ].join('\n'),
    );
    expect(shown(`${users}?$apply=groupby((accessmode))`, { prefer: 'odata.maxpagesize=7' })).toContain('limit 7');
  });

  test('that only filters is a filter', () => {
    const { operation } = parse(`${users}?$apply=filter(accessmode eq 4)&$select=fullname&$filter=isdisabled eq false`);
    expect(operation.kind).toBe('retrieveMultiple');
  });

  test('on a virtual table is said to be more than the real product gives, and refused under strict', () => {
    const request = `${rows}?$apply=aggregate($count as n)`;
    expect(parse(request).differs).toBe('virtual-aggregate');
    const message = 'The query specified is not supported for virtual entity.';
    expect(refused(request, 'strict')).toEqual([400, '0x80044822', message, 0]);
    expect(parse(`${users}?$apply=aggregate($count as n)`, { fidelity: 'strict' }).differs).toBeUndefined();
  });
});

describe('$apply that is refused, with the position of the mistake', () => {
  test.each([
    { apply: 'groupby', at: 7, code: '0x80060888', says: "'(' expected" },
    { apply: 'groupby(accessmode)', at: 8, code: '0x80060888', says: "'(' expected" },
    { apply: 'groupby((accessmode)', at: 20, code: '0x80060888', says: "')' expected" },
    { apply: 'groupby((accessmode),', at: 21, code: '0x80060888', says: "'aggregate' expected" },
    { apply: 'groupby((nothing))', at: 9, code: '0x80060888', says: "property named 'nothing'" },
    { apply: 'groupby((createdon))', at: 9, code: '0x80060888', says: "'groupby' with datetime values", status: 501 },
    { apply: 'groupby((rollup(accessmode,isdisabled)))', at: 9, code: '0x80060888', says: "'rollup'", status: 501 },
    { apply: 'groupby((accessmode,accessmode))', at: 20, code: '0x80041130', says: 'unique aliases' },
    {
      apply: 'groupby((accessmode),filter(isdisabled))',
      at: 21,
      code: '0x80060888',
      says: "'filter' inside",
      status: 501,
    },
    { apply: 'groupby((teammembership_association/name))', at: 36, code: '0x80060888', says: 'not a single value' },
    {
      apply: 'aggregate(fullname with sum as n)',
      at: 10,
      code: '0x8004112f',
      says: 'Aggregate sum is not supported for attribute of type String.',
    },
    { apply: 'aggregate(isdisabled with max as n)', at: 10, code: '0x8004112f', says: 'type Boolean' },
    { apply: 'aggregate(_businessunitid_value with min as n)', at: 10, code: '0x8004112f', says: 'type Lookup' },
    { apply: 'aggregate(accessmode with sum as n)', at: 10, code: '0x8004112f', says: 'type Choice' },
    { apply: 'aggregate(fullname with median as n)', at: 24, code: '0x80060888', says: "'median'", status: 501 },
    {
      apply: 'aggregate(fullname with constructor as n)',
      at: 24,
      code: '0x80060888',
      says: "'constructor'",
      status: 501,
    },
    { apply: 'aggregate(fullname as n)', at: 19, code: '0x80060888', says: "'with' expected" },
    { apply: 'aggregate(fullname with max)', at: 27, code: '0x80060888', says: "'as' expected" },
    { apply: 'aggregate(fullname with max as n.m)', at: 31, code: '0x80060888', says: 'A name expected' },
    { apply: 'aggregate(fullname with max as n,$count as n)', at: 43, code: '0x80041130', says: "'n' comes twice" },
    {
      apply: 'aggregate(fullname with max from accessmode with sum as n)',
      at: 28,
      code: '0x80060888',
      says: "'from'",
      status: 501,
    },
    { apply: 'aggregate($count as n)/filter(n gt 1)', at: 0, code: '0x80060888', says: 'after aggregate', status: 501 },
    { apply: 'topcount(3,accessmode)', at: 0, code: '0x80060888', says: "'topcount'", status: 501 },
    { apply: 'frobnicate(3)', at: 0, code: '0x80060888', says: "Unknown transformation 'frobnicate'" },
    { apply: 'filter(accessmode eq 4)/', at: 24, code: '0x80060888', says: 'A transformation expected' },
    { apply: 'filter(accessmode eq x)/groupby((accessmode))', at: 21, code: '0x80060888', says: "'x'" },
    {
      apply: `${'filter(isdisabled)/'.repeat(20)}aggregate($count as n)`,
      at: 0,
      code: '0x80060888',
      says: 'more than 20',
    },
  ])('$apply', ({ apply, at, code, says, status = 400 }) => {
    const [found, foundCode, message, place] = refused(`${users}?$apply=${encodeURIComponent(apply)}`);
    expect([found, foundCode, place]).toEqual([status, code, at]);
    expect(message).toContain(says);
  });

  test.each([
    { options: '$orderby=n', says: 'The query node SingleValueOpenPropertyAccess is not supported', status: 501 },
    { options: '$orderby=fullname', says: "Could not find a property named 'fullname'", status: 400 },
    { options: '$filter=isdisabled eq true', says: 'a $filter after $apply', status: 501 },
    { options: "$filter=businessunitid/name eq 'x'", says: 'a $filter after $apply', status: 501 },
    { options: '$select=accessmode', says: "'$select' cannot be applied", status: 400 },
    { options: '$skiptoken=x', says: '$skiptoken is malformed', status: 400 },
  ])('groupby with $options', ({ options, says, status }) => {
    const [found, , message] = refused(`${users}?$apply=groupby((accessmode),aggregate($count as n))&${options}`);
    expect([found, message]).toEqual([status, expect.stringContaining(says)]);
  });
});
