import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Explanation } from '../../src/explain/explain-entry.ts';
import type { Who } from '../support/connection.ts';
import { engines } from '../support/database.ts';
import { bodyOf } from '../support/odata.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const candidates = 'mshr_hcmcandidatetohireentities';

describe.each(engines)('explanations on %s', (engine) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer(engine);
  });
  afterAll(() => server.close());

  async function explain(id: string | undefined): Promise<Explanation> {
    const answer = await server.ask(`/portvakt/v1/explain/${id}`, { as: 'admin' });
    return bodyOf(answer) as unknown as Explanation;
  }

  const statesOf = ({ conditions }: Explanation, state: string): readonly string[] =>
    conditions.filter((each) => each.state === state).map(({ id }) => id);

  test.each<{ who: Who; method?: string; failed: string; before: string; after: readonly string[] }>([
    { who: 'stranger', failed: 'application-user', before: 'application-enabled', after: ['privilege', 'hr-user'] },
    { who: 'roleless', failed: 'roles', before: 'user-enabled', after: ['privilege', 'permission'] },
    { who: 'reader', method: 'POST', failed: 'privilege', before: 'roles', after: ['depth', 'application-link'] },
    { who: 'unlinked', failed: 'application-link', before: 'platform-link', after: ['hr-user', 'permission'] },
  ])('$who is refused for $failed', async ({ who, method = 'GET', failed, before, after }) => {
    const body = method === 'POST' ? { mshr_firstname: 'Kari', mshr_lastname: 'Nordmann' } : undefined;
    const refused = await server.api(candidates, { as: who, method, body });
    expect(refused.status).toBeGreaterThanOrEqual(400);
    const explanation = await explain(refused.headers['req_id']);
    expect(explanation.decidedThen?.condition).toBe(failed);
    expect(explanation.firstFailed).toBe(failed);
    expect(explanation.hasChanged).toBe(false);
    expect(statesOf(explanation, 'failed')).toEqual([failed]);
    expect(statesOf(explanation, 'passed')).toContain(before);
    expect(statesOf(explanation, 'not reached')).toEqual(expect.arrayContaining([...after]));
    expect(explanation.conditions.find(({ id }) => id === failed)?.decidedThen).toBe('failed');
  });
});
