import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Answer } from '../support/client.ts';
import { type Members, startMembers } from '../support/members.ts';

const api = '/api/data/v9.2';
const requests = `${api}/mshr_hcmrecruitingrequestentities?$top=1`;
const rowsOf = (answer: Answer) => (answer.json() as { value: Record<string, string>[] }).value;

/** What is promised of a change that another process took. */
const promisedMs = 1000;

/** Asks until the answer has this status. Gives the milliseconds that it took. */
async function until(status: number, ask: () => Promise<Answer>): Promise<number> {
  const begin = performance.now();
  for (;;) {
    const answer = await ask();
    const took = performance.now() - begin;
    if (answer.status === status) return took;
    if (took > 20 * promisedMs) throw new Error(`still ${answer.status} ${answer.text}`);
  }
}

/** Changes that one process takes, and what the other one answers. */
describe('two processes on one PostgreSQL database', () => {
  let servers: Members;
  let userId: string;
  let roleId: string;

  beforeAll(async () => {
    servers = await startMembers();
    const filter = encodeURIComponent(`applicationid eq ${servers.first.env.CLIENT_ID}`);
    const users = await servers.to(1, `${api}/systemusers?$select=systemuserid&$filter=${filter}`, { as: 'admin' });
    userId = rowsOf(users)[0]?.['systemuserid'] ?? '';
    const roles = await servers.to(1, `${api}/systemusers(${userId})/systemuserroles_association?$select=roleid`, {
      as: 'admin',
    });
    roleId = rowsOf(roles)[0]?.['roleid'] ?? '';
  });
  afterAll(() => servers.close());

  const read = (member: 1 | 2): Promise<Answer> => servers.to(member, requests, { as: 'ats' });
  const takeRole = (member: 1 | 2): Promise<Answer> =>
    servers.to(member, `${api}/systemusers(${userId})/systemuserroles_association(${roleId})/$ref`, {
      method: 'DELETE',
      as: 'admin',
    });
  const giveRole = (member: 1 | 2): Promise<Answer> =>
    servers.to(member, `${api}/systemusers(${userId})/systemuserroles_association/$ref`, {
      method: 'POST',
      as: 'admin',
      body: { '@odata.id': `${servers.first.url}${api}/roles(${roleId})` },
    });

  test('each says which one it is', async () => {
    expect((await read(1)).headers['x-portvakt-worker']).toBe('1');
    expect((await read(2)).headers['x-portvakt-worker']).toBe('2');
  });

  test('a role that one takes away is refused by itself at once, by the other within a second', async () => {
    expect((await read(2)).status).toBe(200);
    expect((await takeRole(1)).status).toBe(204);
    expect((await read(1)).status).toBe(403);
    expect(await until(403, () => read(2))).toBeLessThan(promisedMs);
    expect((await giveRole(2)).status).toBe(204);
    expect((await read(2)).status).toBe(200);
    expect(await until(200, () => read(1))).toBeLessThan(promisedMs);
  });
});
