import { systemAdministratorRole } from '../../hr/effective-access.ts';
import { adapterRole, platformClientId } from '../../hr/hr-session.ts';
import { HrSnapshot } from '../../hr/hr-snapshot.ts';
import type { HrUser } from '../../hr/hr-user.ts';
import type { RefusalCause } from '../../kernel/cause.ts';
import { nearest, nearestId } from '../../kernel/nearest.ts';
import type { Fix, NearMiss } from '../condition.ts';
import { decide } from '../decide.ts';
import { viewWith } from '../environment-view.ts';
import { Facts } from '../facts.ts';
import { add, type HrProposal, type HrStep, HrTrial, set } from './hr-change.ts';
import { quoted } from './operations.ts';

/** Links of client ids that are taken for this one. */
export function nearLinks({ view, linkedClientId }: Facts): readonly NearMiss[] {
  const near = linkedClientId && nearestId(linkedClientId, view.hr.links.keys());
  const link = near === undefined ? undefined : view.hr.links.get(near);
  if (link === undefined || link.clientId === platformClientId) return [];
  return [
    {
      kind: 'client-id-differs',
      text: {
        en: `The client ID ${link.clientId}, which looks much like it, is linked to ${link.userId ?? 'nobody'}`,
        nb: `Klient-ID-en ${link.clientId}, som ligner mye, er koblet til ${link.userId ?? 'ingen'}`,
      },
      evidence: { clientId: link.clientId, hrUser: link.userId ?? '' },
    },
  ];
}

/** Users whose ids are much like the one that the link names. */
export function nearHrUsers({ view, link }: Facts): readonly NearMiss[] {
  const named = link?.userId ?? link?.name ?? '';
  const near = nearest(
    named,
    [...view.hr.users.values()].map(({ id }) => id),
  );
  if (near === undefined) return [];
  return [
    {
      kind: 'user-id-differs',
      text: {
        en: `There is a user ${near}, whose ID looks much like it`,
        nb: `Det finnes en bruker ${near}, med en ID som ligner mye`,
      },
      evidence: { hrUser: near },
    },
  ];
}

/** More than any list of privileges gives. */
const fullPower = 1_000_000;

/** How much a user may do: what a link to it gives away. */
const powerOf = ({ roles }: HrUser): number =>
  roles.reduce((sum, { role: { identifier, privileges } }) => {
    const isFull = identifier.toUpperCase() === systemAdministratorRole;
    return sum + (isFull ? fullPower : Math.max(1, privileges.length));
  }, 0);

/** Users that an application could be linked to; not that of the platform itself, which may do nothing with data. */
const candidatesOf = ({ view }: Facts): readonly HrUser[] => {
  const platform = view.hr.links.get(platformClientId)?.userId?.toLowerCase();
  return [...view.hr.users.values()].filter(({ id, enabled }) => enabled && id.toLowerCase() !== platform);
};

/** Links the client id: to the user that a near miss names, or to the one with the least power with whom the request passes. */
export async function linkFixes(facts: Facts, cause: RefusalCause): Promise<readonly Fix[]> {
  const { linkedClientId: clientId, asker } = facts;
  if (clientId === undefined) return [];
  const nearUser = nearLinks(facts)[0]?.evidence['hrUser'];
  const name = asker?.name ?? clientId;
  return proposeUsers(facts, cause, (user) => ({
    gain: user.id === nearUser ? 1 : powerOf(user),
    steps: [
      add(
        'SysAADClients',
        { AADClientId: clientId, Name: name.slice(0, 255), UserId: user.id },
        { en: `${name} becomes ${user.id} in Human Resources`, nb: `${name} blir ${user.id} i Human Resources` },
        `portvakt link add ${clientId} ${quoted(user.id)} --name ${quoted(name)}`,
      ),
    ],
  }));
}

/** Has the link name a user who is there. */
export async function linkedUserFixes(facts: Facts, cause: RefusalCause): Promise<readonly Fix[]> {
  const { link } = facts;
  if (link === undefined) return [];
  const near = nearHrUsers(facts)[0]?.evidence['hrUser'];
  return proposeUsers(facts, cause, (user) => ({
    gain: user.id === near ? 1 : powerOf(user),
    steps: [
      set(
        'SysAADClients',
        { AADClientId: link.clientId },
        { UserId: user.id },
        { en: `The link names the user ${user.id}`, nb: `Koblingen navngir brukeren ${user.id}` },
      ),
    ],
  }));
}

