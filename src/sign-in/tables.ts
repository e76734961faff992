import { linkModel } from '../metadata/model.ts';
import type { ColumnDefinition, Model, Table, TableDefinition } from '../metadata/table.ts';

type Extra = Partial<Pick<ColumnDefinition, 'required' | 'maxLength'>>;

const id = (name: string, label: string, extra: Extra = { required: true }): ColumnDefinition => ({
  name,
  label,
  type: 'Guid',
  access: 'read-only',
  ...extra,
});
const text = (name: string, label: string, maxLength: number, extra: Extra = {}): ColumnDefinition => ({
  name,
  label,
  type: 'String',
  maxLength,
  access: 'read-write',
  ...extra,
});
const moment = (name: string, label: string): ColumnDefinition => ({
  name,
  label,
  type: 'DateTime',
  access: 'read-write',
});

const common = { kind: 'directory', objectTypeCode: 0 } as const;

/** People who use the web app. `namekey` is the name in lower case, by which it is unique and found. */
const operator: TableDefinition = {
  ...common,
  logicalName: 'operator',
  schemaName: 'Operator',
  entitySetName: 'operators',
  label: 'Operator',
  purpose: 'People who use the web app.',
  primaryKey: 'operatorid',
  primaryName: 'name',
  naturalKey: ['namekey'],
  columns: [
    id('operatorid', 'Operator'),
    text('name', 'Name', 100, { required: true }),
    text('namekey', 'Name in lower case', 100, { required: true }),
    text('operatorrole', 'Role', 20, { required: true }),
    text('language', 'Language', 2),
    { name: 'isenabled', label: 'Enabled', type: 'Boolean', access: 'read-write', required: true },
    text('passwordhash', 'Password, as argon2id in PHC form', 200),
    moment('createdon', 'Made'),
    moment('lastsignin', 'Last sign-in'),
  ],
};

/** Of what a browser or a link carries, nothing is kept but a digest. */
const session: TableDefinition = {
  ...common,
  logicalName: 'operatorsession',
  schemaName: 'OperatorSession',
  entitySetName: 'operatorsessions',
  label: 'Session of an operator',
  purpose: 'Browsers that are signed in.',
  primaryKey: 'operatorsessionid',
  primaryName: 'digest',
  naturalKey: ['digest'],
  columns: [
    id('operatorsessionid', 'Session'),
    text('digest', 'SHA-256 of the cookie', 43, { required: true }),
    id('operatorid', 'Operator'),
    moment('createdon', 'Begun'),
    moment('lastuse', 'Last use'),
  ],
};

/** A link without an operator makes the first one. */
const link: TableDefinition = {
  ...common,
  logicalName: 'operatorlink',
  schemaName: 'OperatorLink',
  entitySetName: 'operatorlinks',
  label: 'One-time link',
  purpose: 'Links by which operators set their passwords.',
  primaryKey: 'operatorlinkid',
  primaryName: 'digest',
  naturalKey: ['digest'],
  columns: [
    id('operatorlinkid', 'Link'),
    text('digest', 'SHA-256 of the token', 43, { required: true }),
    id('operatorid', 'Operator', {}),
    text('purpose', 'Purpose', 20, { required: true }),
    moment('endson', 'End'),
  ],
};

/** `credentialid` may be long, so that it is unique, and found, by its digest. */
const passkey: TableDefinition = {
  ...common,
  logicalName: 'operatorpasskey',
  schemaName: 'OperatorPasskey',
  entitySetName: 'operatorpasskeys',
  label: 'Passkey of an operator',
  purpose: 'Public keys that operators sign in with.',
  primaryKey: 'operatorpasskeyid',
  primaryName: 'name',
  naturalKey: ['credentialdigest'],
  columns: [
    id('operatorpasskeyid', 'Passkey'),
    id('operatorid', 'Operator'),
    text('name', 'Name', 100, { required: true }),
    text('credentialid', 'Credential, base64url', 1400, { required: true }),
    text('credentialdigest', 'SHA-256 of the credential', 43, { required: true }),
    text('publickey', 'COSE key, base64url', 3000, { required: true }),
    { name: 'counter', label: 'Uses, as the authenticator counts', type: 'BigInt', access: 'read-write' },
    text('transports', 'Transports, with spaces between', 100),
    moment('createdon', 'Made'),
    moment('lastuse', 'Last use'),
  ],
};

/** What an authenticator must sign next, once. The owner is a session or a link; there is none when somebody signs in. */
const challenge: TableDefinition = {
  ...common,
  logicalName: 'operatorchallenge',
  schemaName: 'OperatorChallenge',
  entitySetName: 'operatorchallenges',
  label: 'Challenge of a passkey',
  purpose: 'Challenges that are under way.',
  primaryKey: 'operatorchallengeid',
  primaryName: 'challenge',
  naturalKey: ['challenge'],
  columns: [
    id('operatorchallengeid', 'Challenge'),
    text('purpose', 'Purpose', 20, { required: true }),
    id('ownerid', 'Owner', {}),
    text('challenge', 'Challenge, base64url', 100, { required: true }),
    moment('endson', 'End'),
  ],
};

const model: Model = linkModel([operator, session, link, passkey, challenge], []);

function get(name: string): Table {
  const table = model.table.get(name);
  if (table === undefined) throw new TypeError(`there is no table ${name}`);
  return table;
}

export const signInTables = {
  operator: get('operator'),
  session: get('operatorsession'),
  link: get('operatorlink'),
  passkey: get('operatorpasskey'),
  challenge: get('operatorchallenge'),
} as const;

/** In the directory's database. */
export const allSignInTables: readonly Table[] = Object.values(signInTables);
