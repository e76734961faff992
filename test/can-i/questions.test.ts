import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CanIAnswer } from '../../src/can-i/answers.ts';
import { run } from '../cli/run.ts';
import { adminErrorOf } from '../support/administration.ts';
import { credentialsOf, type Who } from '../support/connection.ts';
import { engines } from '../support/database.ts';
import { bodyOf } from '../support/odata.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const candidates = 'mshr_hcmcandidatetohireentity';

describe.each(engines)('questions on %s', (engine) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer(engine);
  });
  afterAll(() => server.close());

  const ask = (options: Readonly<Record<string, string>>, who: Who | 'nobody' = 'ats', as: Who = 'admin') => {
    const clientId = who === 'nobody' ? {} : { clientId: credentialsOf(server.env, who).id };
    return server.ask(`/portvakt/v1/can-i?${new URLSearchParams({ ...clientId, ...options })}`, { as });
  };
  const told = async (options: Readonly<Record<string, string>>, who?: Who): Promise<CanIAnswer> =>
    bodyOf(await ask(options, who)) as unknown as CanIAnswer;

  test.each<{ who: Who; right: string; more?: Record<string, string>; failed: string }>([
    { who: 'stranger', right: 'read', failed: 'application-user' },
    { who: 'roleless', right: 'read', failed: 'roles' },
    { who: 'reader', right: 'create', failed: 'privilege' },
    { who: 'unlinked', right: 'read', failed: 'application-link' },
  ])('$who may not $right: $failed, with the fix', async ({ who, right, failed }) => {
    const answer = await told({ right, table: candidates }, who);
    expect(answer).toMatchObject({ allowed: false, outcome: 'refused', firstFailed: failed });
    const condition = answer.conditions.find(({ id }) => id === failed);
    expect(condition?.fixes.length).toBeGreaterThan(0);
  });

  test('the set is a name of the table as well, and case does not matter', async () => {
    const answers = await Promise.all(
      [candidates, 'mshr_hcmcandidatetohireentities', candidates.toUpperCase()].map((table) =>
        told({ right: 'Read', table }),
      ),
    );
    expect(answers.map(({ allowed, asked }) => [allowed, asked.table])).toEqual(
      Array.from({ length: 3 }, () => [true, candidates]),
    );
    expect(answers[0]?.rows?.all).toBeGreaterThan(0);
  });

  test('a row that is not there', async () => {
    const row = '99999999-9999-4999-8999-999999999999';
    expect(await told({ right: 'read', table: candidates, row })).toMatchObject({ outcome: 'not found', found: false });
  });

  test('a message, and a link', async () => {
    expect(await told({ right: 'WhoAmI' })).toMatchObject({ allowed: true });
    const navigation = 'teammembership_association';
    expect(await told({ right: 'link', table: 'team', navigation })).toMatchObject({ firstFailed: 'privilege' });
  });

  const wrong: readonly {
    name: string;
    options: Record<string, string>;
    status: number;
    code: string;
    fix?: RegExp;
  }[] = [
    { name: 'no right', options: { table: candidates }, status: 400, code: 'nameUnknown' },
    {
      name: 'a right that is none',
      options: { right: 'reed', table: candidates },
      status: 400,
      code: 'nameUnknown',
      fix: /read/,
    },
    {
      name: 'a word of others',
      options: { right: 'update', table: candidates },
      status: 400,
      code: 'nameUnknown',
      fix: /write/,
    },
    { name: 'no table', options: { right: 'read' }, status: 400, code: 'optionInvalid' },
    {
      name: 'a table that is none',
      options: { right: 'read', table: 'mshr_hcmcandidatetohireentitie' },
      status: 400,
      code: 'nameUnknown',
      fix: /mshr_hcmcandidatetohireentit/,
    },
    {
      name: 'a column that is none',
      options: { right: 'read', table: candidates, columns: 'mshr_lastnam' },
      status: 400,
      code: 'nameUnknown',
      fix: /mshr_lastname/,
    },
    {
      name: 'a column that nobody may write',
      options: { right: 'write', table: candidates, columns: 'mshr_candidateid' },
      status: 400,
      code: 'neverAllowed',
    },
    {
      name: 'a row that is no id',
      options: { right: 'read', table: candidates, row: '1' },
      status: 400,
      code: 'optionInvalid',
    },
    {
      name: 'a row of a new row',
      options: { right: 'create', table: candidates, row: '99999999-9999-4999-8999-999999999999' },
      status: 400,
      code: 'optionInvalid',
    },
    {
      name: 'a link without its property',
      options: { right: 'link', table: 'team' },
      status: 400,
      code: 'optionInvalid',
    },
    {
      name: 'a legal entity on a table without one',
      options: { right: 'create', table: 'team', company: 'usmf' },
      status: 400,
      code: 'optionInvalid',
    },
    {
      name: 'an option that is none',
      options: { right: 'read', table: candidates, x: '1' },
      status: 400,
      code: 'optionInvalid',
    },
  ];

  test.each(wrong)('$name: $status $code', async ({ options, status, code, fix }) => {
    const answer = await ask(options);
    const error = adminErrorOf(answer);
    expect([answer.status, error.code]).toEqual([status, code]);
    if (fix !== undefined) expect(error.details['fix']).toMatch(fix);
  });

  test.each([
    ['none', {}, 400, 'optionInvalid'],
    ['no id', { clientId: 'ats' }, 400, 'optionInvalid'],
    ['one that is not there', { clientId: '99999999-9999-4999-8999-999999999999' }, 404, 'applicationUnknown'],
  ])('an application that is %s', async (_, options, status, code) => {
    const answer = await ask({ right: 'read', table: candidates, ...options }, 'nobody');
    expect([answer.status, adminErrorOf(answer).code]).toEqual([status, code]);
  });

  test('who does not administer is refused', async () => {
    expect((await ask({ right: 'read', table: candidates }, 'ats', 'ats')).status).toBe(403);
  });

  test('the command says it in a word, and by its exit code', async () => {
    const env = join(server.dataFolder, 'demo.env');
    const may = (who: Who, ...words: string[]) =>
      run(['can-i', credentialsOf(server.env, who).id, ...words, '--env', env, '--as', 'admin']);
    const allowed = await may('reader', 'read', candidates);
    expect([allowed.code, allowed.out.trimEnd().split('\n').at(-1)]).toEqual([0, 'allowed']);
    const refused = await may('reader', 'create', candidates);
    expect([refused.code, refused.err]).toEqual([5, 'portvakt: refused: the condition is privilege\n']);
    expect((await may('reader', 'reed', candidates)).code).toBe(4);
  });
});
