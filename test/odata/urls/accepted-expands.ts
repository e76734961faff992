import type { AcceptedUrl } from './url-case.ts';

export const acceptedExpands: readonly AcceptedUrl[] = [
  { rule: 'expandItem', url: 'systemusers?$expand=businessunitid', tree: 'rows systemusers expand businessunitid()' },
  {
    rule: 'expandItem',
    url: 'systemusers?$expand=systemuserroles_association',
    tree: 'rows systemusers expand systemuserroles_association()',
  },
  {
    rule: 'expandItem',
    url: 'systemusers?$expand=businessunitid,parentsystemuserid',
    tree: 'rows systemusers expand businessunitid();parentsystemuserid()',
  },
  {
    rule: 'expandItem',
    url: 'systemusers?$expand=businessunitid, parentsystemuserid',
    tree: 'rows systemusers expand businessunitid();parentsystemuserid()',
  },
  {
    rule: 'expandItem',
    url: 'systemusers(aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee)?$expand=systemuserroles_association',
    tree: 'row systemusers(aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee) expand systemuserroles_association()',
  },
  {
    rule: 'expandItem',
    url: 'mshr_hcmrecruitingrequestentities?$expand=mshr_FK_HcmRecruitingRequestSkillEntity_RecruitingRequest',
    tree: 'rows mshr_hcmrecruitingrequestentities expand mshr_FK_HcmRecruitingRequestSkillEntity_RecruitingRequest()',
  },
  {
    rule: 'expandItem',
    url: 'systemusers?$expand=systemuserroles_association($top=1)',
    tree: 'rows systemusers expand systemuserroles_association(limit 1)',
  },
  {
    rule: 'expandOption',
    url: 'systemusers?$expand=businessunitid($select=name)',
    tree: 'rows systemusers expand businessunitid(select name)',
  },
  {
    rule: 'expandOption',
    url: 'systemusers?$expand=businessunitid( $select=name )',
    tree: 'rows systemusers expand businessunitid(select name)',
  },
  {
    rule: 'expandOption',
    url: 'systemusers?$expand=businessunitid($select=name,isdisabled)',
    tree: 'rows systemusers expand businessunitid(select name,isdisabled)',
  },
  {
    rule: 'expandOption',
    url: "systemusers?$expand=systemuserroles_association($filter=name eq 'x')",
    tree: 'rows systemusers expand systemuserroles_association(where name eq "x")',
  },
  {
    rule: 'expandOption',
    url: "systemusers?$expand=systemuserroles_association($filter=contains(name,';)'))",
    tree: 'rows systemusers expand systemuserroles_association(where name contains ";)")',
  },
  {
    rule: 'expandOption',
    url: 'systemusers?$expand=systemuserroles_association($orderby=name desc,createdon)',
    tree: 'rows systemusers expand systemuserroles_association(order -name,createdon)',
  },
  {
    rule: 'expandOption',
    url: 'systemusers?$expand=systemuserroles_association($orderby=businessunitid/name)',
    tree: 'rows systemusers expand systemuserroles_association(order businessunitid/name)',
  },
  {
    rule: 'expandOption',
    url: 'systemusers?$expand=systemuserroles_association($top=2)',
    tree: 'rows systemusers expand systemuserroles_association(limit 2)',
  },
  {
    rule: 'expandOption',
    url: 'systemusers?$expand=systemuserroles_association($select=name;$filter=name ne null;$orderby=name;$top=3)',
    tree: 'rows systemusers expand systemuserroles_association(select name where name ne null order name limit 3)',
  },
  {
    rule: 'expandOption',
    url: 'systemusers?$expand=systemuserroles_association($top=3;$select=name)',
    tree: 'rows systemusers expand systemuserroles_association(select name limit 3)',
  },
  {
    rule: 'expandOption',
    url: "systemusers?$expand=businessunitid($filter=name eq 'x')",
    tree: 'rows systemusers expand businessunitid(where name eq "x")',
  },
  {
    rule: 'expandOption',
    url: 'systemusers?$select=fullname&$expand=businessunitid($select=name)',
    tree: 'rows systemusers select fullname expand businessunitid(select name)',
  },
  {
    rule: 'expandOption',
    url: 'systemusers?$expand=businessunitid($select=name),user_parent_user($top=1)',
    tree: 'rows systemusers expand businessunitid(select name);user_parent_user(limit 1)',
  },
  {
    rule: 'nested expand',
    url: 'systemusers?$expand=businessunitid($expand=parentbusinessunitid)',
    tree: 'rows systemusers expand businessunitid(expand parentbusinessunitid())',
  },
  {
    rule: 'nested expand',
    url: 'systemusers?$expand=businessunitid($select=name;$expand=parentbusinessunitid($select=name))',
    tree: 'rows systemusers expand businessunitid(select name expand parentbusinessunitid(select name))',
  },
  {
    rule: 'nested expand',
    url: 'systemusers?$expand=businessunitid($expand=parentbusinessunitid($expand=parentbusinessunitid($select=name)))',
    tree: 'rows systemusers expand businessunitid(expand parentbusinessunitid(expand parentbusinessunitid(select name)))',
  },
  {
    rule: 'nested expand',
    url: 'businessunits?$expand=business_unit_system_users($select=fullname;$expand=parentsystemuserid($select=fullname))',
    tree: 'rows businessunits expand business_unit_system_users(select fullname expand parentsystemuserid(select fullname) paged)',
  },
  {
    rule: 'nested expand',
    url: 'businessunits?$expand=business_unit_system_users($filter=isdisabled eq false;$expand=user_parent_user)',
    tree: 'rows businessunits expand business_unit_system_users(where isdisabled eq false expand user_parent_user(paged) paged)',
  },
  {
    rule: 'nested expand',
    url: 'mshr_hcmrecruitingrequestentities?$expand=mshr_FK_HcmRecruitingRequestSkillEntity_RecruitingRequest($select=mshr_skillid;$expand=mshr_FK_Skill_id)',
    tree: 'rows mshr_hcmrecruitingrequestentities expand mshr_FK_HcmRecruitingRequestSkillEntity_RecruitingRequest(select mshr_skillid expand mshr_FK_Skill_id() paged)',
  },
  {
    rule: 'nested expand',
    url: 'systemusers?$expand=parentsystemuserid($expand=businessunitid),businessunitid',
    tree: 'rows systemusers expand parentsystemuserid(expand businessunitid());businessunitid()',
  },
  { rule: 'ref', url: 'systemusers?$expand=businessunitid/$ref', tree: 'rows systemusers expand businessunitid/$ref' },
  {
    rule: 'ref',
    url: 'systemusers?$select=fullname&$expand=businessunitid/$ref',
    tree: 'rows systemusers select fullname,_businessunitid_value expand businessunitid/$ref',
  },
  {
    rule: 'ref',
    url: 'systemusers?$expand=businessunitid/$ref,parentsystemuserid/$ref',
    tree: 'rows systemusers expand businessunitid/$ref;parentsystemuserid/$ref',
  },
  {
    rule: 'ref',
    url: 'mshr_hcmrecruitingrequestentities(00000bb8-0000-0000-005f-005001000000)?$expand=mshr_FK_Job_id/$ref',
    tree: 'row mshr_hcmrecruitingrequestentities(00000bb8-0000-0000-005f-005001000000) expand mshr_FK_Job_id/$ref',
  },
  {
    rule: 'many-to-many with others',
    url: 'systemusers?$expand=systemuserroles_association,businessunitid',
    tree: 'rows systemusers expand systemuserroles_association();businessunitid()',
  },
  {
    rule: 'many-to-many with others',
    url: 'systemusers?$expand=systemuserroles_association($expand=businessunitid)',
    tree: 'rows systemusers expand systemuserroles_association(expand businessunitid() paged)',
  },
];
