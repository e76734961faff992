import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { engines } from '../support/database.ts';
import { runScript } from '../support/run-script.ts';
import { type EmptyServer, startEmptyServer } from '../support/server.ts';

const notMember = '403 0x80072560 The user is not a member of the organization.';
const notFound =
  '400 0x80040265 User Rekrutteringsintegrasjon was not found in Finance and Operations. Please ensure this user exists.';

/** Ids differ from run to run. */
const without = (text: string): string => text.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/gi, '…');

describe.each(engines)('examples/two-gates.mjs from an empty organisation on %s', (engine) => {
  let server: EmptyServer;
  beforeAll(async () => {
    server = await startEmptyServer(engine);
  });
  afterAll(() => server.close());

  test('each step is preceded by its refusal, and after the last one the call works', async () => {
    const { code, stdout, stderr } = await runScript(server, 'examples/two-gates.mjs', 'admin');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const befores = [...without(stdout).matchAll(/^ {4}before: (.*)$/gm)].map(([, text]) => text);
    expect(befores).toEqual([
      notMember,
      expect.stringMatching(
        /^403 0x80042f09 RetrievePrivilegeForUser: The user with id … has not been assigned any roles\. They need a role with the prvReadmshr_hcmrecruitingrequestentity privilege\.$/i,
      ),
      expect.stringMatching(
        /^403 0x80040220 Principal user \(Id=…, .* is missing prvReadmshr_hcmrecruitingrequestentity privilege/,
      ),
      ...Array(6).fill(notFound),
    ]);
    expect(stdout.split('\n').slice(-3)).toEqual([
      'the call after the last step: 200, 0 rows',
      'a candidate was sent to legal entity usmf',
      '',
    ]);
  });
});
