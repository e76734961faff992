import type { AcceptedUrl } from './url-case.ts';

export const acceptedQueryFunctions: readonly AcceptedUrl[] = [
  {
    rule: 'ranges that depend on the day',
    url: "systemusers?$filter=Microsoft.Dynamics.CRM.Yesterday(PropertyName='createdon')",
    tree: 'rows systemusers where and(createdon ge "2024-02-28T00:00:00Z", createdon lt "2024-02-29T00:00:00Z")',
  },
  {
    rule: 'ranges that depend on the day',
    url: "systemusers?$filter=Microsoft.Dynamics.CRM.Today(PropertyName='createdon')",
    tree: 'rows systemusers where and(createdon ge "2024-02-29T00:00:00Z", createdon lt "2024-03-01T00:00:00Z")',
  },
  {
    rule: 'ranges that depend on the day',
    url: "systemusers?$filter=Microsoft.Dynamics.CRM.Tomorrow(PropertyName='createdon')",
    tree: 'rows systemusers where and(createdon ge "2024-03-01T00:00:00Z", createdon lt "2024-03-02T00:00:00Z")',
  },
  {
    rule: 'ranges that depend on the day',
    url: "systemusers?$filter=Microsoft.Dynamics.CRM.LastWeek(PropertyName='createdon')",
    tree: 'rows systemusers where and(createdon ge "2024-02-18T00:00:00Z", createdon lt "2024-02-25T00:00:00Z")',
  },
  {
    rule: 'ranges that depend on the day',
    url: "systemusers?$filter=Microsoft.Dynamics.CRM.ThisWeek(PropertyName='createdon')",
    tree: 'rows systemusers where and(createdon ge "2024-02-25T00:00:00Z", createdon lt "2024-03-03T00:00:00Z")',
  },
  {
    rule: 'ranges that depend on the day',
    url: "systemusers?$filter=Microsoft.Dynamics.CRM.NextWeek(PropertyName='createdon')",
    tree: 'rows systemusers where and(createdon ge "2024-03-03T00:00:00Z", createdon lt "2024-03-10T00:00:00Z")',
  },
  {
    rule: 'ranges that depend on the day',
    url: "systemusers?$filter=Microsoft.Dynamics.CRM.LastMonth(PropertyName='createdon')",
    tree: 'rows systemusers where and(createdon ge "2024-01-01T00:00:00Z", createdon lt "2024-02-01T00:00:00Z")',
  },
  {
    rule: 'ranges that depend on the day',
    url: "systemusers?$filter=Microsoft.Dynamics.CRM.ThisMonth(PropertyName='createdon')",
    tree: 'rows systemusers where and(createdon ge "2024-02-01T00:00:00Z", createdon lt "2024-03-01T00:00:00Z")',
  },
  {
    rule: 'ranges that depend on the day',
    url: "systemusers?$filter=Microsoft.Dynamics.CRM.NextMonth(PropertyName='createdon')",
    tree: 'rows systemusers where and(createdon ge "2024-03-01T00:00:00Z", createdon lt "2024-04-01T00:00:00Z")',
  },
  {
    rule: 'ranges that depend on the day',
    url: "systemusers?$filter=Microsoft.Dynamics.CRM.LastYear(PropertyName='createdon')",
    tree: 'rows systemusers where and(createdon ge "2023-01-01T00:00:00Z", createdon lt "2024-01-01T00:00:00Z")',
  },
  {
    rule: 'ranges that depend on the day',
    url: "systemusers?$filter=Microsoft.Dynamics.CRM.ThisYear(PropertyName='createdon')",
    tree: 'rows systemusers where and(createdon ge "2024-01-01T00:00:00Z", createdon lt "2025-01-01T00:00:00Z")',
  },
  {
    rule: 'ranges that depend on the day',
    url: "systemusers?$filter=Microsoft.Dynamics.CRM.NextYear(PropertyName='createdon')",
    tree: 'rows systemusers where and(createdon ge "2025-01-01T00:00:00Z", createdon lt "2026-01-01T00:00:00Z")',
  },
  {
    rule: 'ranges that depend on the day',
    url: "systemusers?$filter=Microsoft.Dynamics.CRM.LastFiscalPeriod(PropertyName='createdon')",
    tree: 'rows systemusers where and(createdon ge "2023-10-01T00:00:00Z", createdon lt "2024-01-01T00:00:00Z")',
  },
  {
    rule: 'ranges that depend on the day',
    url: "systemusers?$filter=Microsoft.Dynamics.CRM.ThisFiscalPeriod(PropertyName='createdon')",
    tree: 'rows systemusers where and(createdon ge "2024-01-01T00:00:00Z", createdon lt "2024-04-01T00:00:00Z")',
  },
  {
    rule: 'ranges that depend on the day',
    url: "systemusers?$filter=Microsoft.Dynamics.CRM.NextFiscalPeriod(PropertyName='createdon')",
    tree: 'rows systemusers where and(createdon ge "2024-04-01T00:00:00Z", createdon lt "2024-07-01T00:00:00Z")',
  },
  {
    rule: 'ranges that depend on the day',
    url: "systemusers?$filter=Microsoft.Dynamics.CRM.LastFiscalYear(PropertyName='createdon')",
    tree: 'rows systemusers where and(createdon ge "2023-01-01T00:00:00Z", createdon lt "2024-01-01T00:00:00Z")',
  },
  {
    rule: 'ranges that depend on the day',
    url: "systemusers?$filter=Microsoft.Dynamics.CRM.ThisFiscalYear(PropertyName='createdon')",
    tree: 'rows systemusers where and(createdon ge "2024-01-01T00:00:00Z", createdon lt "2025-01-01T00:00:00Z")',
  },
  {
    rule: 'ranges that depend on the day',
    url: "systemusers?$filter=Microsoft.Dynamics.CRM.NextFiscalYear(PropertyName='createdon')",
    tree: 'rows systemusers where and(createdon ge "2025-01-01T00:00:00Z", createdon lt "2026-01-01T00:00:00Z")',
  },
  {
    rule: 'ranges that depend on the day',
    url: "systemusers?$filter=Microsoft.Dynamics.CRM.Last7Days(PropertyName='createdon')",
    tree: 'rows systemusers where and(createdon ge "2024-02-22T00:00:00Z", createdon lt "2024-02-29T14:35:21Z")',
  },
  {
    rule: 'ranges that depend on the day',
    url: "systemusers?$filter=Microsoft.Dynamics.CRM.Next7Days(PropertyName='createdon')",
    tree: 'rows systemusers where and(createdon ge "2024-02-29T14:35:00Z", createdon lt "2024-03-08T00:00:00Z")',
  },
  {
    rule: 'ranges of so many units',
    url: "systemusers?$filter=Microsoft.Dynamics.CRM.LastXHours(PropertyName='createdon',PropertyValue=2)",
    tree: 'rows systemusers where and(createdon ge "2024-02-29T12:00:00Z", createdon lt "2024-02-29T14:35:21Z")',
  },
  {
    rule: 'ranges of so many units',
    url: "systemusers?$filter=Microsoft.Dynamics.CRM.LastXDays(PropertyName='createdon',PropertyValue=2)",
    tree: 'rows systemusers where and(createdon ge "2024-02-27T00:00:00Z", createdon lt "2024-02-29T14:35:21Z")',
  },
  {
    rule: 'ranges of so many units',
    url: "systemusers?$filter=Microsoft.Dynamics.CRM.LastXWeeks(PropertyName='createdon',PropertyValue=2)",
    tree: 'rows systemusers where and(createdon ge "2024-02-15T00:00:00Z", createdon lt "2024-02-29T14:35:21Z")',
  },
  {
    rule: 'ranges of so many units',
    url: "systemusers?$filter=Microsoft.Dynamics.CRM.LastXMonths(PropertyName='createdon',PropertyValue=2)",
    tree: 'rows systemusers where and(createdon ge "2023-12-29T00:00:00Z", createdon lt "2024-02-29T14:35:21Z")',
  },
  {
    rule: 'ranges of so many units',
    url: "systemusers?$filter=Microsoft.Dynamics.CRM.LastXYears(PropertyName='createdon',PropertyValue=2)",
    tree: 'rows systemusers where and(createdon ge "2022-02-28T00:00:00Z", createdon lt "2024-02-29T14:35:21Z")',
  },
  {
    rule: 'ranges of so many units',
    url: "systemusers?$filter=Microsoft.Dynamics.CRM.LastXFiscalPeriods(PropertyName='createdon',PropertyValue=2)",
    tree: 'rows systemusers where and(createdon ge "2023-07-01T00:00:00Z", createdon lt "2024-01-01T00:00:00Z")',
  },
  {
    rule: 'ranges of so many units',
    url: "systemusers?$filter=Microsoft.Dynamics.CRM.LastXFiscalYears(PropertyName='createdon',PropertyValue=2)",
    tree: 'rows systemusers where and(createdon ge "2022-01-01T00:00:00Z", createdon lt "2024-01-01T00:00:00Z")',
  },
  {
    rule: 'ranges of so many units',
    url: "systemusers?$filter=Microsoft.Dynamics.CRM.NextXHours(PropertyName='createdon',PropertyValue=2)",
    tree: 'rows systemusers where and(createdon ge "2024-02-29T14:35:00Z", createdon lt "2024-02-29T17:00:00Z")',
  },
  {
    rule: 'ranges of so many units',
    url: "systemusers?$filter=Microsoft.Dynamics.CRM.NextXDays(PropertyName='createdon',PropertyValue=2)",
    tree: 'rows systemusers where and(createdon ge "2024-02-29T14:35:00Z", createdon lt "2024-03-03T00:00:00Z")',
  },
  {
    rule: 'ranges of so many units',
    url: "systemusers?$filter=Microsoft.Dynamics.CRM.NextXWeeks(PropertyName='createdon',PropertyValue=2)",
    tree: 'rows systemusers where and(createdon ge "2024-02-29T14:35:00Z", createdon lt "2024-03-15T00:00:00Z")',
  },
  {
    rule: 'ranges of so many units',
    url: "systemusers?$filter=Microsoft.Dynamics.CRM.NextXMonths(PropertyName='createdon',PropertyValue=2)",
    tree: 'rows systemusers where and(createdon ge "2024-02-29T14:35:00Z", createdon lt "2024-04-30T00:00:00Z")',
  },
  {
    rule: 'ranges of so many units',
    url: "systemusers?$filter=Microsoft.Dynamics.CRM.NextXYears(PropertyName='createdon',PropertyValue=2)",
    tree: 'rows systemusers where and(createdon ge "2024-02-29T14:35:00Z", createdon lt "2026-03-01T00:00:00Z")',
  },
  {
    rule: 'ranges of so many units',
    url: "systemusers?$filter=Microsoft.Dynamics.CRM.NextXFiscalPeriods(PropertyName='createdon',PropertyValue=2)",
    tree: 'rows systemusers where and(createdon ge "2024-04-01T00:00:00Z", createdon lt "2024-10-01T00:00:00Z")',
  },
  {
    rule: 'ranges of so many units',
    url: "systemusers?$filter=Microsoft.Dynamics.CRM.NextXFiscalYears(PropertyName='createdon',PropertyValue=2)",
    tree: 'rows systemusers where and(createdon ge "2025-01-01T00:00:00Z", createdon lt "2027-01-01T00:00:00Z")',
  },
  {
    rule: 'ranges of so many units',
    url: "systemusers?$filter=Microsoft.Dynamics.CRM.OlderThanXMinutes(PropertyName='createdon',PropertyValue=2)",
    tree: 'rows systemusers where createdon lt "2024-02-29T14:33:20Z"',
  },
  {
    rule: 'ranges of so many units',
    url: "systemusers?$filter=Microsoft.Dynamics.CRM.OlderThanXHours(PropertyName='createdon',PropertyValue=2)",
    tree: 'rows systemusers where createdon lt "2024-02-29T12:35:20Z"',
  },
  {
    rule: 'ranges of so many units',
    url: "systemusers?$filter=Microsoft.Dynamics.CRM.OlderThanXDays(PropertyName='createdon',PropertyValue=2)",
    tree: 'rows systemusers where createdon lt "2024-02-27T00:00:00Z"',
  },
  {
    rule: 'ranges of so many units',
    url: "systemusers?$filter=Microsoft.Dynamics.CRM.OlderThanXWeeks(PropertyName='createdon',PropertyValue=2)",
    tree: 'rows systemusers where createdon lt "2024-02-15T00:00:00Z"',
  },
  {
    rule: 'ranges of so many units',
    url: "systemusers?$filter=Microsoft.Dynamics.CRM.OlderThanXMonths(PropertyName='createdon',PropertyValue=2)",
    tree: 'rows systemusers where createdon lt "2023-12-29T00:00:00Z"',
  },
  {
    rule: 'ranges of so many units',
    url: "systemusers?$filter=Microsoft.Dynamics.CRM.OlderThanXYears(PropertyName='createdon',PropertyValue=2)",
    tree: 'rows systemusers where createdon lt "2022-02-28T00:00:00Z"',
  },
  {
    rule: 'days',
    url: "systemusers?$filter=Microsoft.Dynamics.CRM.On(PropertyName='createdon',PropertyValue='2024-02-28')",
    tree: 'rows systemusers where and(createdon ge "2024-02-28T00:00:00Z", createdon lt "2024-02-29T00:00:00Z")',
  },
  {
    rule: 'days',
    url: "systemusers?$filter=Microsoft.Dynamics.CRM.NotOn(PropertyName='createdon',PropertyValue='2024-02-28')",
    tree: 'rows systemusers where or(createdon eq null, not(and(createdon ge "2024-02-28T00:00:00Z", createdon lt "2024-02-29T00:00:00Z")))',
  },
  {
    rule: 'days',
    url: "systemusers?$filter=Microsoft.Dynamics.CRM.OnOrAfter(PropertyName='createdon',PropertyValue='2024-02-28')",
    tree: 'rows systemusers where createdon ge "2024-02-28T00:00:00Z"',
  },
  {
    rule: 'days',
    url: "systemusers?$filter=Microsoft.Dynamics.CRM.OnOrBefore(PropertyName='createdon',PropertyValue='2024-02-28')",
    tree: 'rows systemusers where createdon lt "2024-02-29T00:00:00Z"',
  },
  {
    rule: 'days',
    url: "systemusers?$filter=Microsoft.Dynamics.CRM.On(PropertyName='createdon',PropertyValue=2024-02-28)",
    tree: 'rows systemusers where and(createdon ge "2024-02-28T00:00:00Z", createdon lt "2024-02-29T00:00:00Z")',
  },
  {
    rule: 'days',
    url: "systemusers?$filter=Microsoft.Dynamics.CRM.On(PropertyName='createdon',PropertyValue=2024-02-28T10:00:00Z)",
    tree: 'rows systemusers where and(createdon ge "2024-02-28T00:00:00Z", createdon lt "2024-02-29T00:00:00Z")',
  },
  {
    rule: 'fiscal periods and years',
    url: "systemusers?$filter=Microsoft.Dynamics.CRM.InFiscalYear(PropertyName='createdon',PropertyValue=2023)",
    tree: 'rows systemusers where and(createdon ge "2023-01-01T00:00:00Z", createdon lt "2024-01-01T00:00:00Z")',
  },
  {
    rule: 'fiscal periods and years',
    url: "systemusers?$filter=Microsoft.Dynamics.CRM.InFiscalPeriod(PropertyName='createdon',PropertyValue=2)",
    tree: 'rows systemusers where createdon in months 4|5|6',
  },
  {
    rule: 'fiscal periods and years',
    url: "systemusers?$filter=Microsoft.Dynamics.CRM.InFiscalPeriodAndYear(PropertyName='createdon',PropertyValue1=4,PropertyValue2=2023)",
    tree: 'rows systemusers where and(createdon ge "2023-10-01T00:00:00Z", createdon lt "2024-01-01T00:00:00Z")',
  },
  {
    rule: 'fiscal periods and years',
    url: "systemusers?$filter=Microsoft.Dynamics.CRM.InOrAfterFiscalPeriodAndYear(PropertyName='createdon',PropertyValue1=1,PropertyValue2=2023)",
    tree: 'rows systemusers where createdon ge "2023-01-01T00:00:00Z"',
  },
  {
    rule: 'fiscal periods and years',
    url: "systemusers?$filter=Microsoft.Dynamics.CRM.InOrBeforeFiscalPeriodAndYear(PropertyName='createdon',PropertyValue1=3,PropertyValue2=2023)",
    tree: 'rows systemusers where createdon lt "2023-10-01T00:00:00Z"',
  },
  {
    rule: 'Between and In',
    url: 'systemusers?$filter=Microsoft.Dynamics.CRM.Between(PropertyName=\'accessmode\',PropertyValues=["1","3"])',
    tree: 'rows systemusers where and(accessmode ge 1, accessmode le 3)',
  },
  {
    rule: 'Between and In',
    url: 'systemusers?$filter=Microsoft.Dynamics.CRM.Between(PropertyName=\'createdon\',PropertyValues=["2024-01-01","2024-01-31T23:59:59Z"])',
    tree: 'rows systemusers where and(createdon ge "2024-01-01T00:00:00Z", createdon le "2024-01-31T23:59:59Z")',
  },
  {
    rule: 'Between and In',
    url: "systemusers?$filter=Microsoft.Dynamics.CRM.NotBetween(PropertyName='accessmode',PropertyValues=['1','3'])",
    tree: 'rows systemusers where or(accessmode eq null, not(and(accessmode ge 1, accessmode le 3)))',
  },
  {
    rule: 'Between and In',
    url: "systemusers?$filter=Microsoft.Dynamics.CRM.Between(PropertyName='accessmode',PropertyValues=[1,3])",
    tree: 'rows systemusers where and(accessmode ge 1, accessmode le 3)',
  },
  {
    rule: 'Between and In',
    url: 'mshr_hcmrecruitingrequestentities?$filter=Microsoft.Dynamics.CRM.Between(PropertyName=\'mshr_compensationlowthreshold\',PropertyValues=["1.5","2.50"])',
    tree: 'rows mshr_hcmrecruitingrequestentities where and(mshr_compensationlowthreshold ge "1.5", mshr_compensationlowthreshold le "2.5")',
  },
  {
    rule: 'Between and In',
    url: 'systemusers?$filter=Microsoft.Dynamics.CRM.In(PropertyName=\'fullname\',PropertyValues=["a","O\'Brian"])',
    tree: 'rows systemusers where fullname in "a"|"O\'Brian"',
  },
  {
    rule: 'Between and In',
    url: 'systemusers?$filter=Microsoft.Dynamics.CRM.In(PropertyName=@p1,PropertyValues=@p2)&@p1=\'fullname\'&@p2=["a","b"]',
    tree: 'rows systemusers where fullname in "a"|"b"',
  },
  {
    rule: 'Between and In',
    url: 'systemusers?$filter=Microsoft.Dynamics.CRM.NotIn(PropertyName=\'accessmode\',PropertyValues=["0","4"])',
    tree: 'rows systemusers where or(accessmode eq null, not(accessmode in 0|4))',
  },
  {
    rule: 'Between and In',
    url: 'systemusers?$filter=not Microsoft.Dynamics.CRM.In(PropertyName=\'fullname\',PropertyValues=["a"])',
    tree: 'rows systemusers where not(fullname in "a")',
  },
  {
    rule: 'Between and In',
    url: 'systemusers?$filter=not Microsoft.Dynamics.CRM.NotIn(PropertyName=\'fullname\',PropertyValues=["a"])',
    tree: 'rows systemusers where fullname in "a"',
  },
  {
    rule: 'Between and In',
    url: 'systemusers?$filter=Microsoft.Dynamics.CRM.In(PropertyName=\'businessunitid\',PropertyValues=["aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee"])',
    tree: 'rows systemusers where businessunitid in "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee"',
  },
  {
    rule: 'Between and In',
    url: 'systemusers?$filter=Microsoft.Dynamics.CRM.In(PropertyName=\'_businessunitid_value\',PropertyValues=["aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee"])',
    tree: 'rows systemusers where businessunitid in "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee"',
  },
  {
    rule: 'Between and In',
    url: 'systemusers?$filter=Microsoft.Dynamics.CRM.In(PropertyName=\'isdisabled\',PropertyValues=["true"])',
    tree: 'rows systemusers where isdisabled in true',
  },
  {
    rule: 'who asks',
    url: "systemusers?$filter=Microsoft.Dynamics.CRM.EqualUserId(PropertyName='systemuserid')",
    tree: 'rows systemusers where systemuserid in "11111111-1111-4111-8111-111111111111"',
  },
  {
    rule: 'who asks',
    url: "systemusers?$filter=Microsoft.Dynamics.CRM.NotEqualUserId(PropertyName='systemuserid')",
    tree: 'rows systemusers where or(systemuserid eq null, not(systemuserid in "11111111-1111-4111-8111-111111111111"))',
  },
  {
    rule: 'who asks',
    url: "systemusers?$filter=Microsoft.Dynamics.CRM.EqualUserTeams(PropertyName='systemuserid')",
    tree: 'rows systemusers where systemuserid in "33333333-3333-4333-8333-333333333333"|"44444444-4444-4444-8444-444444444444"',
  },
  {
    rule: 'who asks',
    url: "systemusers?$filter=Microsoft.Dynamics.CRM.EqualUserOrUserTeams(PropertyName='systemuserid')",
    tree: 'rows systemusers where systemuserid in "11111111-1111-4111-8111-111111111111"|"33333333-3333-4333-8333-333333333333"|"44444444-4444-4444-8444-444444444444"',
  },
  {
    rule: 'who asks',
    url: "systemusers?$filter=Microsoft.Dynamics.CRM.EqualUserOrUserHierarchy(PropertyName='systemuserid')",
    tree: 'rows systemusers where systemuserid under or equal 11111111-1111-4111-8111-111111111111 by parentsystemuserid',
  },
  {
    rule: 'who asks',
    url: "systemusers?$filter=Microsoft.Dynamics.CRM.EqualUserOrUserHierarchyAndTeams(PropertyName='systemuserid')",
    tree: 'rows systemusers where or(systemuserid under or equal 11111111-1111-4111-8111-111111111111 by parentsystemuserid, linked systemuserid=team.teamid(through teammembership_association(systemuserid under or equal 11111111-1111-4111-8111-111111111111 by parentsystemuserid)))',
  },
  {
    rule: 'who asks',
    url: "systemusers?$filter=Microsoft.Dynamics.CRM.EqualBusinessId(PropertyName='businessunitid')",
    tree: 'rows systemusers where businessunitid in "22222222-2222-4222-8222-222222222222"',
  },
  {
    rule: 'who asks',
    url: "systemusers?$filter=Microsoft.Dynamics.CRM.NotEqualBusinessId(PropertyName='businessunitid')",
    tree: 'rows systemusers where or(businessunitid eq null, not(businessunitid in "22222222-2222-4222-8222-222222222222"))',
  },
  {
    rule: 'who asks',
    url: "systemusers?$filter=Microsoft.Dynamics.CRM.EqualRoleBusinessId(PropertyName='businessunitid')",
    tree: 'rows systemusers where businessunitid in "22222222-2222-4222-8222-222222222222"',
  },
  {
    rule: 'who asks',
    url: "systemusers?$filter=Microsoft.Dynamics.CRM.EqualUserLanguage(PropertyName='identityid')",
    tree: 'rows systemusers where identityid eq 1033',
  },
  {
    rule: 'hierarchies',
    url: "businessunits?$filter=Microsoft.Dynamics.CRM.Above(PropertyName='businessunitid',PropertyValue='aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee')",
    tree: 'rows businessunits where businessunitid above aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee by parentbusinessunitid',
  },
  {
    rule: 'hierarchies',
    url: "businessunits?$filter=Microsoft.Dynamics.CRM.AboveOrEqual(PropertyName='businessunitid',PropertyValue='aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee')",
    tree: 'rows businessunits where businessunitid above or equal aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee by parentbusinessunitid',
  },
  {
    rule: 'hierarchies',
    url: "businessunits?$filter=Microsoft.Dynamics.CRM.Under(PropertyName='businessunitid',PropertyValue='aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee')",
    tree: 'rows businessunits where businessunitid under aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee by parentbusinessunitid',
  },
  {
    rule: 'hierarchies',
    url: "businessunits?$filter=Microsoft.Dynamics.CRM.UnderOrEqual(PropertyName='businessunitid',PropertyValue='aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee')",
    tree: 'rows businessunits where businessunitid under or equal aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee by parentbusinessunitid',
  },
  {
    rule: 'hierarchies',
    url: "businessunits?$filter=Microsoft.Dynamics.CRM.NotUnder(PropertyName='businessunitid',PropertyValue='aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee')",
    tree: 'rows businessunits where or(businessunitid eq null, not(businessunitid under aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee by parentbusinessunitid))',
  },
  {
    rule: 'hierarchies',
    url: "systemusers?$filter=Microsoft.Dynamics.CRM.Under(PropertyName='systemuserid',PropertyValue=aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee)",
    tree: 'rows systemusers where systemuserid under aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee by parentsystemuserid',
  },
  {
    rule: 'hierarchies',
    url: "systemusers?$filter=Microsoft.Dynamics.CRM.UnderOrEqual(PropertyName='businessunitid',PropertyValue='aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee')",
    tree: 'rows systemusers where businessunitid under or equal aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee by parentbusinessunitid',
  },
  {
    rule: 'on other rows',
    url: "systemusers?$filter=businessunitid/Microsoft.Dynamics.CRM.Today(PropertyName='createdon')",
    tree: 'rows systemusers where through businessunitid(and(createdon ge "2024-02-29T00:00:00Z", createdon lt "2024-03-01T00:00:00Z"))',
  },
  {
    rule: 'on other rows',
    url: "systemusers?$filter=systemuserroles_association/any(r:r/Microsoft.Dynamics.CRM.LastXDays(PropertyName='createdon',PropertyValue=7))",
    tree: 'rows systemusers where through systemuserroles_association(and(createdon ge "2024-02-22T00:00:00Z", createdon lt "2024-02-29T14:35:21Z"))',
  },
  {
    rule: 'on other rows',
    url: 'systemusers?$filter=not businessunitid/Microsoft.Dynamics.CRM.In(PropertyName=\'name\',PropertyValues=["a"])',
    tree: 'rows systemusers where through businessunitid(not(name in "a"))',
  },
  {
    rule: 'on other rows',
    url: 'systemusers?$filter=businessunitid/Microsoft.Dynamics.CRM.NotIn(PropertyName=\'name\',PropertyValues=["a"])',
    tree: 'rows systemusers where not(through businessunitid(name in "a"))',
  },
  {
    rule: 'on other rows',
    url: "systemusers?$filter=Microsoft.Dynamics.CRM.Today(PropertyName='createdon') and isdisabled",
    tree: 'rows systemusers where and(and(createdon ge "2024-02-29T00:00:00Z", createdon lt "2024-03-01T00:00:00Z"), isdisabled eq true)',
  },
  {
    rule: 'on other rows',
    url: "systemusers?$filter=Microsoft.Dynamics.CRM.Today( PropertyName = 'createdon' )",
    tree: 'rows systemusers where and(createdon ge "2024-02-29T00:00:00Z", createdon lt "2024-03-01T00:00:00Z")',
  },
];
