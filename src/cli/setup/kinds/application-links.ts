import { literal } from '../../lookups.ts';
import { compareValues, type Kind } from '../kind.ts';
import type { ApplicationLinkSetup } from '../setup.ts';
import { applicationNames, clientIdOf, describeApplication, nameOfApplication } from './of-application.ts';

/** Application links of Human Resources, without those that the platform has for itself. */
export const applicationLinks: Kind<ApplicationLinkSetup> = {
  kind: 'applicationLinks',
  nameOf: nameOfApplication,
  async read(session) {
    const names = await applicationNames(session);
    return (await session.all(session.data, 'SysAADClients')).map((row) => ({
      ...describeApplication(names, String(row['AADClientId'])),
      name: String(row['Name']),
      hrUser: String(row['UserId']),
    }));
  },
  compare: (wanted, current) => compareValues(wanted, current, ['name', 'hrUser']),
  async apply(session, wanted, current) {
    const AADClientId = await clientIdOf(session, wanted);
    const values = { Name: wanted.name, UserId: wanted.hrUser };
    const address = `SysAADClients(${encodeURIComponent(literal(AADClientId))})`;
    if (current === undefined)
      await session.data('SysAADClients', { method: 'POST', body: { AADClientId, ...values } });
    else await session.data(address, { method: 'PATCH', body: values });
  },
};