/**
 * Users as whom the request is allowed; all where there is none. There may be thousands: one link more is put beside the
 * snapshot in force, and nothing is built anew.
 */
function fittingUsers(facts: Facts): readonly HrUser[] {
  const { view, subject, shapes, linkedClientId: clientId = '' } = facts;
  const links = new Map(view.hr.links);
  const { users, roles, legalEntities, policies } = view.hr;
  const chain = shapes.length === 0 ? 'administration' : 'request';
  const candidates = candidatesOf(facts);
  const fitting = candidates.filter(({ id }) => {
    links.set(clientId, { clientId, name: undefined, userId: id });
    const linked = viewWith(view, { hr: new HrSnapshot({ links, users, roles, legalEntities, policies }) });
    return decide(chain, new Facts(linked, subject, shapes)).cause === undefined;
  });
  return fitting.length > 0 ? fitting : candidates;
}

async function proposeUsers(
  facts: Facts,
  cause: RefusalCause,
  propose: (user: HrUser) => Pick<HrProposal, 'gain' | 'steps'>,
): Promise<readonly Fix[]> {
  const trial = await HrTrial.begin(facts, cause);
  const proposals = fittingUsers(facts).map(
    (user): HrProposal => ({
      title: {
        en: `Link the application to the Human Resources user ${user.id}`,
        nb: `Koble programmet til brukeren ${user.id} i Human Resources`,
      },
      ...propose(user),
    }),
  );
  return trial.fixesOf(proposals);
}

const enable = (id: string): HrStep =>
  set(
    'SystemUsers',
    { UserID: id },
    { Enabled: true },
    { en: `${id} is enabled in Human Resources`, nb: `${id} er aktivert i Human Resources` },
    `portvakt hr-user enable ${quoted(id)}`,
  );

export const enableUserFixes = async (facts: Facts, cause: RefusalCause): Promise<readonly Fix[]> => {
  const { hrUser } = facts;
  if (hrUser === undefined) return [];
  const title = { en: `Enable the user ${hrUser.id}`, nb: `Aktiver brukeren ${hrUser.id}` };
  return (await HrTrial.begin(facts, cause)).fixesOf([{ title, gain: 1, steps: [enable(hrUser.id)] }]);
};

/** The platform's own way in: its link, its user, its role. */
export async function platformFixes(facts: Facts, cause: RefusalCause): Promise<readonly Fix[]> {
  const { hr } = facts.view;
  const trial = await HrTrial.begin(facts, cause);
  const link = hr.links.get(platformClientId);
  const linked = link?.userId === undefined ? undefined : hr.findUser(link.userId);
  const users = linked === undefined ? [...hr.users.values()] : [linked];
  const proposals = users.flatMap((user): HrProposal[] => {
    const steps: HrStep[] = [];
    const preview = { en: `The platform becomes the user ${user.id}`, nb: `Plattformen blir brukeren ${user.id}` };
    if (link === undefined) {
      const values = { AADClientId: platformClientId, Name: 'Power Platform application', UserId: user.id };
      steps.push(add('SysAADClients', values, preview));
    } else if (linked === undefined) {
      steps.push(set('SysAADClients', { AADClientId: platformClientId }, { UserId: user.id }, preview));
    }
    if (!user.enabled) steps.push(enable(user.id));
    const role = {
      en: `${user.id} has the role ${adapterRole}`,
      nb: `${user.id} har rollen ${adapterRole}`,
    };
    const assignment = { UserId: user.id, SecurityRoleIdentifier: adapterRole };
    const isAssigned = trial.draft
      .list('SecurityUserRoleAssociations')
      .some((row) => isSame(row['UserId'], user.id) && isSame(row['SecurityRoleIdentifier'], adapterRole));
    const granting = isAssigned
      ? set('SecurityUserRoleAssociations', assignment, { AssignmentStatus: 'Enabled' }, role)
      : add('SecurityUserRoleAssociations', { ...assignment, AssignmentStatus: 'Enabled' }, role);
    const title = { en: `Let the platform in as ${user.id}`, nb: `Slipp plattformen inn som ${user.id}` };
    return [
      { title, gain: powerOf(user), steps },
      { title, gain: powerOf(user) + 1, steps: [...steps, granting] },
    ];
  });
  return trial.fixesOf(proposals.filter(({ steps }) => steps.length > 0));
}

const isSame = (one: string | undefined, other: string): boolean => one?.toLowerCase() === other.toLowerCase();
