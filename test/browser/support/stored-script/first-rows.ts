import type { Json, Surface, Writer } from './writer.ts';

/** Rows of tables in which the demo has none, made of others that it has. */
export async function makeFirstRows(writer: Writer): Promise<void> {
  const first = async (surface: Surface, set: string): Promise<Json> =>
    (await writer.rows(surface, `${set}?$top=1`))[0] ?? {};
  const person = await first('api', 'mshr_dirpersonentities');
  const worker = await first('api', 'mshr_hcmworkerentities');
  const position = await first('api', 'mshr_hcmpositionv2entities');
  const identification = await first('api', 'mshr_hcmidentificationtypeentities');
  const screening = await first('api', 'mshr_hcmscreeningtypeentities');
  const associations = await writer.rows('data', 'SecurityUserRoleAssociations');
  const association = associations.find((each) => each['SecurityRoleIdentifier'] !== 'SYSTEMUSER') ?? {};
  const duties = await writer.rows('data', 'SecurityRoleDuties');
  const [one, other] = duties.filter(
    (each) => each['SecurityRoleIdentifier'] === association['SecurityRoleIdentifier'],
  );
  const [role, subRole] = await writer.rows('data', 'SecurityRoles?$top=2');
  const since = '2024-01-01T00:00:00Z';
  const made: readonly (readonly [Surface, string, Json])[] = [
    [
      'api',
      'mshr_hcmpersonidentificationnumberentities',
      {
        mshr_partynumber: person['mshr_partynumber'],
        mshr_identificationtypeid: identification['mshr_identificationtypeid'],
        mshr_identificationnumber: '1',
      },
    ],
    [
      'api',
      'mshr_hcmpersonscreeningentities',
      { mshr_partynumber: person['mshr_partynumber'], mshr_screeningtypeid: screening['mshr_screeningtypeid'] },
    ],
    [
      'api',
      'mshr_hcmemploymententities',
      {
        mshr_personnelnumber: worker['mshr_personnelnumber'],
        mshr_legalentityid: 'usmf',
        mshr_employmentstartdate: since,
      },
    ],
    [
      'api',
      'mshr_hcmpositionworkerassignmententities',
      {
        mshr_positionid: position['mshr_positionid'],
        mshr_personnelnumber: worker['mshr_personnelnumber'],
        mshr_validfrom: since,
      },
    ],
    [
      'data',
      'SecurityUserRoleOrganizations',
      {
        UserId: association['UserId'],
        SecurityRoleIdentifier: association['SecurityRoleIdentifier'],
        OrganizationId: 'usmf',
      },
    ],
    [
      'data',
      'SecurityRoleSubRoles',
      {
        SecurityRoleIdentifier: role?.['SecurityRoleIdentifier'],
        SubRoleIdentifier: subRole?.['SecurityRoleIdentifier'],
      },
    ],
    [
      'data',
      'SecurityPolicies',
      {
        SecurityPolicyIdentifier: 'Policy',
        SecurityPolicyName: 'Policy',
        PrimaryEntityName: 'HcmJobEntity',
        ContextString: 'HCMEmployee',
      },
    ],
    [
      'data',
      'SecurityPolicyConstrainedEntities',
      { SecurityPolicyIdentifier: 'Policy', SecurableName: 'HcmJobEntity', RelationPath: '' },
    ],
    [
      'data',
      'SegregationOfDutiesRules',
      {
        RuleName: 'Rule',
        FirstDutyIdentifier: one?.['SecurityDutyIdentifier'],
        SecondDutyIdentifier: other?.['SecurityDutyIdentifier'],
      },
    ],
  ];
  for (const [surface, set, body] of made) {
    const answer = await writer.ask(surface, 'POST', set, body);
    if (answer.status >= 300) throw new Error(`POST ${set}: ${answer.status} ${answer.text}`);
  }
}
