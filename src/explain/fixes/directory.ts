import { firstPartyPrincipals } from '../../graph/first-party.ts';
import type { RefusalCause } from '../../kernel/cause.ts';
import type { Localized } from '../../kernel/language.ts';
import { nearestId } from '../../kernel/nearest.ts';
import type { Fix, NearMiss } from '../condition.ts';
import type { Facts } from '../facts.ts';
import { onGraph } from './operations.ts';

/** Something that the client alone can do. */
const send = (title: Localized, clientSends: Readonly<Record<string, string>>): Fix => ({
  title,
  gain: 0,
  operations: [],
  clientSends,
});

const scopeOf = ({ view }: Facts): string => `${view.url}/.default`;

export function tokenFixes(facts: Facts): readonly Fix[] {
  const scope = scopeOf(facts);
  const title = { en: `Ask for a new token for the scope ${scope}`, nb: `Be om et nytt token for omfanget ${scope}` };
  return [send(title, { scope })];
}

export function resourceFixes(facts: Facts): readonly Fix[] {
  const scope = scopeOf(facts);
  return [send({ en: `Ask for the scope ${scope}`, nb: `Be om omfanget ${scope}` }, { scope })];
}

/** Of an application of another tenant: ask there, or open it to others. Of a name that is none: the one that was meant. */
export function tenantFixes(facts: Facts, { data = {} }: RefusalCause): readonly Fix[] {
  const { view, application } = facts;
  const ask = (tenant: string): Fix =>
    send({ en: `Ask the tenant ${tenant} for the token`, nb: `Be leietakeren ${tenant} om tokenet` }, { tenant });
  if (data['problem'] !== 'notMultiTenant' || application === undefined) {
    return [ask(application?.tenantId ?? view.tenantId)];
  }
  const preview = {
    en: `Every tenant may admit ${application.displayName}`,
    nb: `Alle leietakere kan gi samtykke til ${application.displayName}`,
  };
  const body = { signInAudience: 'AzureADMultipleOrgs' };
  const open = onGraph('PATCH', `applications/${application.id}`, body, { preview });
  return [ask(application.tenantId), { title: preview, gain: 10, operations: [open] }];
}

/** Applications whose client ids are taken for the one that was sent. */
export function nearApplications({ view, subject, tenantId }: Facts): readonly NearMiss[] {
  const { applications } = view.directory.content;
  const near =
    subject.clientId &&
    nearestId(
      subject.clientId,
      applications.filter((each) => each.tenantId === tenantId).map(({ clientId }) => clientId),
    );
  const found = applications.find(({ clientId }) => clientId === near);
  if (found === undefined) return [];
  return [
    {
      kind: 'client-id-differs',
      text: {
        en: `${found.displayName} has the client ID ${found.clientId}, which looks much like it`,
        nb: `${found.displayName} har klient-ID-en ${found.clientId}, som ligner mye`,
      },
      evidence: { clientId: found.clientId, application: found.displayName },
    },
  ];
}

/** Nobody can bring a client id back, or choose one: what can be done is to send the right one, or to register anew. */
export function applicationFixes(facts: Facts): readonly Fix[] {
  const near = nearApplications(facts).map(({ evidence, text }): Fix => {
    const { clientId } = evidence;
    return send(text, { client_id: String(clientId) });
  });
  const preview = {
    en: 'A new app registration, with a client ID of its own',
    nb: 'En ny appregistrering, med egen klient-ID',
  };
  const register = onGraph(
    'POST',
    'applications',
    { displayName: 'New application' },
    {
      preview,
      cliCommand: "portvakt app create 'New application'",
    },
  );
  return [...near, { title: preview, gain: 1, operations: [register] }];
}

export function admitFixes({ subject, application }: Facts): readonly Fix[] {
  const { clientId } = subject;
  if (clientId === undefined || application === undefined) return [];
  const preview = {
    en: `The tenant has admitted ${application.displayName}`,
    nb: `Leietakeren har gitt samtykke til ${application.displayName}`,
  };
  const told = { preview, cliCommand: `portvakt app admit ${clientId}` };
  return [{ title: preview, gain: 1, operations: [onGraph('POST', 'servicePrincipals', { appId: clientId }, told)] }];
}

