import type { Answer } from '../support/client.ts';
import type { Members } from '../support/members.ts';
import { rowsOf } from '../support/odata.ts';

const api = '/api/data/v9.2';
const requests = `${api}/mshr_hcmrecruitingrequestentities?$top=1`;

/** What is promised of a change that another process took. */
export const promisedMs = 1000;
/** For so long after it nobody may be let in again. */
const watchedMs = 500;
const readers = 4;

/** The role that lets the demo ATS in, and the user who has it. */
export interface Grant {
  readonly userId: string;
  readonly roleId: string;
}

export async function findGrant(servers: Members): Promise<Grant> {
  const filter = encodeURIComponent(`applicationid eq ${servers.first.env.CLIENT_ID}`);
  const as = 'admin' as const;
  const users = await servers.to(1, `${api}/systemusers?$select=systemuserid&$filter=${filter}`, { as });
  const userId = String(rowsOf(users)[0]?.['systemuserid']);
  const roles = await servers.to(1, `${api}/systemusers(${userId})/systemuserroles_association?$select=roleid`, { as });
  return { userId, roleId: String(rowsOf(roles)[0]?.['roleid']) };
}

export const read = (servers: Members, member: 1 | 2): Promise<Answer> => servers.to(member, requests, { as: 'ats' });

export const takeRole = (servers: Members, member: 1 | 2, { userId, roleId }: Grant): Promise<Answer> =>
  servers.to(member, `${api}/systemusers(${userId})/systemuserroles_association(${roleId})/$ref`, {
    method: 'DELETE',
    as: 'admin',
  });

export const giveRole = (servers: Members, member: 1 | 2, { userId, roleId }: Grant): Promise<Answer> =>
  servers.to(member, `${api}/systemusers(${userId})/systemuserroles_association/$ref`, {
    method: 'POST',
    as: 'admin',
    body: { '@odata.id': `${servers.first.url}${api}/roles(${roleId})` },
  });

export interface Round {
  /** Milliseconds from the answer to the change until the other process refused for the first time. */
  readonly refusedAfter: number;
  /** Requests that were sent after the promise, or after a refusal of the same process, and were let in. */
  readonly letIn: number;
  readonly asked: number;
}

/** Takes the role away on one process while both are asked all the time, then gives it back on the other one. */
export async function revokeRound(servers: Members, grant: Grant, member: 1 | 2): Promise<Round> {
  const other = member === 1 ? 2 : 1;
  const state = { takenAt: Number.POSITIVE_INFINITY, refusedAt: Number.POSITIVE_INFINITY, letIn: 0, asked: 0 };
  const isOver = (): boolean => performance.now() > state.takenAt + promisedMs + watchedMs;
  const reader = async (asked: 1 | 2): Promise<void> => {
    let refused = false;
    while (!isOver()) {
      const sentAt = performance.now();
      const mustRefuse = refused || sentAt > state.takenAt + (asked === member ? 0 : promisedMs);
      const { status, text } = await read(servers, asked);
      state.asked += 1;
      if (status === 403) {
        refused = true;
        if (asked === other) state.refusedAt = Math.min(state.refusedAt, performance.now());
      } else if (status !== 200) throw new Error(`${status} ${text}`);
      else if (mustRefuse) state.letIn += 1;
    }
  };
  const reading = Promise.all(Array.from({ length: readers }, (_, at) => reader(at % 2 === 0 ? 1 : 2)));
  reading.catch(() => undefined);
  const taken = await takeRole(servers, member, grant);
  if (taken.status !== 204) throw new Error(taken.text);
  state.takenAt = performance.now();
  await reading;
  await giveBack(servers, other, grant);
  return { refusedAfter: state.refusedAt - state.takenAt, letIn: state.letIn, asked: state.asked };
}

async function giveBack(servers: Members, member: 1 | 2, grant: Grant): Promise<void> {
  const given = await giveRole(servers, member, grant);
  if (given.status !== 204) throw new Error(given.text);
  for (const each of [1, 2] as const) while ((await read(servers, each)).status !== 200);
}
