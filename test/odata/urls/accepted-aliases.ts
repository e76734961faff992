import type { AcceptedUrl } from './url-case.ts';

export const acceptedAliases: readonly AcceptedUrl[] = [
  {
    rule: 'aliasAndValue',
    url: "systemusers?$filter=fullname eq @p&@p='x'",
    tree: 'rows systemusers where fullname eq "x"',
  },
  { rule: 'aliasAndValue', url: 'systemusers?$filter=fullname eq @p', tree: 'rows systemusers where fullname eq null' },
  {
    rule: 'aliasAndValue',
    url: "systemusers?$filter=@p eq 'x'&@p=fullname",
    tree: 'rows systemusers where fullname eq "x"',
  },
  {
    rule: 'aliasAndValue',
    url: 'systemusers?$filter=@p ne @q&@p=fullname',
    tree: 'rows systemusers where fullname ne null',
  },
  {
    rule: 'aliasAndValue',
    url: 'systemusers?$filter=accessmode eq @p&@p=4',
    tree: 'rows systemusers where accessmode eq 4',
  },
  {
    rule: 'aliasAndValue',
    url: "systemusers?$filter=@p eq 'x'&@p=businessunitid/name",
    tree: 'rows systemusers where through businessunitid(name eq "x")',
  },
  {
    rule: 'aliasAndValue',
    url: "systemusers?$filter=firstname eq @p or lastname eq @p&@p='x%26y'",
    tree: 'rows systemusers where or(firstname eq "x&y", lastname eq "x&y")',
  },
  { rule: 'aliasAndValue', url: "systemusers?@p='x'", tree: 'rows systemusers' },
  { rule: 'aliasAndValue', url: 'systemusers?@p=1&$top=1', tree: 'rows systemusers limit 1' },
];
