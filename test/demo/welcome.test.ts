import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { demoVolumes } from '../../src/demo/organisation.ts';
import { firstCall, welcomeText } from '../../src/demo/welcome.ts';
import { shellQuote } from '../../src/kernel/env-file.ts';

const facts = {
  apiUrl: 'https://localhost:8443',
  authorityUrl: 'https://localhost:8443/11111111-2222-3333-4444-555555555555',
  envFile: 'data/demo.env',
  caFile: 'data/tls/ca.pem',
  volumes: demoVolumes(),
};

describe('welcomeText', () => {
  test('names what was set up, where it is and what to do next', () => {
    const text = welcomeText(facts);
    const words = ['120 recruiting requests', '300 workers', facts.apiUrl, facts.authorityUrl, 'data/tls/ca.pem'];
    for (const part of [...words, '. data/demo.env', 'node examples/round-trip.mjs']) expect(text).toContain(part);
    expect(text.split('\n').length).toBeLessThan(35);
  });

  test('a server with a certificate of its own names no CA', () => {
    const { caFile, ...others } = facts;
    expect(welcomeText(others)).not.toContain(caFile);
    expect(welcomeText(others)).not.toContain('--cacert');
  });
});

describe('the first call', () => {
  let folder: string;
  const secret = "~/a+b=c&d%20$HOME'";

  /** Stands in for curl: answers a token at first, then prints what it was called with. */
  const curl = `#!/bin/sh
case "$*" in
  *grant_type*) for word in "$@"; do printf '%s\\n' "$word" >> "$0.token"; done; echo '{"access_token":"the token"}' ;;
  *) for word in "$@"; do printf '%s\\n' "$word"; done ;;
esac
`;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'first call '));
    writeFileSync(join(folder, 'curl'), curl, { mode: 0o755 });
    const lines = { API_URL: 'https://api', AUTHORITY_URL: 'https://login', CLIENT_ID: 'id', CLIENT_SECRET: secret };
    writeFileSync(
      join(folder, 'demo.env'),
      [...Object.entries(lines), ['NODE_EXTRA_CA_CERTS', '/ca file.pem']]
        .map(([name, value]) => `${name}=${shellQuote(String(value))}\n`)
        .join(''),
    );
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const run = (script: string): string[] =>
    execFileSync('sh', ['-eu', '-c', script], {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { PATH: [folder, dirname(process.execPath), process.env['PATH']].join(delimiter) },
    }).split('\n');

  test.each(['demo.env', './demo.env'])('works in a shell with the file %s, reserved characters and all', (envFile) => {
    const words = run(firstCall({ envFile, caFile: 'ca.pem' }));
    expect(words).toContain('Authorization: Bearer the token');
    expect(words).toContain('https://api/api/data/v9.2/mshr_hcmrecruitingrequestentities');
    expect(words).toContain('$filter=mshr_status eq 200000005');
    expect(words).toContain('/ca file.pem');
    const token = run('cat curl.token');
    expect(token).toContain(`client_secret=${secret}`);
    expect(token).toContain('scope=https://api/.default');
    expect(token).toContain('https://login/oauth2/v2.0/token');
  });

  test('a path with a space is quoted', () => {
    expect(run(firstCall({ envFile: join(folder, 'demo.env') }))).toContain('Authorization: Bearer the token');
  });
});
