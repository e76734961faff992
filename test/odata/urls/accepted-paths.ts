import type { AcceptedUrl } from './url-case.ts';

export const acceptedPaths: readonly AcceptedUrl[] = [
  { rule: 'resourcePath: an entity set', url: 'systemusers', tree: 'rows systemusers' },
  {
    rule: 'resourcePath: an entity set',
    url: 'mshr_hcmrecruitingrequestentities',
    tree: 'rows mshr_hcmrecruitingrequestentities',
  },
  { rule: 'resourcePath: an entity set', url: 'systemusers/', tree: 'rows systemusers' },
  { rule: 'resourcePath: an entity set', url: 'businessunits?', tree: 'rows businessunits' },
  { rule: 'resourcePath: an entity set', url: '/api/data/v9.2/systemusers', tree: 'rows systemusers' },
  {
    rule: 'resourcePath: an entity set',
    url: 'https://org.example/api/data/v9.0/systemusers',
    tree: 'rows systemusers',
  },
  { rule: 'resourcePath: an entity set', url: '%73ystemusers', tree: 'rows systemusers' },
  {
    rule: 'keyPredicate',
    url: 'systemusers(aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee)',
    tree: 'row systemusers(aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee)',
  },
  {
    rule: 'keyPredicate',
    url: 'systemusers(systemuserid=aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee)',
    tree: 'row systemusers(aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee)',
  },
  {
    rule: 'keyPredicate',
    url: 'systemusers(%61aaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee)',
    tree: 'row systemusers(aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee)',
  },
  {
    rule: 'keyPredicate',
    url: 'systemusers%28aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee%29',
    tree: 'row systemusers(aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee)',
  },
  {
    rule: 'keyPredicate',
    url: 'systemusers(AAAAAAAA-BBBB-4CCC-8DDD-EEEEEEEEEEEE)',
    tree: 'row systemusers(aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee)',
  },
  {
    rule: 'keyPredicate',
    url: 'systemusers( aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee )',
    tree: 'row systemusers(aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee)',
  },
  {
    rule: 'keyPredicate',
    url: 'systemusers(aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee) ',
    tree: 'row systemusers(aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee)',
  },
  {
    rule: 'keyPredicate',
    url: 'systemusers(systemuserid = aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee)',
    tree: 'row systemusers(aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee)',
  },
  {
    rule: 'keyPredicate',
    url: 'mshr_hcmrecruitingrequestentities(00000bb8-0000-0000-005f-005001000000)',
    tree: 'row mshr_hcmrecruitingrequestentities(00000bb8-0000-0000-005f-005001000000)',
  },
  {
    rule: 'singleNavigation',
    url: 'systemusers(aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee)/businessunitid',
    tree: 'related systemusers(aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee)/businessunitid',
  },
  {
    rule: 'singleNavigation',
    url: 'systemusers(aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee)/businessunitid?$select=name',
    tree: 'related systemusers(aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee)/businessunitid select name',
  },
  {
    rule: 'singleNavigation',
    url: 'mshr_hcmrecruitingrequestentities(00000bb8-0000-0000-005f-005001000000)/mshr_FK_Job_id',
    tree: 'related mshr_hcmrecruitingrequestentities(00000bb8-0000-0000-005f-005001000000)/mshr_FK_Job_id',
  },
  {
    rule: 'singleNavigation',
    url: 'systemusers(aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee)/businessunitid/name',
    tree: 'related systemusers(aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee)/businessunitid select name as property name',
  },
  {
    rule: 'singleNavigation',
    url: 'systemusers(aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee)/businessunitid/name/$value',
    tree: 'related systemusers(aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee)/businessunitid select name as text name',
  },
  {
    rule: 'collectionNavigation',
    url: 'systemusers(aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee)/systemuserroles_association',
    tree: 'related systemusers(aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee)/systemuserroles_association',
  },
  {
    rule: 'collectionNavigation',
    url: 'businessunits(aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee)/business_unit_system_users?$top=2',
    tree: 'related businessunits(aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee)/business_unit_system_users limit 2',
  },
  {
    rule: 'collectionNavigation',
    url: 'systemusers(aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee)/systemuserroles_association(00000bb8-0000-0000-005f-005001000000)',
    tree: 'related systemusers(aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee)/systemuserroles_association where roleid eq "00000bb8-0000-0000-005f-005001000000" as member',
  },
  {
    rule: 'collectionNavigation',
    url: 'systemusers(aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee)/systemuserroles_association(00000bb8-0000-0000-005f-005001000000)?$select=name',
    tree: 'related systemusers(aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee)/systemuserroles_association select name where roleid eq "00000bb8-0000-0000-005f-005001000000" as member',
  },
  {
    rule: 'collectionNavigation',
    url: 'systemusers(aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee)/systemuserroles_association(roleid=00000bb8-0000-0000-005f-005001000000)',
    tree: 'related systemusers(aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee)/systemuserroles_association where roleid eq "00000bb8-0000-0000-005f-005001000000" as member',
  },
  {
    rule: 'collectionNavigation',
    url: "mshr_hcmrecruitingrequestentities(00000bb8-0000-0000-005f-005001000000)/mshr_FK_HcmRecruitingRequestSkillEntity_RecruitingRequest?$filter=mshr_skillid eq 'x'",
    tree: 'related mshr_hcmrecruitingrequestentities(00000bb8-0000-0000-005f-005001000000)/mshr_FK_HcmRecruitingRequestSkillEntity_RecruitingRequest where mshr_skillid eq "x"',
  },
  { rule: 'count', url: 'systemusers/$count', tree: 'count systemusers counted' },
  {
    rule: 'count',
    url: 'systemusers/$count?$filter=isdisabled eq true',
    tree: 'count systemusers where isdisabled eq true counted',
  },
  {
    rule: 'count',
    url: 'systemusers(aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee)/systemuserroles_association/$count',
    tree: 'related systemusers(aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee)/systemuserroles_association counted as count',
  },
  {
    rule: 'count',
    url: "systemusers(aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee)/systemuserroles_association/$count?$filter=name eq 'x'",
    tree: 'related systemusers(aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee)/systemuserroles_association where name eq "x" counted as count',
  },
  {
    rule: 'ref',
    url: 'systemusers(aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee)/businessunitid/$ref',
    tree: 'related systemusers(aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee)/businessunitid as references',
  },
  {
    rule: 'ref',
    url: 'systemusers(aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee)/systemuserroles_association/$ref',
    tree: 'related systemusers(aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee)/systemuserroles_association as references',
  },
  {
    rule: 'ref',
    url: 'systemusers(aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee)/systemuserroles_association/$ref?$top=3&$filter=name ne null',
    tree: 'related systemusers(aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee)/systemuserroles_association where name ne null limit 3 as references',
  },
  {
    rule: 'primitivePath: a property and its value',
    url: 'systemusers(aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee)/fullname',
    tree: 'row systemusers(aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee) select fullname as property fullname',
  },
  {
    rule: 'primitivePath: a property and its value',
    url: 'systemusers(aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee)/fullname/$value',
    tree: 'row systemusers(aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee) select fullname as text fullname',
  },
  {
    rule: 'primitivePath: a property and its value',
    url: 'systemusers(aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee)/_businessunitid_value',
    tree: 'row systemusers(aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee) select _businessunitid_value as property _businessunitid_value',
  },
  {
    rule: 'primitivePath: a property and its value',
    url: 'systemusers(aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee)/_businessunitid_value/$value',
    tree: 'row systemusers(aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee) select _businessunitid_value as text _businessunitid_value',
  },
  {
    rule: 'primitivePath: a property and its value',
    url: 'systemusers(aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee)/systemuserid',
    tree: 'row systemusers(aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee) select systemuserid as property systemuserid',
  },
  {
    rule: 'primitivePath: a property and its value',
    url: 'mshr_hcmrecruitingrequestentities(00000bb8-0000-0000-005f-005001000000)/mshr_status/$value',
    tree: 'row mshr_hcmrecruitingrequestentities(00000bb8-0000-0000-005f-005001000000) select mshr_status as text mshr_status',
  },
  { rule: 'functionImport and boundFunctionCall', url: 'WhoAmI', tree: 'message WhoAmI{}' },
  { rule: 'functionImport and boundFunctionCall', url: 'WhoAmI()', tree: 'message WhoAmI{}' },
  { rule: 'functionImport and boundFunctionCall', url: 'RetrieveVersion()', tree: 'message RetrieveVersion{}' },
  {
    rule: 'functionImport and boundFunctionCall',
    url: 'RetrieveRolePrivilegesRole(RoleId=aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee)',
    tree: 'message RetrieveRolePrivilegesRole{"RoleId":"aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee"}',
  },
  {
    rule: 'functionImport and boundFunctionCall',
    url: 'RetrieveRolePrivilegesRole(RoleId=@r)?@r=aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee',
    tree: 'message RetrieveRolePrivilegesRole{"RoleId":"aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee"}',
  },
  {
    rule: 'functionImport and boundFunctionCall',
    url: 'systemusers(aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee)/Microsoft.Dynamics.CRM.RetrieveUserPrivileges()',
    tree: 'message systemusers(aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee)/RetrieveUserPrivileges{}',
  },
  {
    rule: 'functionImport and boundFunctionCall',
    url: 'systemusers(aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee)/Microsoft.Dynamics.CRM.RetrieveUserPrivileges',
    tree: 'message systemusers(aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee)/RetrieveUserPrivileges{}',
  },
];
