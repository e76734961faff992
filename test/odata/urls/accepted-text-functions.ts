import type { AcceptedUrl } from './url-case.ts';

export const acceptedTextFunctions: readonly AcceptedUrl[] = [
  {
    rule: 'containsMethodCallExpr',
    url: "systemusers?$filter=contains(fullname,'x')",
    tree: 'rows systemusers where fullname contains "x"',
  },
  {
    rule: 'containsMethodCallExpr',
    url: "systemusers?$filter=contains( fullname , 'x' )",
    tree: 'rows systemusers where fullname contains "x"',
  },
  {
    rule: 'containsMethodCallExpr',
    url: "systemusers?$filter=contains(fullname,'')",
    tree: 'rows systemusers where fullname contains ""',
  },
  {
    rule: 'containsMethodCallExpr',
    url: "systemusers?$filter=contains(fullname,'x') eq true",
    tree: 'rows systemusers where fullname contains "x"',
  },
  {
    rule: 'containsMethodCallExpr',
    url: "systemusers?$filter=contains(fullname,'x') eq false",
    tree: 'rows systemusers where not(fullname contains "x")',
  },
  {
    rule: 'containsMethodCallExpr',
    url: "systemusers?$filter=true eq contains(fullname,'x')",
    tree: 'rows systemusers where fullname contains "x"',
  },
  {
    rule: 'containsMethodCallExpr',
    url: "systemusers?$filter=contains(businessunitid/name,'x')",
    tree: 'rows systemusers where through businessunitid(name contains "x")',
  },
  {
    rule: 'containsMethodCallExpr',
    url: "systemusers?$filter=contains(fullname,'x') or contains(fullname,'y')",
    tree: 'rows systemusers where or(fullname contains "x", fullname contains "y")',
  },
  {
    rule: 'containsMethodCallExpr',
    url: "systemusers?$filter=contains(fullname,@p)&@p='x'",
    tree: 'rows systemusers where fullname contains "x"',
  },
  {
    rule: 'startsWithMethodCallExpr, endsWithMethodCallExpr',
    url: "systemusers?$filter=startswith(fullname,'x')",
    tree: 'rows systemusers where fullname startswith "x"',
  },
  {
    rule: 'startsWithMethodCallExpr, endsWithMethodCallExpr',
    url: "systemusers?$filter=endswith(fullname,'x')",
    tree: 'rows systemusers where fullname endswith "x"',
  },
  {
    rule: 'startsWithMethodCallExpr, endsWithMethodCallExpr',
    url: "systemusers?$filter=not endswith(fullname,'x')",
    tree: 'rows systemusers where not(fullname endswith "x")',
  },
  {
    rule: 'startsWithMethodCallExpr, endsWithMethodCallExpr',
    url: "systemusers?$filter=startswith(fullname,'O''N')",
    tree: 'rows systemusers where fullname startswith "O\'N"',
  },
  {
    rule: 'wildcards',
    url: "systemusers?$filter=contains(fullname,'a%25b')",
    tree: 'rows systemusers where fullname like any "a" any "b" any',
  },
  {
    rule: 'wildcards',
    url: "systemusers?$filter=contains(fullname,'a_b')",
    tree: 'rows systemusers where fullname like any "a" one "b" any',
  },
  {
    rule: 'wildcards',
    url: "systemusers?$filter=startswith(fullname,'a%25')",
    tree: 'rows systemusers where fullname like "a" any any',
  },
  {
    rule: 'wildcards',
    url: "systemusers?$filter=endswith(fullname,'%25a')",
    tree: 'rows systemusers where fullname like any any "a"',
  },
  {
    rule: 'wildcards',
    url: "systemusers?$filter=startswith(fullname,'[a-c]x')",
    tree: 'rows systemusers where fullname like [a-c] "x" any',
  },
  {
    rule: 'wildcards',
    url: "systemusers?$filter=startswith(fullname,'[^a-c]x')",
    tree: 'rows systemusers where fullname like not [a-c] "x" any',
  },
  {
    rule: 'wildcards',
    url: "systemusers?$filter=contains(fullname,'50[%25]')",
    tree: 'rows systemusers where fullname contains "50%"',
  },
  {
    rule: 'wildcards',
    url: "systemusers?$filter=contains(fullname,'a[_]b')",
    tree: 'rows systemusers where fullname contains "a_b"',
  },
  {
    rule: 'wildcards',
    url: "systemusers?$filter=contains(fullname,'[abc')",
    tree: 'rows systemusers where fullname contains "[abc"',
  },
  {
    rule: 'wildcards',
    url: "systemusers?$filter=contains(fullname,'[]]')",
    tree: 'rows systemusers where fullname contains "]"',
  },
  {
    rule: 'wildcards',
    url: "systemusers?$filter=contains(fullname,'[a-]')",
    tree: 'rows systemusers where fullname like any [a-a---] any',
  },
  {
    rule: 'wildcards',
    url: "systemusers?$filter=not startswith(fullname,'_x')",
    tree: 'rows systemusers where not(fullname like one "x" any)',
  },
  {
    rule: 'wildcards',
    url: "systemusers?$filter=contains(fullname,'[[]x')",
    tree: 'rows systemusers where fullname contains "[x"',
  },
  {
    rule: 'wildcards',
    url: "systemusers?$filter=contains(fullname,'%25')",
    tree: 'rows systemusers where fullname like any any any',
  },
];
