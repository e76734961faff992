import type { AcceptedUrl } from './url-case.ts';

/** Spellings that the ABNF's own test cases look at. */
export const acceptedSpellings: readonly AcceptedUrl[] = [
  { rule: 'white space', url: 'systemusers?$filter=( isdisabled )', tree: 'rows systemusers where isdisabled eq true' },
  {
    rule: 'white space',
    url: 'systemusers?$filter=(isdisabled)and(isdisabled)',
    tree: 'rows systemusers where and(isdisabled eq true, isdisabled eq true)',
  },
  {
    rule: 'white space',
    url: 'systemusers?$filter=not(isdisabled)',
    tree: 'rows systemusers where not(isdisabled eq true)',
  },
  {
    rule: 'white space',
    url: "systemusers?$filter=fullname%09eq%09'x'",
    tree: 'rows systemusers where fullname eq "x"',
  },
  {
    rule: 'white space',
    url: "systemusers?$filter=fullname in (  'a','b'  )",
    tree: 'rows systemusers where fullname in "a"|"b"',
  },
  { rule: 'white space', url: "systemusers?$filter=fullname in('a')", tree: 'rows systemusers where fullname in "a"' },
  {
    rule: 'white space',
    url: 'systemusers?$filter=systemuserroles_association/any( )',
    tree: 'rows systemusers where through systemuserroles_association(always)',
  },
  { rule: 'white space', url: 'systemusers?$filter =isdisabled', tree: 'rows systemusers where isdisabled eq true' },
  { rule: 'white space', url: 'systemusers?$top= 5', tree: 'rows systemusers limit 5' },
  { rule: 'white space', url: 'systemusers?$orderby=fullname%20%20desc', tree: 'rows systemusers order -fullname' },
  { rule: 'white space', url: 'systemusers?$filter=accessmode eq+1', tree: 'rows systemusers where accessmode eq 1' },
  {
    rule: 'percent-encoding',
    url: "systemusers?$filter=fullname eq %27O''Neil%27",
    tree: 'rows systemusers where fullname eq "O\'Neil"',
  },
  {
    rule: 'percent-encoding',
    url: "systemusers?$filter=fullname eq 'O%27%27Neil'",
    tree: 'rows systemusers where fullname eq "O\'Neil"',
  },
  {
    rule: 'percent-encoding',
    url: "systemusers?$filter=fullname eq '%26%28'",
    tree: 'rows systemusers where fullname eq "&("',
  },
  { rule: 'percent-encoding', url: 'systemusers?%24%74op=1', tree: 'rows systemusers limit 1' },
  {
    rule: 'percent-encoding',
    url: 'systemusers?$expand=businessunitid%28%24select%3Dname%29',
    tree: 'rows systemusers expand businessunitid(select name)',
  },
  {
    rule: 'percent-encoding',
    url: "systemusers?$filter=fullname eq 'a%2Fb'",
    tree: 'rows systemusers where fullname eq "a/b"',
  },
  {
    rule: 'percent-encoding',
    url: 'systemusers%28aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee%29/fullname',
    tree: 'row systemusers(aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee) select fullname as property fullname',
  },
  {
    rule: 'what texts may hold',
    url: "systemusers?$filter=fullname eq 'a#b'",
    tree: 'rows systemusers where fullname eq "a#b"',
  },
  {
    rule: 'what texts may hold',
    url: "systemusers?$filter=fullname eq 'a?b'",
    tree: 'rows systemusers where fullname eq "a?b"',
  },
  {
    rule: 'what texts may hold',
    url: "systemusers?$filter=fullname eq 'a;b'",
    tree: 'rows systemusers where fullname eq "a;b"',
  },
  {
    rule: 'what texts may hold',
    url: "systemusers?$filter=fullname eq 'a=b'",
    tree: 'rows systemusers where fullname eq "a=b"',
  },
  {
    rule: 'what texts may hold',
    url: "systemusers?$filter=fullname eq 'a\\b'",
    tree: 'rows systemusers where fullname eq "a\\\\b"',
  },
  {
    rule: 'what texts may hold',
    url: "systemusers?$filter=fullname eq 'a%0Ab'",
    tree: 'rows systemusers where fullname eq "a\\nb"',
  },
  {
    rule: 'what texts may hold',
    url: "systemusers?$filter=fullname eq 'P1D'",
    tree: 'rows systemusers where fullname eq "P1D"',
  },
  {
    rule: 'what texts may hold',
    url: "systemusers?$expand=systemuserroles_association($select=name;$filter=contains(name,'a;b)'))",
    tree: 'rows systemusers expand systemuserroles_association(select name where name contains "a;b)")',
  },
  {
    rule: 'lambda',
    url: "systemusers?$filter=systemuserroles_association/any(fullname:fullname/name eq 'x')",
    tree: 'rows systemusers where through systemuserroles_association(name eq "x")',
  },
  {
    rule: 'lambda',
    url: "systemusers?$filter=systemuserroles_association/any(r:r/name in ('a'))",
    tree: 'rows systemusers where through systemuserroles_association(name in "a")',
  },
  {
    rule: 'lambda',
    url: 'systemusers?$filter=systemuserroles_association/any(r:true) eq true',
    tree: 'rows systemusers where through systemuserroles_association(always)',
  },
  {
    rule: 'lambda',
    url: "systemusers?$filter=systemuserroles_association/any(r: contains(r/name,'x') )",
    tree: 'rows systemusers where through systemuserroles_association(name contains "x")',
  },
  { rule: 'parentheses', url: 'systemusers?$filter=(accessmode) eq 1', tree: 'rows systemusers where accessmode eq 1' },
  { rule: 'parentheses', url: 'systemusers?$filter=accessmode eq (1)', tree: 'rows systemusers where accessmode eq 1' },
  {
    rule: 'parentheses',
    url: 'systemusers?$filter=((accessmode eq 1))',
    tree: 'rows systemusers where accessmode eq 1',
  },
  {
    rule: 'parentheses',
    url: "systemusers?$filter=fullname in (('a'))",
    tree: 'rows systemusers where fullname in "a"',
  },
  {
    rule: 'parentheses',
    url: 'systemusers?$filter=accessmode eq 1 eq true',
    tree: 'rows systemusers where accessmode eq 1',
  },
  {
    rule: 'parentheses',
    url: 'systemusers?$filter=not (not (isdisabled))',
    tree: 'rows systemusers where isdisabled eq true',
  },
  { rule: 'other options', url: 'systemusers?!special', tree: 'rows systemusers' },
  { rule: 'other options', url: 'systemusers?&', tree: 'rows systemusers' },
  { rule: 'other options', url: 'systemusers?&&$top=1', tree: 'rows systemusers limit 1' },
  { rule: 'other options', url: 'systemusers?$top=1&', tree: 'rows systemusers limit 1' },
  { rule: 'other options', url: 'systemusers?a=%zz', tree: 'rows systemusers' },
  { rule: 'other options', url: 'systemusers?$select=*,fullname', tree: 'rows systemusers' },
  { rule: 'other options', url: 'systemusers?top=5&$top=1', tree: 'rows systemusers limit 1' },
  { rule: 'functions', url: 'WhoAmI( )', tree: 'message WhoAmI{}' },
  { rule: 'functions', url: 'Microsoft.Dynamics.CRM.WhoAmI()', tree: 'message WhoAmI{}' },
  {
    rule: 'functions',
    url: "RetrieveTotalRecordCount(EntityNames=@p)?@p=['systemuser']",
    tree: 'message RetrieveTotalRecordCount{"EntityNames":["systemuser"]}',
  },
  { rule: 'service root', url: 'https://[2001:db8::1]:8080/api/data/v9.2/systemusers', tree: 'rows systemusers' },
];
