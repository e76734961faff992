import type { AcceptedUrl } from './url-case.ts';

export const acceptedOtherRows: readonly AcceptedUrl[] = [
  {
    rule: 'singleNavigationExpr',
    url: "systemusers?$filter=businessunitid/name eq 'x'",
    tree: 'rows systemusers where through businessunitid(name eq "x")',
  },
  {
    rule: 'singleNavigationExpr',
    url: "systemusers?$filter=businessunitid/name ne 'x'",
    tree: 'rows systemusers where not(through businessunitid(name eq "x"))',
  },
  {
    rule: 'singleNavigationExpr',
    url: "systemusers?$filter=not (businessunitid/name eq 'x')",
    tree: 'rows systemusers where not(through businessunitid(name eq "x"))',
  },
  {
    rule: 'singleNavigationExpr',
    url: "systemusers?$filter=not (businessunitid/name ne 'x')",
    tree: 'rows systemusers where through businessunitid(name eq "x")',
  },
  {
    rule: 'singleNavigationExpr',
    url: 'systemusers?$filter=businessunitid/name eq null',
    tree: 'rows systemusers where not(through businessunitid(name ne null))',
  },
  {
    rule: 'singleNavigationExpr',
    url: 'systemusers?$filter=businessunitid/isdisabled',
    tree: 'rows systemusers where through businessunitid(isdisabled eq true)',
  },
  {
    rule: 'singleNavigationExpr',
    url: 'systemusers?$filter=not businessunitid/isdisabled',
    tree: 'rows systemusers where through businessunitid(not(isdisabled eq true))',
  },
  {
    rule: 'singleNavigationExpr',
    url: "systemusers?$filter=businessunitid/parentbusinessunitid/name eq 'x'",
    tree: 'rows systemusers where through businessunitid(through parentbusinessunitid(name eq "x"))',
  },
  {
    rule: 'singleNavigationExpr',
    url: "systemusers?$filter=businessunitid/name gt 'x'",
    tree: 'rows systemusers where through businessunitid(name gt "x")',
  },
  {
    rule: 'singleNavigationExpr',
    url: "systemusers?$filter=not (businessunitid/name gt 'x')",
    tree: 'rows systemusers where through businessunitid(not(name gt "x"))',
  },
  {
    rule: 'singleNavigationExpr',
    url: 'systemusers?$filter=businessunitid/businessunitid eq aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee',
    tree: 'rows systemusers where through businessunitid(businessunitid eq "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee")',
  },
  {
    rule: 'singleNavigationExpr',
    url: "mshr_hcmrecruitingrequestentities?$filter=mshr_FK_Job_id/mshr_jobid eq 'x'",
    tree: 'rows mshr_hcmrecruitingrequestentities where through mshr_FK_Job_id(mshr_jobid eq "x")',
  },
  {
    rule: 'singleNavigationExpr',
    url: "mshr_hcmcandidatetohireentities?$filter=mshr_FK_RecruitingRequest_id/mshr_FK_Job_id/mshr_jobid eq 'x'",
    tree: 'rows mshr_hcmcandidatetohireentities where through mshr_FK_RecruitingRequest_id(through mshr_FK_Job_id(mshr_jobid eq "x"))',
  },
  {
    rule: 'singleNavigationExpr',
    url: "systemusers?$filter=not contains(businessunitid/name,'x')",
    tree: 'rows systemusers where through businessunitid(not(name contains "x"))',
  },
  {
    rule: 'singleNavigationExpr',
    url: "systemusers?$filter='x' lt businessunitid/name",
    tree: 'rows systemusers where through businessunitid(name gt "x")',
  },
  {
    rule: 'anyExpr',
    url: 'systemusers?$filter=systemuserroles_association/any()',
    tree: 'rows systemusers where through systemuserroles_association(always)',
  },
  {
    rule: 'anyExpr',
    url: "systemusers?$filter=systemuserroles_association/any(r:r/name eq 'x')",
    tree: 'rows systemusers where through systemuserroles_association(name eq "x")',
  },
  {
    rule: 'anyExpr',
    url: "systemusers?$filter=systemuserroles_association/any( r : r/name eq 'x' )",
    tree: 'rows systemusers where through systemuserroles_association(name eq "x")',
  },
  {
    rule: 'anyExpr',
    url: "systemusers?$filter=not systemuserroles_association/any(r:r/name eq 'x')",
    tree: 'rows systemusers where not(through systemuserroles_association(name eq "x"))',
  },
  {
    rule: 'anyExpr',
    url: "systemusers?$filter=systemuserroles_association/any(r:contains(r/name,'x') and r/createdon gt 2024-01-01)",
    tree: 'rows systemusers where through systemuserroles_association(and(name contains "x", createdon gt "2024-01-01T00:00:00Z"))',
  },
  {
    rule: 'anyExpr',
    url: "systemusers?$filter=systemuserroles_association/any(r:not (r/name eq 'x'))",
    tree: 'rows systemusers where through systemuserroles_association(name ne "x")',
  },
  {
    rule: 'anyExpr',
    url: "systemusers?$filter=systemuserroles_association/any(r:r/businessunitid/name eq 'x')",
    tree: 'rows systemusers where through systemuserroles_association(through businessunitid(name eq "x"))',
  },
  {
    rule: 'anyExpr',
    url: 'systemusers?$filter=systemuserroles_association/any(r:true)',
    tree: 'rows systemusers where through systemuserroles_association(always)',
  },
  {
    rule: 'anyExpr',
    url: "systemusers?$filter=systemuserroles_association/any(r:r/name eq 'x') eq true",
    tree: 'rows systemusers where through systemuserroles_association(name eq "x")',
  },
  {
    rule: 'anyExpr',
    url: "systemusers?$filter=systemuserroles_association/any(r:r/name eq 'x') and isdisabled",
    tree: 'rows systemusers where and(through systemuserroles_association(name eq "x"), isdisabled eq true)',
  },
  {
    rule: 'anyExpr',
    url: "mshr_hcmrecruitingrequestentities?$filter=mshr_FK_HcmRecruitingRequestSkillEntity_RecruitingRequest/any(s:s/mshr_skillid eq 'x')",
    tree: 'rows mshr_hcmrecruitingrequestentities where through mshr_FK_HcmRecruitingRequestSkillEntity_RecruitingRequest(mshr_skillid eq "x")',
  },
  {
    rule: 'anyExpr',
    url: "systemusers?$filter=systemuserroles_association/any(r:r/name eq @p)&@p='x'",
    tree: 'rows systemusers where through systemuserroles_association(name eq "x")',
  },
  {
    rule: 'anyExpr',
    url: "systemusers?$filter=systemuserroles_association/any(role:role/name in ('a','b'))",
    tree: 'rows systemusers where through systemuserroles_association(name in "a"|"b")',
  },
  {
    rule: 'anyExpr',
    url: 'systemusers?$filter=systemuserroles_association/any(r:r/name eq r/name)',
    tree: 'rows systemusers where through systemuserroles_association(name eq name)',
  },
  {
    rule: 'allExpr',
    url: "systemusers?$filter=systemuserroles_association/all(r:r/name eq 'x')",
    tree: 'rows systemusers where every systemuserroles_association(name eq "x")',
  },
  {
    rule: 'allExpr',
    url: "systemusers?$filter=not systemuserroles_association/all(r:r/name eq 'x')",
    tree: 'rows systemusers where not(every systemuserroles_association(name eq "x"))',
  },
  {
    rule: 'allExpr',
    url: 'businessunits?$filter=business_unit_system_users/all(u:u/isdisabled eq false)',
    tree: 'rows businessunits where every business_unit_system_users(isdisabled eq false)',
  },
  {
    rule: 'allExpr',
    url: 'businessunits?$filter=business_unit_system_users/all(u:u/isdisabled)',
    tree: 'rows businessunits where every business_unit_system_users(isdisabled eq true)',
  },
  {
    rule: 'lambdas inside each other',
    url: "businessunits?$filter=business_unit_system_users/any(u:u/systemuserroles_association/any(r:r/name eq 'x'))",
    tree: 'rows businessunits where through business_unit_system_users(through systemuserroles_association(name eq "x"))',
  },
  {
    rule: 'lambdas inside each other',
    url: "businessunits?$filter=business_unit_system_users/any(u:u/fullname eq 'a' and u/user_parent_user/all(v:v/isdisabled))",
    tree: 'rows businessunits where through business_unit_system_users(and(fullname eq "a", every user_parent_user(isdisabled eq true)))',
  },
  {
    rule: 'lambdas inside each other',
    url: 'businessunits?$filter=business_unit_system_users/all(u:u/systemuserroles_association/any())',
    tree: 'rows businessunits where every business_unit_system_users(through systemuserroles_association(always))',
  },
  {
    rule: 'lambdas inside each other',
    url: "businessunits?$filter=business_unit_system_users/any(u:not u/systemuserroles_association/any(r:r/name eq 'x'))",
    tree: 'rows businessunits where through business_unit_system_users(not(through systemuserroles_association(name eq "x")))',
  },
];