export function enablePrincipalFixes({ principal, subject }: Facts): readonly Fix[] {
  if (principal === undefined) return [];
  const preview = { en: `${principal.displayName} is enabled`, nb: `${principal.displayName} er aktivert` };
  const told = { preview, cliCommand: `portvakt app enable ${subject.clientId}` };
  const path = `servicePrincipals/${principal.id}`;
  return [{ title: preview, gain: 1, operations: [onGraph('PATCH', path, { accountEnabled: true }, told)] }];
}

/** What may have happened to the right secret, or what was sent in its place. */
const manglings: Readonly<Record<string, Localized>> = {
  'secret-id': {
    en: "The ID of a secret was sent, not the secret's value",
    nb: 'ID-en til en hemmelighet ble sendt, ikke verdien',
  },
  blanks: {
    en: 'The secret is right, but has blanks around it',
    nb: 'Hemmeligheten er riktig, men har mellomrom rundt seg',
  },
  plus: {
    en: 'The secret is right, but its + came as a blank: the form was not encoded',
    nb: 'Hemmeligheten er riktig, men + kom som mellomrom: skjemaet ble ikke kodet',
  },
  encoded: {
    en: 'The secret is right, but encoded twice',
    nb: 'Hemmeligheten er riktig, men kodet to ganger',
  },
  expired: { en: 'The secret has expired', nb: 'Hemmeligheten er utløpt' },
  notYetValid: { en: 'The secret is not valid yet', nb: 'Hemmeligheten er ikke gyldig ennå' },
};

export function credentialNearMisses(_facts: Facts, { data = {} }: RefusalCause): readonly NearMiss[] {
  const kind = data['nearMiss'];
  const text = kind === undefined ? undefined : manglings[kind];
  return kind === undefined || text === undefined ? [] : [{ kind, text, evidence: {} }];
}

export function credentialFixes(facts: Facts, cause: RefusalCause): readonly Fix[] {
  const { application, subject } = facts;
  const near = credentialNearMisses(facts, cause)
    .filter(({ kind }) => ['blanks', 'plus', 'encoded'].includes(kind))
    .map(({ text }) => send(text, { client_secret: 'the same value, without blanks, encoded once' }));
  if (application === undefined) return near;
  const preview = {
    en: `A new secret of ${application.displayName}, shown this once`,
    nb: `En ny hemmelighet for ${application.displayName}, vist denne ene gangen`,
  };
  const body = { passwordCredential: { displayName: 'by explain' } };
  const told = { preview, cliCommand: `portvakt app add-secret ${subject.clientId}` };
  const operations = [onGraph('POST', `applications/${application.id}/addPassword`, body, told)];
  const clientSends = { client_secret: 'the new value' };
  return [...near, { title: preview, gain: 1, operations, clientSends }];
}

export function permissionFixes({ principal, tenantId }: Facts, { data = {} }: RefusalCause): readonly Fix[] {
  const permission = data['permission'] ?? '';
  const resource = firstPartyPrincipals(tenantId).find(({ appRoles }) =>
    appRoles.some(({ value }) => value === permission),
  );
  const role = resource?.appRoles.find(({ value }) => value === permission);
  if (principal === undefined || resource === undefined || role === undefined) return [];
  const preview = {
    en: `${principal.displayName} has the application permission ${permission}`,
    nb: `${principal.displayName} har programtillatelsen ${permission}`,
  };
  const body = { principalId: principal.id, resourceId: resource.id, appRoleId: role.id };
  const path = `servicePrincipals/${principal.id}/appRoleAssignments`;
  // Roles stand in the token: one that was issued before does not have it.
  return [
    {
      title: preview,
      gain: 1,
      operations: [onGraph('POST', path, body, { preview })],
      clientSends: { access_token: 'a new one' },
    },
  ];
}
