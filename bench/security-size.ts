/**
 * `npm run bench security`: the first gate at the size that is promised, with 10,000 application users, 1,000 roles of 400
 * privileges each and a tree of 1,000 business units; and what a decision costs with fewer roles.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { authorizeTable } from '../src/dataverse/authorize-table.ts';
import { createBaseRows } from '../src/dataverse/base-rows.ts';
import { DataverseSecurity } from '../src/dataverse/dataverse-security.ts';
import { findApplicationUser } from '../src/dataverse/find-user.ts';
import { depthMasks, PrivilegeIndex } from '../src/dataverse/privilege-index.ts';
import { getColumn, getTable } from '../src/dataverse/security-rows.ts';
import { systemClock } from '../src/kernel/clock.ts';
import { type ClientId, type Guid, newGuid } from '../src/kernel/ids.ts';
import { Asking } from '../src/odata/asking.ts';
import { Differences } from '../src/odata/fidelity.ts';
import type { Operation } from '../src/odata/operation.ts';
import { parseOperation } from '../src/odata/parse-operation.ts';
import type { Value } from '../src/odata/query.ts';
import type { Database } from '../src/storage/database.ts';
import { openDatabase } from '../src/storage/open.ts';
import { model } from './organisation.ts';

const size = { users: 10_000, units: 1000, privileges: 400 } as const;
/** Each user holds so many of the roles. */
const rolesEach = 3;
const decisions = 100_000;
/** The quickest of so many rounds is printed: what others do on the machine is no part of it. */
const rounds = 5;
const changes = 21;

const operation: Operation = parseOperation({
  model,
  method: 'GET',
  path: 'mshr_hcmcandidatetohireentities',
  query: "$filter=mshr_positionid eq '1'&$orderby=mshr_lastname&$expand=mshr_FK_Person_id",
  headers: {},
  body: Buffer.alloc(0),
  apiRoot: 'https://x/api/data/v9.2/',
  differences: new Differences('extended'),
  asking: new Asking(systemClock, () => undefined),
}).operation;

interface Large {
  readonly database: Database;
  readonly clients: readonly ClientId[];
  readonly links: readonly Guid[];
  readonly close: () => Promise<void>;
}

type Insert = (table: string, values: Readonly<Record<string, Value>>) => Promise<Guid>;

async function makeLarge(roles: number): Promise<Large> {
  const folder = mkdtempSync(join(tmpdir(), 'portvakt-security-'));
  const location = { kind: 'sqlite', file: join(folder, 'environment.db') } as const;
  const database = await openDatabase({ tables: model.tables, alphabet: 'nb', location });
  const clients: ClientId[] = [];
  const links: Guid[] = [];
  await database.maintain(async (rows) => {
    const insert: Insert = async (name, values) => {
      const table = getTable(model, name);
      const id = newGuid();
      const all = Object.entries(values).map(([column, value]) => [getColumn(table, column), value] as const);
      await rows.insert(table, new Map<(typeof all)[number][0], Value>([[table.primaryKey, id], ...all]));
      return id;
    };
    const names = {
      organizationName: 'l',
      rootBusinessUnitName: 'l',
      languageCode: 1033,
      moment: '2026-01-01T00:00:00Z',
    };
    const base = await createBaseRows(rows, model, { ...names, organizationId: newGuid() });
    const units = await insertUnits(insert, base.rootBusinessUnitId);
    const roleIds = await insertRoles(insert, roles, base.rootBusinessUnitId, links);
    for (let at = 0; at < size.users; at++) {
      const client = newGuid<ClientId>();
      clients.push(client);
      const user = await insert('systemuser', {
        applicationid: client,
        fullname: `User ${at}`,
        accessmode: 4,
        businessunitid: units[at % units.length] ?? null,
        isdisabled: false,
      });
      for (let role = 0; role < rolesEach; role++) {
        await insert('systemuserroles', { systemuserid: user, roleid: roleIds[(at + role) % roleIds.length] ?? null });
      }
    }
  });
  const close = async (): Promise<void> => {
    await database.close();
    rmSync(folder, { recursive: true });
  };
  return { database, clients, links, close };
}

/** A tree in which each unit has up to ten below it. */
async function insertUnits(insert: Insert, root: Guid): Promise<readonly Guid[]> {
  const units = [root];
  for (let at = 1; at < size.units; at++) {
    const parent = units[Math.floor((at - 1) / 10)] ?? root;
    units.push(await insert('businessunit', { name: `Unit ${at}`, parentbusinessunitid: parent, isdisabled: false }));
  }
  return units;
}

/** `links` takes one privilege of each role. */
async function insertRoles(insert: Insert, count: number, unit: Guid, links: Guid[]): Promise<readonly Guid[]> {
  const { privileges } = new PrivilegeIndex(model);
  const roles: Guid[] = [];
  for (let at = 0; at < count; at++) {
    const role = await insert('role', { name: `Role ${at}`, businessunitid: unit, ismanaged: false });
    roles.push(role);
    let last: Guid | undefined;
    for (const { privilegeId: privilegeid } of privileges.slice(0, size.privileges)) {
      last = await insert('roleprivileges', { roleid: role, privilegeid, privilegedepthmask: depthMasks.global });
    }
    if (last !== undefined) links.push(last);
  }
  return roles;
}

/** Microseconds of a decision, over all users in turn, from the client id to the grant. */
function measureDecision(security: DataverseSecurity, clients: readonly ClientId[]): number {
  const decide = (at: number): void => {
    const user = findApplicationUser(security.current, clients[at % clients.length] ?? newGuid());
    if (authorizeTable(security.current, user, operation).kind !== 'allow') throw new Error('refused');
  };
  const measure = (): number => {
    const start = performance.now();
    for (let at = 0; at < decisions; at++) decide(at);
    return ((performance.now() - start) / decisions) * 1000;
  };
  measure();
  return Math.min(...Array.from({ length: rounds }, measure));
}

/** Milliseconds from the commit of a change of one role until it decides. */
async function measureRefresh({ database, links }: Large, security: DataverseSecurity): Promise<readonly number[]> {
  const table = getTable(model, 'roleprivileges');
  const mask = getColumn(table, 'privilegedepthmask');
  const times: number[] = [];
  for (let at = 0; at < changes; at++) {
    const link = links[(at * 37) % links.length] ?? newGuid();
    await database.maintain((rows) => rows.update(table, link, new Map([[mask, depthMasks.global]])));
    const start = performance.now();
    await security.refresh();
    times.push(performance.now() - start);
  }
  return times;
}

const middle = (times: readonly number[]): number =>
  times.toSorted((left, right) => left - right)[Math.floor(times.length / 2)] ?? Number.NaN;

/** Prints both at each number of roles. */
export async function measureSecuritySize(): Promise<void> {
  console.log(`\n## First gate, ${size.users} users, ${size.units} units, ${size.privileges} privileges each role\n`);
  console.log('| roles | whole reading ms | decision µs | one role changed: middle ms | worst ms |');
  console.log('| ---: | ---: | ---: | ---: | ---: |');
  for (const roles of [10, 100, 1000]) {
    const large = await makeLarge(roles);
    const start = performance.now();
    const security = await DataverseSecurity.load(large.database, model);
    const whole = performance.now() - start;
    const decision = measureDecision(security, large.clients);
    const times = await measureRefresh(large, security);
    const figures = [whole.toFixed(0), decision.toFixed(2), middle(times).toFixed(1), Math.max(...times).toFixed(1)];
    console.log(`| ${roles} | ${figures.join(' | ')} |`);
    await large.close();
  }
}
