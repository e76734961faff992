import { describe, expect, test } from 'vitest';
import { printCondition as showCondition } from '../../src/odata/print-condition.ts';
import { parse, queryOf, refusalOf, requests, rowId } from './parse-request.ts';

const filtered = (set: string, filter: string): string =>
  showCondition(queryOf(`GET ${set}?$filter=${encodeURIComponent(filter)}`).where);

const refused = (set: string, filter: string): string => refusalOf(`GET ${set}?$filter=${encodeURIComponent(filter)}`);

describe('a filter on recruiting requests becomes a condition', () => {
  test.each([
    // Comparison and logic
    { filter: "mshr_description eq 'Utvikler'", condition: 'mshr_description eq "Utvikler"' },
    { filter: "mshr_description eq 'O''Hara & Søn'", condition: 'mshr_description eq "O\'Hara & Søn"' },
    { filter: "'x' eq mshr_description", condition: 'mshr_description eq "x"' },
    { filter: '200000001 lt mshr_status', condition: 'mshr_status gt 200000001' },
    {
      filter: 'mshr_status eq 1 or mshr_status eq 2 and mshr_status ne 3',
      condition: 'or(mshr_status eq 1, and(mshr_status eq 2, mshr_status ne 3))',
    },
    {
      filter: '(mshr_status eq 1 or mshr_status eq 2) and mshr_status ne 3',
      condition: 'and(or(mshr_status eq 1, mshr_status eq 2), mshr_status ne 3)',
    },
    { filter: 'not (mshr_status eq 1)', condition: 'mshr_status ne 1' },
    { filter: 'not(not(mshr_status eq 1))', condition: 'mshr_status eq 1' },
    { filter: "not contains(mshr_jobid,'a')", condition: 'not(mshr_jobid contains "a")' },
    {
      filter: "not contains(mshr_jobid,'a') and mshr_status eq 1",
      condition: 'and(not(mshr_jobid contains "a"), mshr_status eq 1)',
    },
    { filter: "startswith( mshr_jobid , 'a' )", condition: 'mshr_jobid startswith "a"' },
    { filter: "endswith(mshr_comments,'') eq true", condition: 'mshr_comments endswith ""' },
    { filter: "contains(mshr_jobid,'a') eq false", condition: 'not(mshr_jobid contains "a")' },
    { filter: "true ne contains(mshr_jobid,'a')", condition: 'not(mshr_jobid contains "a")' },
    { filter: 'true', condition: 'always' },
    { filter: 'null', condition: 'never' },
    // Null, and the date by which Human Resources says it
    { filter: 'mshr_estimatedstartdate eq 1900-01-01', condition: 'mshr_estimatedstartdate eq null' },
    { filter: 'not (mshr_estimatedstartdate eq 1900-01-01T00:00:00Z)', condition: 'mshr_estimatedstartdate ne null' },
    { filter: 'mshr_estimatedstartdate gt 1900-01-01', condition: 'mshr_estimatedstartdate gt "1900-01-01T00:00:00Z"' },
    { filter: 'mshr_jobid eq null', condition: 'mshr_jobid eq null' },
    { filter: 'null ne mshr_jobid', condition: 'mshr_jobid ne null' },
    { filter: 'mshr_jobid gt null', condition: 'never' },
    // Columns
    {
      filter: 'mshr_compensationlowthreshold le mshr_compensationhighthreshold',
      condition: 'mshr_compensationlowthreshold le mshr_compensationhighthreshold',
    },
    // Values
    {
      filter: 'mshr_compensationlowthreshold gt 12345678901234567.10',
      condition: 'mshr_compensationlowthreshold gt "12345678901234567.1"',
    },
    { filter: 'mshr_compensationlowthreshold gt -1e3', condition: 'mshr_compensationlowthreshold gt "-1000"' },
    { filter: 'mshr_compensationlowthreshold eq -0.0', condition: 'mshr_compensationlowthreshold eq "0"' },
    { filter: 'mshr_estimatedstartdate ge 2024-02-29', condition: 'mshr_estimatedstartdate ge "2024-02-29T00:00:00Z"' },
    {
      filter: 'mshr_estimatedstartdate ge 2024-03-01T01:30:00.999+02:00',
      condition: 'mshr_estimatedstartdate ge "2024-02-29T23:30:00Z"',
    },
    {
      filter: 'mshr_estimatedstartdate lt 2024-03-01T00:00Z',
      condition: 'mshr_estimatedstartdate lt "2024-03-01T00:00:00Z"',
    },
    {
      filter: `mshr_hcmrecruitingrequestentityid eq ${rowId.toUpperCase()}`,
      condition: `mshr_hcmrecruitingrequestentityid eq "${rowId}"`,
    },
    { filter: `_mshr_fk_job_id_value eq '${rowId}'`, condition: `mshr_fk_job_id eq "${rowId}"` },
    { filter: 'mshr_status eq 200000005.0', condition: 'mshr_status eq 200000005' },
    // Through lookups: where there is no row, its columns are null
    { filter: "mshr_FK_Job_id/mshr_jobid eq 'a'", condition: 'through mshr_FK_Job_id(mshr_jobid eq "a")' },
    { filter: "mshr_FK_Job_id/mshr_jobid ne 'a'", condition: 'not(through mshr_FK_Job_id(mshr_jobid eq "a"))' },
    { filter: 'mshr_FK_Job_id/mshr_jobid eq null', condition: 'not(through mshr_FK_Job_id(mshr_jobid ne null))' },
    { filter: 'mshr_FK_Job_id/mshr_jobid ne null', condition: 'through mshr_FK_Job_id(mshr_jobid ne null)' },
    { filter: "contains(mshr_FK_Job_id/mshr_jobid,'a')", condition: 'through mshr_FK_Job_id(mshr_jobid contains "a")' },
  ])('$filter', ({ filter, condition }) => {
    expect(filtered(requests, filter)).toBe(condition);
  });

  test('a path through several lookups', () => {
    expect(
      filtered('mshr_hcmcandidatetohireentities', "mshr_FK_RecruitingRequest_id/mshr_FK_Job_id/mshr_jobid eq 'a'"),
    ).toBe('through mshr_FK_RecruitingRequest_id(through mshr_FK_Job_id(mshr_jobid eq "a"))');
  });

  test.each([
    { filter: 'isdisabled eq false', condition: 'isdisabled eq false' },
    { filter: 'isdisabled', condition: 'isdisabled eq true' },
    { filter: 'not isdisabled', condition: 'not(isdisabled eq true)' },
    { filter: 'versionnumber gt 9007199254740993', condition: 'versionnumber gt 9007199254740993n' },
    {
      filter: "firstname eq 'a' and createdon gt 2024-01-01",
      condition: 'and(firstname eq "a", createdon gt "2024-01-01T00:00:00Z")',
    },
  ])('systemusers: $filter', ({ filter, condition }) => {
    expect(filtered('systemusers', filter)).toBe(condition);
  });

  test('parameter aliases, of which an unassigned one is null', () => {
    const { where } = queryOf(`GET ${requests}?$filter=mshr_jobid eq @a or mshr_titleid eq @b&@a='x%26y'`);
    expect(showCondition(where)).toBe('or(mshr_jobid eq "x&y", mshr_titleid eq null)');
  });

  test('plus signs are spaces, as HTML forms and Python write them', () => {
    expect(showCondition(queryOf(`GET ${requests}?%24filter=mshr_jobid+eq+%27a%2Bb%27`).where)).toBe(
      'mshr_jobid eq "a+b"',
    );
  });
});

