import { join } from 'node:path';
import type { Advice } from '../../src/advise/advice.ts';
import type { FixOperation } from '../../src/explain/condition.ts';
import { run } from '../cli/run.ts';
import type { Connection } from '../support/connection.ts';
import { bodyOf, rowsOf } from '../support/odata.ts';
import { runScript } from '../support/run-script.ts';

/** What came of the advice on the traffic of the round trip. */
export interface Minimality {
  /** Of the advised roles, and of those of before. */
  readonly privileges: number;
  readonly heldBefore: number;
  readonly hrPrivileges: number;
  readonly hrHeldBefore: number;
  /** Does the round trip pass with the advised roles? */
  readonly passes: boolean;
  /** Privileges that were taken away one by one, and those without which it passed nevertheless. */
  readonly takenAway: number;
  readonly superfluous: readonly string[];
}

/** A command line of the administrator. */
export async function commandOf(server: Connection, ...words: string[]): Promise<unknown> {
  const file = join(server.dataFolder, 'demo.env');
  const ran = await run([...words, '--as', 'admin', '--json', '--env', file]);
  if (ran.code !== 0) throw new Error(`portvakt ${words.join(' ')}: ${ran.err}`);
  return JSON.parse(ran.out) as unknown;
}

const passes = async (server: Connection): Promise<boolean> =>
  (await runScript(server, 'examples/round-trip.mjs')).code === 0;

/** Takes a right away, and gives the way to give it back. */
type Take = () => Promise<() => Promise<void>>;

/**
 * Lets the round trip run, puts the advised roles in the place of today's, and takes every privilege of them away once; at
 * most `most` of each gate. The demo's application keeps the advised roles.
 */
export async function proveMinimality(server: Connection, most: number): Promise<Minimality> {
  if (!(await passes(server))) throw new Error('the round trip does not pass to begin with');
  // Reads are in the log a second later at most.
  await new Promise((resolve) => setTimeout(resolve, 1100));
  const clientId = server.env.CLIENT_ID;
  const advice = (await commandOf(server, 'advise', clientId)) as Advice;
  if (advice.uncovered.length > 0) throw new Error(JSON.stringify(advice.uncovered));
  const made = (await commandOf(server, 'advise', clientId, '--switch', '--yes')) as { operations: FixOperation[] };
  const isPassing = await passes(server);
  const takes = [
    ...takesOfRole(server, advice, made.operations).slice(0, most),
    ...takesOfDuties(server, advice, made.operations).slice(0, most),
  ];
  const superfluous: string[] = [];
  for (const { name, take } of takes) {
    const giveBack = await take();
    if (await passes(server)) superfluous.push(name);
    await giveBack();
  }
  return {
    privileges: advice.securityRole.privileges.length,
    heldBefore: advice.today.privileges?.length ?? 0,
    hrPrivileges: advice.humanResources?.privileges.length ?? 0,
    hrHeldBefore: advice.today.hrPrivileges.length,
    passes: isPassing && (await passes(server)),
    takenAway: takes.length,
    superfluous,
  };
}

interface NamedTake {
  readonly name: string;
  readonly take: Take;
}

function takesOfRole(
  server: Connection,
  { securityRole }: Advice,
  operations: readonly FixOperation[],
): readonly NamedTake[] {
  const add = operations.find(({ path }) => path.endsWith('AddPrivilegesRole'));
  if (add === undefined) throw new Error('no role was made');
  const role = add.path.slice(0, add.path.indexOf('/'));
  const given = add.body?.['Privileges'] as readonly { PrivilegeId: string }[];
  const post = async (message: string, body: object) => {
    const path = `${role}/Microsoft.Dynamics.CRM.${message}`;
    const answer = await server.api(path, { as: 'admin', method: 'POST', body });
    if (answer.status >= 300) throw new Error(answer.text);
  };
  return securityRole.privileges.map(({ name }, index) => ({
    name,
    async take() {
      const privilege = given[index];
      const found = await server.api(`privileges(${privilege?.PrivilegeId})?$select=name`, { as: 'admin' });
      if (bodyOf(found)['name'] !== name) throw new Error(`${name} is not where it should be`);
      await post('RemovePrivilegeRole', { PrivilegeId: privilege?.PrivilegeId });
      return () => post('AddPrivilegesRole', { Privileges: [privilege] });
    },
  }));
}

function takesOfDuties(
  server: Connection,
  { humanResources }: Advice,
  operations: readonly FixOperation[],
): readonly NamedTake[] {
  const role = operations.find(({ path }) => path === 'SecurityRoles')?.body?.['SecurityRoleIdentifier'];
  return (humanResources?.privileges ?? []).map(({ privilege, duty }) => {
    const holder = duty === undefined ? { SecurityRoleIdentifier: role } : { SecurityDutyIdentifier: duty };
    const set = duty === undefined ? 'SecurityRolePrivileges' : 'SecurityDutyPrivileges';
    const row = { ...holder, SecurityPrivilegeIdentifier: privilege };
    return {
      name: privilege,
      async take() {
        const key = Object.entries(row).map(([name, value]) => `${name}='${value}'`);
        const removed = await server.data(`${set}(${encodeURIComponent(key.join(','))})`, { method: 'DELETE' });
        if (removed.status !== 204) throw new Error(removed.text);
        return async () => {
          const added = await server.data(set, { method: 'POST', body: row });
          if (added.status !== 201) throw new Error(added.text);
        };
      },
    };
  });
}

/** Roles that the demo's application has, by name. */
export async function rolesOf(server: Connection): Promise<readonly string[]> {
  const filter = encodeURIComponent(`applicationid eq ${server.env.CLIENT_ID}`);
  const expand = '$expand=systemuserroles_association($select=name)';
  const [user] = rowsOf(await server.api(`systemusers?$filter=${filter}&${expand}`, { as: 'admin' }));
  const roles = user?.['systemuserroles_association'] as readonly { name: string }[];
  return roles.map(({ name }) => name);
}
