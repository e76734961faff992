import { filterOf, findRole, findRootUnit, findUser, pickByName } from '../../lookups.ts';
import { parseRow, parseRows, type Row, type Session } from '../../session.ts';
import { compareNames, compareValues, differencesOfNames, type Kind } from '../kind.ts';
import type { ApplicationUserSetup } from '../setup.ts';
import { applicationNames, clientIdOf, describeApplication, nameOfApplication } from './of-application.ts';

/** Application users and their security roles. */
export const applicationUsers: Kind<ApplicationUserSetup> = {
  kind: 'applicationUsers',
  nameOf: nameOfApplication,
  async read(session) {
    const names = await applicationNames(session);
    const expand = 'systemuserroles_association($select=name),businessunitid($select=name)';
    const path = `systemusers?$select=applicationid,isdisabled&$expand=${expand}&${filterOf('applicationid ne null')}`;
    return (await session.all(session.webApi, path)).map((row) => ({
      ...describeApplication(names, String(row['applicationid'])),
      businessUnit: String(parseRow(row['businessunitid'])['name']),
      isDisabled: row['isdisabled'] === true,
      securityRoles: parseRows(row['systemuserroles_association'])
        .map((role) => String(role['name']))
        .sort(),
    }));
  },
  compare: (wanted, current) => [
    ...compareValues(wanted, current, ['businessUnit', 'isDisabled']),
    ...(wanted.securityRoles === undefined
      ? []
      : compareNames('security role', wanted.securityRoles, current?.securityRoles ?? [])),
  ],
  async apply(session, wanted, current) {
    const clientId = await clientIdOf(session, wanted);
    if (current === undefined) await create(session, wanted, clientId);
    const user = await findUser(session, clientId);
    const changes = await changesOf(session, wanted, current);
    if (Object.keys(changes).length > 0) {
      await session.webApi(`systemusers(${user['systemuserid']})`, { method: 'PATCH', body: changes });
    }
    await applyRoles(session, user, wanted.securityRoles, current?.securityRoles ?? []);
  },
};

async function create(session: Session, { businessUnit }: ApplicationUserSetup, applicationid: string): Promise<void> {
  const unit = businessUnit === undefined ? await findRootUnit(session) : await findUnit(session, businessUnit);
  const body = { applicationid, 'businessunitid@odata.bind': `/businessunits(${unit})` };
  await session.webApi('systemusers?$select=applicationid', { method: 'POST', body });
}

async function changesOf(
  session: Session,
  wanted: ApplicationUserSetup,
  current: ApplicationUserSetup | undefined,
): Promise<Row> {
  const { isDisabled, businessUnit } = wanted;
  const moves = current !== undefined && compareValues(wanted, current, ['businessUnit']).length > 0;
  return {
    ...(isDisabled === undefined || isDisabled === (current?.isDisabled ?? false) ? {} : { isdisabled: isDisabled }),
    ...(moves ? { 'businessunitid@odata.bind': `/businessunits(${await findUnit(session, businessUnit ?? '')})` } : {}),
  };
}

async function findUnit({ webApi, all }: Session, name: string): Promise<unknown> {
  return pickByName(await all(webApi, 'businessunits?$select=name'), 'business unit', 'name', name)['businessunitid'];
}

async function applyRoles(
  session: Session,
  user: Row,
  wanted: readonly string[] | undefined,
  current: readonly string[],
): Promise<void> {
  if (wanted === undefined) return;
  const path = `systemusers(${user['systemuserid']})/systemuserroles_association`;
  for (const { sign, name } of differencesOfNames(wanted, current)) {
    const { roleid } = await findRole(session, name);
    if (sign === '-') await session.webApi(`${path}(${roleid})/$ref`, { method: 'DELETE' });
    else {
      const body = { '@odata.id': `${session.target.apiUrl}/api/data/v9.2/roles(${roleid})` };
      await session.webApi(`${path}/$ref`, { method: 'POST', body });
    }
  }
}
