import type { AcceptedUrl } from './url-case.ts';

export const acceptedOperators: readonly AcceptedUrl[] = [
  {
    rule: 'eqExpr … geExpr',
    url: "systemusers?$filter=fullname ne 'x'",
    tree: 'rows systemusers where fullname ne "x"',
  },
  {
    rule: 'eqExpr … geExpr',
    url: "systemusers?$filter=fullname gt 'x'",
    tree: 'rows systemusers where fullname gt "x"',
  },
  {
    rule: 'eqExpr … geExpr',
    url: "systemusers?$filter=fullname ge 'x'",
    tree: 'rows systemusers where fullname ge "x"',
  },
  {
    rule: 'eqExpr … geExpr',
    url: "systemusers?$filter=fullname lt 'x'",
    tree: 'rows systemusers where fullname lt "x"',
  },
  {
    rule: 'eqExpr … geExpr',
    url: "systemusers?$filter=fullname le 'x'",
    tree: 'rows systemusers where fullname le "x"',
  },
  {
    rule: 'eqExpr … geExpr',
    url: "systemusers?$filter='x' gt fullname",
    tree: 'rows systemusers where fullname lt "x"',
  },
  {
    rule: 'eqExpr … geExpr',
    url: "systemusers?$filter='x' le fullname",
    tree: 'rows systemusers where fullname ge "x"',
  },
  {
    rule: 'eqExpr … geExpr',
    url: "systemusers?$filter=fullname  eq   'x'",
    tree: 'rows systemusers where fullname eq "x"',
  },
  {
    rule: 'eqExpr … geExpr',
    url: "systemusers?$filter=fullname\teq\t'x'",
    tree: 'rows systemusers where fullname eq "x"',
  },
  {
    rule: 'two columns of a row',
    url: 'systemusers?$filter=firstname eq lastname',
    tree: 'rows systemusers where firstname eq lastname',
  },
  {
    rule: 'two columns of a row',
    url: 'systemusers?$filter=firstname ne lastname',
    tree: 'rows systemusers where firstname ne lastname',
  },
  {
    rule: 'two columns of a row',
    url: 'systemusers?$filter=createdon lt modifiedon',
    tree: 'rows systemusers where createdon lt modifiedon',
  },
  {
    rule: 'two columns of a row',
    url: 'mshr_hcmrecruitingrequestentities?$filter=mshr_compensationlowthreshold le mshr_compensationhighthreshold',
    tree: 'rows mshr_hcmrecruitingrequestentities where mshr_compensationlowthreshold le mshr_compensationhighthreshold',
  },
  {
    rule: 'two columns of a row',
    url: 'systemusers?$filter=not (firstname eq lastname)',
    tree: 'rows systemusers where not(firstname eq lastname)',
  },
  {
    rule: 'two columns of a row',
    url: 'systemusers?$filter=_businessunitid_value eq systemuserid',
    tree: 'rows systemusers where businessunitid eq systemuserid',
  },
  {
    rule: 'andExpr, orExpr, parenExpr',
    url: "systemusers?$filter=firstname eq 'a' and lastname eq 'b'",
    tree: 'rows systemusers where and(firstname eq "a", lastname eq "b")',
  },
  {
    rule: 'andExpr, orExpr, parenExpr',
    url: "systemusers?$filter=firstname eq 'a' or lastname eq 'b'",
    tree: 'rows systemusers where or(firstname eq "a", lastname eq "b")',
  },
  {
    rule: 'andExpr, orExpr, parenExpr',
    url: "systemusers?$filter=firstname eq 'a' or lastname eq 'b' and isdisabled eq true",
    tree: 'rows systemusers where or(firstname eq "a", and(lastname eq "b", isdisabled eq true))',
  },
  {
    rule: 'andExpr, orExpr, parenExpr',
    url: "systemusers?$filter=(firstname eq 'a' or lastname eq 'b') and isdisabled eq true",
    tree: 'rows systemusers where and(or(firstname eq "a", lastname eq "b"), isdisabled eq true)',
  },
  {
    rule: 'andExpr, orExpr, parenExpr',
    url: "systemusers?$filter=((fullname eq 'x'))",
    tree: 'rows systemusers where fullname eq "x"',
  },
  {
    rule: 'andExpr, orExpr, parenExpr',
    url: "systemusers?$filter=( fullname eq 'x' )",
    tree: 'rows systemusers where fullname eq "x"',
  },
  {
    rule: 'andExpr, orExpr, parenExpr',
    url: "systemusers?$filter=fullname eq ('x')",
    tree: 'rows systemusers where fullname eq "x"',
  },
  {
    rule: 'andExpr, orExpr, parenExpr',
    url: "systemusers?$filter=firstname eq 'a' and lastname eq 'b' and isdisabled",
    tree: 'rows systemusers where and(firstname eq "a", lastname eq "b", isdisabled eq true)',
  },
  {
    rule: 'andExpr, orExpr, parenExpr',
    url: 'systemusers?$filter=isdisabled and isdisabled',
    tree: 'rows systemusers where and(isdisabled eq true, isdisabled eq true)',
  },
  {
    rule: 'andExpr, orExpr, parenExpr',
    url: "systemusers?$filter=true and fullname eq 'x'",
    tree: 'rows systemusers where and(always, fullname eq "x")',
  },
  {
    rule: 'andExpr, orExpr, parenExpr',
    url: "systemusers?$filter=(fullname eq 'x') eq true",
    tree: 'rows systemusers where fullname eq "x"',
  },
  {
    rule: 'andExpr, orExpr, parenExpr',
    url: "systemusers?$filter=(fullname eq 'x') ne true",
    tree: 'rows systemusers where fullname ne "x"',
  },
  { rule: 'notExpr', url: "systemusers?$filter=not (fullname eq 'x')", tree: 'rows systemusers where fullname ne "x"' },
  { rule: 'notExpr', url: "systemusers?$filter=not(fullname eq 'x')", tree: 'rows systemusers where fullname ne "x"' },
  { rule: 'notExpr', url: "systemusers?$filter=not (fullname ne 'x')", tree: 'rows systemusers where fullname eq "x"' },
  {
    rule: 'notExpr',
    url: 'systemusers?$filter=not (accessmode gt 4)',
    tree: 'rows systemusers where not(accessmode gt 4)',
  },
  {
    rule: 'notExpr',
    url: 'systemusers?$filter=not isdisabled',
    tree: 'rows systemusers where not(isdisabled eq true)',
  },
  { rule: 'notExpr', url: 'systemusers?$filter=not not isdisabled', tree: 'rows systemusers where isdisabled eq true' },
  {
    rule: 'notExpr',
    url: "systemusers?$filter=not (firstname eq 'a' and lastname eq 'b')",
    tree: 'rows systemusers where or(firstname ne "a", lastname ne "b")',
  },
  {
    rule: 'notExpr',
    url: "systemusers?$filter=not (firstname eq 'a' or not (lastname eq 'b'))",
    tree: 'rows systemusers where and(firstname ne "a", lastname eq "b")',
  },
  {
    rule: 'notExpr',
    url: "systemusers?$filter=not contains(fullname,'x')",
    tree: 'rows systemusers where not(fullname contains "x")',
  },
  {
    rule: 'notExpr',
    url: "systemusers?$filter=not contains(fullname,'x') and isdisabled",
    tree: 'rows systemusers where and(not(fullname contains "x"), isdisabled eq true)',
  },
  {
    rule: 'notExpr',
    url: "systemusers?$filter=not startswith(fullname,'x') eq true",
    tree: 'rows systemusers where not(fullname startswith "x")',
  },
  {
    rule: 'notExpr',
    url: 'systemusers?$filter=not (fullname eq null)',
    tree: 'rows systemusers where fullname ne null',
  },
  { rule: 'notExpr', url: 'systemusers?$filter=not true', tree: 'rows systemusers where never' },
  {
    rule: 'inExpr',
    url: "systemusers?$filter=fullname in ('a','b')",
    tree: 'rows systemusers where fullname in "a"|"b"',
  },
  { rule: 'inExpr', url: "systemusers?$filter=fullname in ('a')", tree: 'rows systemusers where fullname in "a"' },
  { rule: 'inExpr', url: 'systemusers?$filter=accessmode in (0,4)', tree: 'rows systemusers where accessmode in 0|4' },
  {
    rule: 'inExpr',
    url: "systemusers?$filter=fullname in ( 'a' , 'b' )",
    tree: 'rows systemusers where fullname in "a"|"b"',
  },
  {
    rule: 'inExpr',
    url: "systemusers?$filter=fullname in ('a',null)",
    tree: 'rows systemusers where fullname in "a"|null',
  },
  {
    rule: 'inExpr',
    url: "systemusers?$filter=not (fullname in ('a','b'))",
    tree: 'rows systemusers where not(fullname in "a"|"b")',
  },
  {
    rule: 'inExpr',
    url: "systemusers?$filter=not fullname in ('a')",
    tree: 'rows systemusers where not(fullname in "a")',
  },
  {
    rule: 'inExpr',
    url: "systemusers?$filter=_businessunitid_value in (aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee,'00000bb8-0000-0000-005f-005001000000')",
    tree: 'rows systemusers where businessunitid in "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee"|"00000bb8-0000-0000-005f-005001000000"',
  },
  {
    rule: 'inExpr',
    url: "systemusers?$filter=businessunitid/name in ('a','b')",
    tree: 'rows systemusers where through businessunitid(name in "a"|"b")',
  },
  {
    rule: 'inExpr',
    url: 'systemusers?$filter=createdon in (2024-01-01,2024-01-02)',
    tree: 'rows systemusers where createdon in "2024-01-01T00:00:00Z"|"2024-01-02T00:00:00Z"',
  },
  {
    rule: 'inExpr',
    url: "systemusers?$filter=fullname in (@a,'b')&@a='x'",
    tree: 'rows systemusers where fullname in "x"|"b"',
  },
];
