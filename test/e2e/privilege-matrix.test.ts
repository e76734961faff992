import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { builtInModel } from '../../src/metadata/built-in.ts';
import { type AccessRight, rightNames } from '../../src/metadata/privileges.ts';
import type { SingleNavigation, Table } from '../../src/metadata/table.ts';
import { type Answer, type Ask, ask } from '../support/client.ts';
import { requestToken } from '../support/connection.ts';
import { engines } from '../support/database.ts';
import { bodyOf, createdId, query, rowsOf } from '../support/odata.ts';
import { register } from '../support/register.ts';
import { type EmptyServer, startEmptyServer } from '../support/server.ts';
import { patience } from '../support/way.ts';

const tables = builtInModel().tables.filter((table) => table.sourceDocumentOrder !== undefined);
const rights = Object.keys(rightNames) as readonly AccessRight[];
/** What virtual tables have privileges for. */
const tableRights: readonly AccessRight[] = rights.filter((right) => right !== 'assign' && right !== 'share');
const nobody = '00000000-0000-4000-8000-000000000001';
const privilegeOf = (table: Table, right: AccessRight): string =>
  `prv${rightNames[right]}${table.privilegeSuffix ?? table.logicalName}`;

/** How a user comes to a role that gives everything on all tables; `lacking`: everything but the one privilege. */
type State = 'none' | 'lacking' | 'holding' | 'team';
const states: readonly State[] = ['none', 'lacking', 'holding', 'team'];

/** A request that needs the right on the table; `undefined` where no request does. */
function requestFor(table: Table, right: AccessRight): (Ask & { path: string }) | undefined {
  const row = `${table.entitySetName}(${nobody})`;
  const change = { method: 'PATCH', headers: { 'if-match': '*' } } as const;
  switch (right) {
    case 'read':
      return { path: `${table.entitySetName}?$top=1` };
    case 'create':
      return { path: table.entitySetName, method: 'POST', body: {} };
    case 'write':
      return { path: row, ...change, body: {} };
    case 'delete':
      return { path: row, method: 'DELETE' };
    case 'append':
      return linking(table, lookupsOf(table)[0]);
    case 'appendTo': {
      const [from, lookup] = tables
        .flatMap((each) => lookupsOf(each).map((one) => [each, one] as const))
        .find(([, one]) => one.target === table) ?? [undefined, undefined];
      return from && linking(from, lookup);
    }
    case 'assign':
      return { path: row, ...change, body: { 'ownerid@odata.bind': `/systemusers(${nobody})` } };
    case 'share': {
      const target = { '@odata.type': `Microsoft.Dynamics.CRM.${table.logicalName}`, [table.primaryKey.name]: nobody };
      const principal = { '@odata.type': 'Microsoft.Dynamics.CRM.systemuser', systemuserid: nobody };
      const body = { Target: target, PrincipalAccess: { Principal: principal, AccessMask: 'ReadAccess' } };
      return { path: 'GrantAccess', method: 'POST', body };
    }
  }
}

/** Lookups that can be set. Most follow a key of Human Resources, which is set instead and links nothing here. */
const lookupsOf = (table: Table): readonly SingleNavigation[] =>
  [...table.navigation.values()].filter(
    (each): each is SingleNavigation =>
      each.kind === 'single' && each.column.access === 'read-write' && tables.includes(each.target),
  );

function linking(table: Table, lookup: SingleNavigation | undefined): (Ask & { path: string }) | undefined {
  if (lookup === undefined) return undefined;
  const body = { [`${lookup.name}@odata.bind`]: `/${lookup.target.entitySetName}(${nobody})` };
  return { path: `${table.entitySetName}(${nobody})`, method: 'PATCH', headers: { 'if-match': '*' }, body };
}

/** Status, and code where it is an error. */
const told = (answer: Answer): string => {
  if (answer.status < 300) return String(answer.status);
  const { error } = answer.json() as { error: { code: string } };
  return `${answer.status} ${error.code}`;
};