describe('a filter is refused', () => {
  const bad = '400 0x80060888';
  const not = '501 0x80060888';
  test.each([
    // Syntax, with position
    {
      filter: "mshr_jobid eq 'x",
      refusal: `${bad} There is an unterminated string literal at position 16 in 'mshr_jobid eq 'x'.`,
    },
    { filter: 'mshr_jobid eq', refusal: `${bad} Expression expected at position 13 in 'mshr_jobid eq'.` },
    { filter: '(mshr_status eq 1', refusal: `${bad} ')' expected at position 17 in '(mshr_status eq 1'.` },
    { filter: 'mshr_status eq 1)', refusal: `${bad} Syntax error at position 16 in 'mshr_status eq 1)'.` },
    { filter: 'mshr_status eq 1and true', refusal: `${bad} Syntax error at position 16` },
    { filter: 'mshr_status = 1', refusal: `${bad} Syntax error at position 12` },
    { filter: 'mshr_status eq 1 2', refusal: `${bad} Syntax error at position 17` },
    { filter: 'mshr_status EQ 1', refusal: `${bad} Syntax error at position 12` },
    { filter: 'and', refusal: `${bad} Could not find a property named 'and'` },
    { filter: 'mshr_FK_Job_id/ mshr_jobid eq 1', refusal: `${bad} Syntax error at position 16` },
    { filter: '#', refusal: `${bad} Syntax error at position 0` },
    { filter: "mshr_status eq '", refusal: `${bad} There is an unterminated string literal at position 16` },
    // Names
    {
      filter: "Mshr_jobid eq 'x'",
      refusal: `${bad} Could not find a property named 'Mshr_jobid' on type 'Microsoft.Dynamics.CRM.mshr_hcmrecruitingrequestentity'.`,
    },
    { filter: 'mshr_fk_job_id eq null', refusal: `${bad} Could not find a property named 'mshr_fk_job_id'` },
    {
      filter: "mshr_FK_Job_id/nothing eq 'x'",
      refusal: `${bad} Could not find a property named 'nothing' on type 'Microsoft.Dynamics.CRM.mshr_hcmjobentity'.`,
    },
    {
      filter: "mshr_jobid/x eq 'x'",
      refusal: `${bad} The property 'mshr_jobid' has no properties of its own: Syntax error at position 11`,
    },
    {
      filter: "mshr_FK_HcmRecruitingRequestSkillEntity_RecruitingRequest/mshr_skillid eq 'x'",
      refusal: `${bad} The parent value for a property access of a property 'mshr_skillid' is not a single value. Property access can only be applied to a single value at position 58`,
    },
    // Types
    {
      filter: 'mshr_jobid eq 1',
      refusal: `${bad} A binary operator with incompatible types was detected. Found operand types 'Edm.String' and 'Edm.Int32' for operator kind 'Equal' at position 11`,
    },
    {
      filter: "mshr_status eq 'Active'",
      refusal: `${bad} A binary operator with incompatible types was detected. Found operand types 'Edm.Int32' and 'Edm.String' for operator kind 'Equal' at position 12`,
    },
    { filter: 'mshr_status eq 1.5', refusal: `${bad} A binary operator with incompatible types` },
    { filter: 'mshr_status eq 2147483648', refusal: `${bad} The number 2147483648 is out of range at position 15` },
    {
      filter: 'mshr_compensationlowthreshold eq 1e99',
      refusal: `${bad} The number 1e99 is out of range at position 33`,
    },
    { filter: 'mshr_compensationlowthreshold eq INF', refusal: `${bad} The number INF is out of range` },
    { filter: "mshr_estimatedstartdate eq '2024-01-01'", refusal: `${bad} A binary operator with incompatible types` },
    { filter: 'mshr_estimatedstartdate eq 2023-02-29', refusal: `${bad} '2023-02-29' is no date at position 27` },
    { filter: 'mshr_estimatedstartdate eq 2023-02-29T25:00:00Z', refusal: `${bad} '2023-02-29T25:00:00Z' is no date` },
    { filter: "_mshr_fk_job_id_value eq 'abc'", refusal: `${bad} A binary operator with incompatible types` },
    { filter: '_mshr_fk_job_id_value eq 1234', refusal: `${bad} A binary operator with incompatible types` },
    { filter: 'mshr_jobid eq mshr_status', refusal: `${bad} A binary operator with incompatible types` },
    { filter: "contains(mshr_jobid,'a') eq 1", refusal: `${bad} A binary operator with incompatible types` },
    {
      filter: 'mshr_jobid',
      refusal: `${bad} The $filter expression must evaluate to a single boolean value, not 'Edm.String', at position 0`,
    },
    { filter: "'x'", refusal: `${bad} The $filter expression must evaluate to a single boolean value` },
    {
      filter: "not mshr_jobid eq 'x'",
      refusal: `${bad} A unary operator with an incompatible type was detected. Found operand type 'Edm.String' for operator kind 'Not' (a negated comparison needs parentheses) at position 0`,
    },
    { filter: 'contains(mshr_jobid)', refusal: `${bad} No function signature for the function with name 'contains'` },
    {
      filter: "contains(mshr_status,'1')",
      refusal: `${bad} No function signature for the function with name 'contains'`,
    },
    { filter: 'contains(mshr_jobid,null)', refusal: `${bad} No function signature` },
    {
      filter: "Contains(mshr_jobid,'x')",
      refusal: `${bad} An unknown function with name 'Contains' was found at position 0`,
    },
    // Parsed, but not here
    { filter: "tolower(mshr_jobid) eq 'x'", refusal: `${not} the function 'tolower' is not supported at position 0` },
    {
      filter: 'mshr_status add 1 eq 2',
      refusal: `${not} the arithmetic operator 'add' is not supported at position 12`,
    },
    { filter: '-mshr_status eq 2', refusal: `${not} arithmetic is not supported at position 0` },
    { filter: '1 eq 1', refusal: `${not} a comparison of two constants is not supported at position 2` },
    {
      filter: "mshr_status has Microsoft.Dynamics.CRM.s'1'",
      refusal: `${not} the operator 'has' is not supported at position 12`,
    },
    {
      filter: "mshr_status eq Microsoft.Dynamics.CRM.s'1'",
      refusal: `${not} a literal of type 'Microsoft.Dynamics.CRM.s' is not supported at position 15`,
    },
    {
      filter: 'mshr_FK_HcmRecruitingRequestSkillEntity_RecruitingRequest/$count gt 1',
      refusal: `${not} '$count' in a path is not supported`,
    },
    {
      filter: 'mshr_FK_Job_id eq null',
      refusal: `${not} the navigation property 'mshr_FK_Job_id' as a value is not supported at position 0`,
    },
    { filter: "$it/mshr_jobid eq 'x'", refusal: `${not} '$it' in a path is not supported` },
    {
      filter: "Microsoft.Dynamics.CRM.account/name eq 'x'",
      refusal: `${not} the type cast 'Microsoft.Dynamics.CRM.account' is not supported`,
    },
    {
      filter: 'mshr_FK_Job_id/mshr_jobid eq mshr_jobid',
      refusal: `${not} a comparison of two columns of which one is in another row`,
    },
  ])('$filter', ({ filter, refusal }) => {
    expect(refused(requests, filter)).toContain(refusal);
  });

  test('booleans have no order', () => {
    expect(refused('systemusers', 'isdisabled gt false')).toContain('incompatible types');
  });

  test('a column that is never shown cannot be asked for', () => {
    expect(refused('systemusers', "nothing eq 'x'")).toContain("Could not find a property named 'nothing'");
  });

  test('too many conditions', () => {
    const many = (count: number) => Array.from({ length: count }, () => 'mshr_status eq 1').join(' or ');
    expect(filtered(requests, many(500))).toContain('or(');
    expect(refused(requests, many(501))).toBe(
      `${bad} the request has more than 500 conditions in $filter, the most that is accepted`,
    );
  });

  test.each([
    { name: 'parentheses', nest: (depth: number) => `${'('.repeat(depth)}mshr_status eq 1${')'.repeat(depth)}` },
    { name: 'not', nest: (depth: number) => `${'not '.repeat(depth)}(mshr_status eq 1)` },
    { name: 'minus', nest: (depth: number) => `${'- '.repeat(depth)}mshr_status eq 1` },
    { name: 'comparisons of comparisons', nest: (depth: number) => `mshr_status eq 1${' eq true'.repeat(depth)}` },
    { name: 'calls', nest: (depth: number) => `${'tolower('.repeat(depth)}mshr_jobid${')'.repeat(depth)} eq 'x'` },
    { name: 'lambdas', nest: (depth: number) => `${'x/any(x:'.repeat(depth)}true${')'.repeat(depth)}` },
  ])('too deep: $name', ({ nest }) => {
    expect(refused(requests, nest(101))).toContain('nested more than 100 levels deep at position');
    expect(refused(requests, nest(98))).not.toContain('nested more than');
  });
});

