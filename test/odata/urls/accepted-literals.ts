import type { AcceptedUrl } from './url-case.ts';

export const acceptedLiterals: readonly AcceptedUrl[] = [
  { rule: 'null', url: 'systemusers?$filter=fullname eq null', tree: 'rows systemusers where fullname eq null' },
  { rule: 'null', url: 'systemusers?$filter=null eq fullname', tree: 'rows systemusers where fullname eq null' },
  {
    rule: 'null',
    url: 'systemusers?$filter=businessunitid/name ne null',
    tree: 'rows systemusers where through businessunitid(name ne null)',
  },
  { rule: 'null', url: 'systemusers?$filter=createdon gt null', tree: 'rows systemusers where never' },
  { rule: 'null', url: 'systemusers?$filter=null', tree: 'rows systemusers where never' },
  { rule: 'boolean', url: 'systemusers?$filter=isdisabled eq true', tree: 'rows systemusers where isdisabled eq true' },
  {
    rule: 'boolean',
    url: 'systemusers?$filter=false ne isdisabled',
    tree: 'rows systemusers where isdisabled ne false',
  },
  { rule: 'boolean', url: 'systemusers?$filter=isdisabled', tree: 'rows systemusers where isdisabled eq true' },
  { rule: 'boolean', url: 'systemusers?$filter=true', tree: 'rows systemusers where always' },
  { rule: 'boolean', url: 'systemusers?$filter=false', tree: 'rows systemusers where never' },
  { rule: 'stringLiteral', url: "systemusers?$filter=fullname eq 'x'", tree: 'rows systemusers where fullname eq "x"' },
  { rule: 'stringLiteral', url: "systemusers?$filter=fullname eq ''", tree: 'rows systemusers where fullname eq ""' },
  {
    rule: 'stringLiteral',
    url: "systemusers?$filter=fullname eq 'O''Neil'",
    tree: 'rows systemusers where fullname eq "O\'Neil"',
  },
  {
    rule: 'stringLiteral',
    url: "systemusers?$filter=fullname eq ''''",
    tree: 'rows systemusers where fullname eq "\'"',
  },
  {
    rule: 'stringLiteral',
    url: "systemusers?$filter=fullname eq '%C3%85se'",
    tree: 'rows systemusers where fullname eq "Åse"',
  },
  {
    rule: 'stringLiteral',
    url: "systemusers?$filter=fullname eq 'Åse'",
    tree: 'rows systemusers where fullname eq "Åse"',
  },
  {
    rule: 'stringLiteral',
    url: "systemusers?$filter=fullname eq 'a%26b'",
    tree: 'rows systemusers where fullname eq "a&b"',
  },
  {
    rule: 'stringLiteral',
    url: "systemusers?$filter=fullname eq 'a%2Bb'",
    tree: 'rows systemusers where fullname eq "a+b"',
  },
  {
    rule: 'stringLiteral',
    url: "systemusers?$filter=fullname eq 'a+b'",
    tree: 'rows systemusers where fullname eq "a b"',
  },
  {
    rule: 'stringLiteral',
    url: 'systemusers?$filter=fullname%20eq%20%27x%27',
    tree: 'rows systemusers where fullname eq "x"',
  },
  {
    rule: 'stringLiteral',
    url: "systemusers?$filter=fullname eq 'a(b),c'",
    tree: 'rows systemusers where fullname eq "a(b),c"',
  },
  {
    rule: 'stringLiteral',
    url: "systemusers?$filter=fullname eq 'null'",
    tree: 'rows systemusers where fullname eq "null"',
  },
  {
    rule: 'stringLiteral',
    url: "systemusers?$filter=fullname eq '%F0%9F%98%80'",
    tree: 'rows systemusers where fullname eq "😀"',
  },
  {
    rule: 'stringLiteral',
    url: "systemusers?$filter=fullname eq '%25'",
    tree: 'rows systemusers where fullname eq "%"',
  },
  { rule: 'numbers', url: 'systemusers?$filter=accessmode eq 4', tree: 'rows systemusers where accessmode eq 4' },
  { rule: 'numbers', url: 'systemusers?$filter=accessmode eq -1', tree: 'rows systemusers where accessmode eq -1' },
  { rule: 'numbers', url: 'systemusers?$filter=accessmode eq 4.0', tree: 'rows systemusers where accessmode eq 4' },
  { rule: 'numbers', url: 'systemusers?$filter=accessmode eq 4e0', tree: 'rows systemusers where accessmode eq 4' },
  {
    rule: 'numbers',
    url: 'systemusers?$filter=versionnumber eq 9007199254740993',
    tree: 'rows systemusers where versionnumber eq 9007199254740993n',
  },
  {
    rule: 'numbers',
    url: 'systemusers?$filter=versionnumber lt -9223372036854775808',
    tree: 'rows systemusers where versionnumber lt -9223372036854775808n',
  },
  {
    rule: 'numbers',
    url: 'mshr_hcmrecruitingrequestentities?$filter=mshr_compensationlowthreshold gt 1000.50',
    tree: 'rows mshr_hcmrecruitingrequestentities where mshr_compensationlowthreshold gt "1000.5"',
  },
  {
    rule: 'numbers',
    url: 'mshr_hcmrecruitingrequestentities?$filter=mshr_compensationlowthreshold gt 1E3',
    tree: 'rows mshr_hcmrecruitingrequestentities where mshr_compensationlowthreshold gt "1000"',
  },
  {
    rule: 'numbers',
    url: 'mshr_hcmrecruitingrequestentities?$filter=mshr_compensationlowthreshold ge -0.5',
    tree: 'rows mshr_hcmrecruitingrequestentities where mshr_compensationlowthreshold ge "-0.5"',
  },
  {
    rule: 'numbers',
    url: 'mshr_hcmrecruitingrequestentities?$filter=mshr_compensationlowthreshold eq 12345678901234567.25',
    tree: 'rows mshr_hcmrecruitingrequestentities where mshr_compensationlowthreshold eq "12345678901234567.25"',
  },
  {
    rule: 'numbers',
    url: 'mshr_hcmrecruitingrequestentities?$filter=mshr_compensationlowthreshold eq 1e-3',
    tree: 'rows mshr_hcmrecruitingrequestentities where mshr_compensationlowthreshold eq "0.001"',
  },
  { rule: 'numbers', url: 'systemusers?$filter=4 eq accessmode', tree: 'rows systemusers where accessmode eq 4' },
  {
    rule: 'guid',
    url: 'systemusers?$filter=systemuserid eq aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee',
    tree: 'rows systemusers where systemuserid eq "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee"',
  },
  {
    rule: 'guid',
    url: "systemusers?$filter=systemuserid eq 'aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee'",
    tree: 'rows systemusers where systemuserid eq "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee"',
  },
  {
    rule: 'guid',
    url: 'systemusers?$filter=_businessunitid_value eq aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee',
    tree: 'rows systemusers where businessunitid eq "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee"',
  },
  {
    rule: 'guid',
    url: 'systemusers?$filter=_businessunitid_value eq AAAAAAAA-BBBB-4CCC-8DDD-EEEEEEEEEEEE',
    tree: 'rows systemusers where businessunitid eq "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee"',
  },
  {
    rule: 'guid',
    url: 'systemusers?$filter=systemuserid ne aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee',
    tree: 'rows systemusers where systemuserid ne "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee"',
  },
  {
    rule: 'guid',
    url: 'systemusers?$filter=_businessunitid_value eq null',
    tree: 'rows systemusers where businessunitid eq null',
  },
  {
    rule: 'date and dateTimeOffset',
    url: 'systemusers?$filter=createdon ge 2024-02-29',
    tree: 'rows systemusers where createdon ge "2024-02-29T00:00:00Z"',
  },
  {
    rule: 'date and dateTimeOffset',
    url: 'systemusers?$filter=createdon ge 2024-02-29T10:00:00Z',
    tree: 'rows systemusers where createdon ge "2024-02-29T10:00:00Z"',
  },
  {
    rule: 'date and dateTimeOffset',
    url: 'systemusers?$filter=createdon ge 2024-02-29T10:00Z',
    tree: 'rows systemusers where createdon ge "2024-02-29T10:00:00Z"',
  },
  {
    rule: 'date and dateTimeOffset',
    url: 'systemusers?$filter=createdon ge 2024-02-29T10:00:00.123Z',
    tree: 'rows systemusers where createdon ge "2024-02-29T10:00:00Z"',
  },
  {
    rule: 'date and dateTimeOffset',
    url: 'systemusers?$filter=createdon ge 2024-02-29T10:00:00%2B02:00',
    tree: 'rows systemusers where createdon ge "2024-02-29T08:00:00Z"',
  },
  {
    rule: 'date and dateTimeOffset',
    url: 'systemusers?$filter=createdon ge 2024-02-29T10:00:00-05:30',
    tree: 'rows systemusers where createdon ge "2024-02-29T15:30:00Z"',
  },
  {
    rule: 'date and dateTimeOffset',
    url: 'systemusers?$filter=createdon ge 2024-02-29t10:00:00z',
    tree: 'rows systemusers where createdon ge "2024-02-29T10:00:00Z"',
  },
  {
    rule: 'date and dateTimeOffset',
    url: 'mshr_hcmrecruitingrequestentities?$filter=mshr_estimatedstartdate eq 2024-12-31',
    tree: 'rows mshr_hcmrecruitingrequestentities where mshr_estimatedstartdate eq "2024-12-31T00:00:00Z"',
  },
  {
    rule: 'date and dateTimeOffset',
    url: 'mshr_hcmrecruitingrequestentities?$filter=mshr_estimatedstartdate lt 2024-12-31T00:00:00Z',
    tree: 'rows mshr_hcmrecruitingrequestentities where mshr_estimatedstartdate lt "2024-12-31T00:00:00Z"',
  },
  {
    rule: 'date and dateTimeOffset',
    url: 'systemusers?$filter=2024-01-01 lt createdon',
    tree: 'rows systemusers where createdon gt "2024-01-01T00:00:00Z"',
  },
  {
    rule: 'date and dateTimeOffset',
    url: 'systemusers?$filter=createdon ge 2024-02-29T10%3A00%3A00Z',
    tree: 'rows systemusers where createdon ge "2024-02-29T10:00:00Z"',
  },
];