describe('every right on every table of the source document', () => {
  test('there are 40 tables and 8 rights, in 4 states each', () => {
    expect([tables.length, rights.length, tables.length * rights.length * states.length]).toEqual([40, 8, 1280]);
  });

  describe.each(engines)('on %s', { timeout: patience * 300_000 }, (engine) => {
    let server: EmptyServer;
    let tokens: Readonly<Record<State | 'admin', string>>;
    let users: Readonly<Record<State, string>>;
    let role: string;
    let privileges: ReadonlyMap<string, string>;

    const send = (token: string, { path, ...options }: Ask & { path: string }): Promise<Answer> =>
      ask(server.ca, `${server.url}/api/data/v9.2/${path}`, { ...options, token });
    const administer = (path: string, body?: unknown): Promise<Answer> =>
      send(tokens.admin, { path, ...(body === undefined ? {} : { method: 'POST', body }) });
    const link = async (path: string, set: string, id: string): Promise<void> => {
      const answer = await administer(`${path}/$ref`, { '@odata.id': `${server.url}/api/data/v9.2/${set}(${id})` });
      if (answer.status !== 204) throw new Error(answer.text);
    };
    const makeRole = async (name: string, unit: string): Promise<string> => {
      const made = await administer('roles', { name, 'businessunitid@odata.bind': `/businessunits(${unit})` });
      const id = createdId(made);
      const names = tables.flatMap((table) => tableRights.map((right) => privilegeOf(table, right).toLowerCase()));
      const Privileges = names.map((each) => ({ PrivilegeId: privileges.get(each), Depth: 'Global' }));
      const given = await administer(`roles(${id})/Microsoft.Dynamics.CRM.AddPrivilegesRole`, { Privileges });
      if (given.status !== 204) throw new Error(given.text);
      return id;
    };

    beforeAll(async () => {
      server = await startEmptyServer(engine);
      const admin = await server.token('admin');
      tokens = { admin, none: '', lacking: '', holding: '', team: '' };
      const rows = rowsOf(await administer('privileges?$select=name'));
      privileges = new Map(rows.map((row) => [String(row['name']).toLowerCase(), String(row['privilegeid'])]));
      const units = rowsOf(
        await administer(`businessunits?${query({ $filter: '_parentbusinessunitid_value eq null' })}`),
      );
      const unit = String(units[0]?.['businessunitid']);
      const graph = await server.token('admin', 'https://graph.microsoft.com/.default');
      const made: [State, string, string][] = [];
      for (const state of states) {
        const app = await register(server, graph, state);
        const body = { applicationid: app.id, 'businessunitid@odata.bind': `/businessunits(${unit})` };
        const user = createdId(await administer('systemusers', body));
        const authority = `${server.url}/${server.tenantId}`;
        made.push([state, user, await requestToken(server.ca, authority, app, `${server.url}/.default`)]);
        await linkHrUser(app.id);
      }
      users = Object.fromEntries(made.map(([state, user]) => [state, user])) as typeof users;
      tokens = { ...(Object.fromEntries(made.map(([state, , token]) => [state, token])) as typeof tokens), admin };
      const whole = await makeRole('Everything', unit);
      role = await makeRole('Everything but one', unit);
      const team = { name: 'Team', teamtype: 0, 'businessunitid@odata.bind': `/businessunits(${unit})` };
      const teamId = createdId(await administer('teams', team));
      await link(`systemusers(${users.holding})/systemuserroles_association`, 'roles', whole);
      await link(`systemusers(${users.lacking})/systemuserroles_association`, 'roles', role);
      await link(`teams(${teamId})/teamroles_association`, 'roles', whole);
      await link(`teams(${teamId})/teammembership_association`, 'systemusers', users.team);
    }, patience * 300_000);
    afterAll(() => server.close());

    /** The second gate is open to all of them, so that what is refused is refused by the first. */
    async function linkHrUser(clientId: string): Promise<void> {
      const token = await server.token('admin', `${server.url}/data/.default`);
      const set = `${server.url}/data/SysAADClients`;
      const own = rowsOf(await ask(server.ca, set, { token })).find(
        ({ AADClientId }) => String(AADClientId).toLowerCase() === server.administrator.id,
      );
      const body = { AADClientId: clientId, Name: clientId, UserId: own?.['UserId'] };
      bodyOf(await ask(server.ca, set, { method: 'POST', token, body }), 201);
    }

    const changeRole = async (action: 'AddPrivilegesRole' | 'RemovePrivilegeRole', name: string): Promise<void> => {
      const id = privileges.get(name.toLowerCase());
      const body =
        action === 'AddPrivilegesRole' ? { Privileges: [{ PrivilegeId: id, Depth: 'Global' }] } : { PrivilegeId: id };
      const answer = await administer(`roles(${role})/Microsoft.Dynamics.CRM.${action}`, body);
      if (answer.status !== 204) throw new Error(`${action} ${name}: ${answer.text}`);
    };

    /** What each state is told, and the text of the refusal of the one that lacks it. */
    async function tryRight(table: Table, right: AccessRight) {
      const request = requestFor(table, right);
      const name = privilegeOf(table, right);
      const exists = privileges.has(name.toLowerCase());
      if (exists) await changeRole('RemovePrivilegeRole', name);
      const answers = new Map<string, string>();
      let missing = '';
      for (const state of ['admin', ...states] as const) {
        if (request !== undefined) {
          const answer = await send(tokens[state], request);
          answers.set(state, told(answer));
          if (state === 'lacking') missing = /is missing (\w+)/.exec(answer.text)?.[1] ?? '';
        } else if (state !== 'admin') {
          // Nothing needs this right on this table: whether it is held is asked for.
          const path = `systemusers(${users[state]})/Microsoft.Dynamics.CRM.RetrieveUserPrivilegeByPrivilegeName(PrivilegeName='${name}')`;
          const held = bodyOf(await administer(path))['RolePrivileges'];
          answers.set(state, rowsOf(held).length > 0 ? 'held' : 'not held');
        }
      }
      if (exists) await changeRole('AddPrivilegesRole', name);
      return { answers: Object.fromEntries(answers), missing, exists, isAsked: request !== undefined };
    }

    test('gives the code that its privilege decides', async () => {
      const wrong: string[] = [];
      let cases = 0;
      for (const table of tables) {
        for (const right of rights) {
          const name = privilegeOf(table, right);
          const { answers, missing, exists, isAsked } = await tryRight(table, right);
          const passes = answers['admin'] ?? 'held';
          // Refused before anybody's rights count: what no virtual table has.
          const isEarly = /^(40[05]|501) /.test(passes) && answers['none'] === passes;
          const refused = isAsked
            ? { none: '403 0x80042f09', lacking: '403 0x80040220' }
            : { none: 'not held', lacking: 'not held' };
          const expected: Record<State, string> = isEarly
            ? { none: passes, lacking: passes, holding: passes, team: passes }
            : { ...refused, holding: passes, team: passes };
          for (const state of states) {
            cases += 1;
            if (answers[state] !== expected[state])
              wrong.push(`${name} ${state}: ${answers[state]}, not ${expected[state]}`);
          }
          if (!isEarly && isAsked && missing.toLowerCase() !== name.toLowerCase())
            wrong.push(`${name}: ${missing} is missed`);
          if (isEarly === exists) wrong.push(`${name} is ${isEarly ? '' : 'not '}refused before rights: ${passes}`);
          if (exists !== tableRights.includes(right)) wrong.push(`${name} ${exists ? 'exists' : 'does not exist'}`);
        }
      }
      expect(wrong).toEqual([]);
      expect(cases).toBe(1280);
    });
  });
});