describe('fidelity', () => {
  test.each([
    { filter: `_mshr_fk_job_id_value eq ${rowId}` },
    { filter: '_mshr_fk_job_id_value eq null' },
    { filter: "mshr_FK_Job_id/mshr_jobid eq 'a'" },
  ])('$filter is more than the real product gives', ({ filter }) => {
    const url = `GET ${requests}?$filter=${encodeURIComponent(filter)}`;
    expect(parse(url).differs).toContain('virtual-lookup-filter');
    expect(refusalOf(url, { fidelity: 'strict' })).toBe(
      '400 0x80044822 The query specified is not supported for virtual entity.',
    );
  });

  test('on native tables lookups may be filtered and ordered by', () => {
    const url = `GET systemusers?$filter=_businessunitid_value eq ${rowId} and businessunitid/name eq 'x'&$orderby=_businessunitid_value`;
    expect(parse(url, { fidelity: 'strict' }).differs).toBeUndefined();
  });

  test('ordering by a lookup of a virtual table is more than the real product gives', () => {
    const url = `GET ${requests}?$orderby=_mshr_fk_job_id_value`;
    expect(parse(url).differs).toContain('virtual-lookup-filter');
    expect(refusalOf(url, { fidelity: 'strict' })).toContain('0x80044822');
  });
});
