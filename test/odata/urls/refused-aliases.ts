import type { RefusedUrl } from './url-case.ts';

export const refusedAliases: readonly RefusedUrl[] = [
  {
    rule: 'aliasAndValue',
    url: 'systemusers?$filter=fullname eq @',
    position: 32,
    problem: '400 0x80060888',
    says: "Syntax error: a name must follow '@' at position 12 in 'fullname eq @'.",
  },
  {
    rule: 'aliasAndValue',
    url: 'systemusers?$filter=fullname eq @1',
    position: 32,
    problem: '400 0x80060888',
    says: "Syntax error: a name must follow '@' at position 12 in 'fullname eq @1'.",
  },
  {
    rule: 'aliasAndValue',
    url: "systemusers?$filter=fullname eq @p&@p='x",
    position: 40,
    problem: '400 0x80060888',
    says: "There is an unterminated string literal at position 2 in ''x'.",
  },
  {
    rule: 'aliasAndValue',
    url: 'systemusers?$filter=fullname eq @p&@p=1',
    position: 29,
    problem: '400 0x80060888',
    says: "A binary operator with incompatible types was detected. Found operand types 'Edm.String'",
  },
  {
    rule: 'aliasAndValue',
    url: "systemusers?$filter=fullname eq @p&@p=contains(fullname,'x')",
    position: 32,
    problem: '501 0x80060888',
    says: "a value of '@p' that is neither a literal nor a property is not supported at position 12",
  },
  {
    rule: 'aliasAndValue',
    url: 'systemusers?$filter=@p eq 1&@p=nothing',
    position: 31,
    problem: '400 0x80060888',
    says: "Could not find a property named 'nothing' on type 'Microsoft.Dynamics.CRM.systemuser'.",
  },
  {
    rule: 'aliasAndValue',
    url: 'systemusers?$filter=@p/name eq 1&@p=businessunitid',
    position: 22,
    problem: '400 0x80060888',
    says: "Syntax error at position 2 in '@p/name eq 1'.",
  },
  {
    rule: 'aliasAndValue',
    url: 'systemusers?$filter=@p&@p=fullname',
    position: 26,
    problem: '400 0x80060888',
    says: "The $filter expression must evaluate to a single boolean value, not 'Edm.String', at",
  },
  {
    rule: 'aliasAndValue',
    url: 'systemusers?$filter=fullname eq @p&@p=@q&@q=1',
    position: 32,
    problem: '501 0x80060888',
    says: "a value of '@p' that is neither a literal nor a property is not supported at position 12",
  },
  {
    rule: 'aliasAndValue',
    url: "systemusers?$filter=@p&@p=fullname eq 'x'",
    position: 20,
    problem: '501 0x80060888',
    says: "a value of '@p' that is neither a literal nor a property is not supported at position 0",
  },
];
