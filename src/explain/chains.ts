import type { ConditionId } from '../kernel/cause.ts';
import type { ConditionText, Gate } from './condition.ts';

const of =
  (gate: Gate) =>
  (id: ConditionId, en: string, nb: string): ConditionText => ({ id, gate, title: { en, nb } });

const directory = of('directory');
const dataverse = of('dataverse');
const humanResources = of('human-resources');

const texts: Readonly<Record<ConditionId, ConditionText>> = {
  token: directory('token', 'The access token is valid', 'Tilgangstokenet er gyldig'),
  tenant: directory('tenant', 'The tenant is the right one', 'Leietakeren er den riktige'),
  application: directory('application', 'The app registration exists', 'Appregistreringen finnes'),
  consent: directory(
    'consent',
    'The tenant has admitted the application (service principal)',
    'Leietakeren har gitt samtykke til programmet (tjenestekontohaver)',
  ),
  'application-enabled': directory(
    'application-enabled',
    'The service principal is enabled',
    'Tjenestekontohaveren er aktivert',
  ),
  credential: directory(
    'credential',
    'The secret or certificate is right and in force',
    'Hemmeligheten eller sertifikatet er riktig og gyldig',
  ),
  resource: directory('resource', 'The scope names a resource', 'Omfanget (scope) navngir en ressurs'),
  'directory-permission': directory(
    'directory-permission',
    'The application permission is granted',
    'Programtillatelsen er gitt',
  ),
  'application-user': dataverse(
    'application-user',
    'An application user stands for the client ID',
    'En programbruker står for klient-ID-en',
  ),
  'user-enabled': dataverse(
    'user-enabled',
    'The application user and its business unit are enabled',
    'Programbrukeren og forretningsenheten er aktivert',
  ),
  impersonation: dataverse(
    'impersonation',
    'The user may act in the name of the other one',
    'Brukeren kan handle på vegne av den andre',
  ),
  'service-limits': dataverse(
    'service-limits',
    'The limits of the service are kept',
    'Tjenestens grenser er overholdt',
  ),
  roles: dataverse('roles', 'The user has a security role', 'Brukeren har en sikkerhetsrolle'),
  privilege: dataverse(
    'privilege',
    'A security role has the privilege on the table',
    'En sikkerhetsrolle har rettigheten til tabellen',
  ),
  depth: dataverse('depth', 'The access level reaches the rows', 'Tilgangsnivået når radene'),
  column: dataverse('column', 'Column security lets the column be used', 'Kolonnesikkerheten tillater kolonnen'),
  'platform-link': humanResources(
    'platform-link',
    'The platform itself may call Human Resources',
    'Plattformen selv kan kalle Human Resources',
  ),
  'application-link': humanResources(
    'application-link',
    'The client ID is linked to a Human Resources user',
    'Klient-ID-en er koblet til en bruker i Human Resources',
  ),
  'hr-user': humanResources('hr-user', 'The linked user exists', 'Den koblede brukeren finnes'),
  'hr-user-enabled': humanResources(
    'hr-user-enabled',
    'The linked user is enabled',
    'Den koblede brukeren er aktivert',
  ),
  'hr-role': humanResources('hr-role', 'The user has a role', 'Brukeren har en rolle'),
  permission: humanResources(
    'permission',
    'A role grants the access on the data entity, and none denies it',
    'En rolle gir tilgangen til dataenheten, og ingen nekter den',
  ),
  'legal-entity': humanResources(
    'legal-entity',
    'The role holds in the legal entity',
    'Rollen gjelder i den juridiske enheten',
  ),
  policy: humanResources('policy', 'Security policies leave the row', 'Sikkerhetspolicyene slipper gjennom raden'),
  'protected-column': humanResources(
    'protected-column',
    'Protected columns are granted',
    'Beskyttede kolonner er gitt',
  ),
  source: humanResources(
    'source',
    'The source that has the rows answers, and lets the server in',
    'Kilden som har radene, svarer og slipper tjeneren inn',
  ),
  'hr-limits': humanResources(
    'hr-limits',
    'The limits of Human Resources are kept',
    'Grensene i Human Resources er overholdt',
  ),
};

/** The chains, each in the order of evaluation. A surface has one. */
export const chains = {
  /** A request for a token. */
  token: ['tenant', 'application', 'consent', 'application-enabled', 'credential', 'resource', 'service-limits'],
  /** A request for rows, through both gates. */
  request: [
    ...(['token', 'tenant', 'application', 'consent', 'application-enabled'] as const),
    ...(['application-user', 'user-enabled', 'service-limits', 'impersonation'] as const),
    ...(['roles', 'privilege', 'depth', 'column'] as const),
    ...(['platform-link', 'application-link', 'hr-user', 'hr-user-enabled', 'hr-role'] as const),
    ...(['permission', 'legal-entity', 'policy', 'protected-column', 'source', 'hr-limits'] as const),
  ],
  /** Administration of Human Resources (`/data/`): it stands behind the first gate by itself. */
  administration: [
    ...(['token', 'tenant', 'application', 'consent', 'application-enabled'] as const),
    ...(['application-link', 'hr-user', 'hr-user-enabled', 'hr-role'] as const),
  ],
  /** The directory (`/v1.0`), and the installation (`/portvakt/v1`). */
  directory: ['token', 'tenant', 'application', 'consent', 'application-enabled', 'directory-permission'],
} as const satisfies Record<string, readonly ConditionId[]>;

export type ChainName = keyof typeof chains;

/** The conditions of a chain with their gates and titles, in order. */
export const conditionsOf = (name: ChainName): readonly ConditionText[] => chains[name].map((id) => texts[id]);
