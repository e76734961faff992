import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DemoEnv, demoEnvNames, renderDemoEnv } from '../../src/demo/demo-env.ts';

const values: DemoEnv = {
  API_URL: 'https://localhost:8443',
  AUTHORITY_URL: 'https://localhost:8443/11111111-2222-3333-4444-555555555555',
  TENANT_ID: '11111111-2222-3333-4444-555555555555',
  CLIENT_ID: 'c',
  CLIENT_SECRET: "~/a+b=c&d%20$HOME`id`\"'\\'end",
  ADMIN_CLIENT_ID: 'a',
  ADMIN_CLIENT_SECRET: "'; echo broken; '",
  CERT: '/tmp/folder with space/ålesund.pem',
  NODE_EXTRA_CA_CERTS: '/tmp/ca.pem',
  STRANGER_CLIENT_ID: 's',
  STRANGER_CLIENT_SECRET: '*?[a]!#;|<>(){}',
  ROLELESS_CLIENT_ID: 'r',
  ROLELESS_CLIENT_SECRET: "'",
  READER_CLIENT_ID: 'e',
  READER_CLIENT_SECRET: '$(exit 3)$x',
  UNLINKED_CLIENT_ID: 'u',
  UNLINKED_CLIENT_SECRET: '',
};

describe('renderDemoEnv', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'demo-env-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test('a shell that reads the file has every value as it was', () => {
    const file = join(folder, 'demo.env');
    writeFileSync(file, renderDemoEnv(values));
    const script = 'set -a; . "$1"; set +a; exec "$2" -p "JSON.stringify(process.env)"';
    const { NODE_EXTRA_CA_CERTS, ...read } = JSON.parse(
      execFileSync('sh', ['-c', script, 'sh', file, process.execPath], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }),
    );
    const { NODE_EXTRA_CA_CERTS: expected, ...others } = values;
    expect(read).toMatchObject(others);
    expect(NODE_EXTRA_CA_CERTS).toBe(expected);
  });

  test('there is one line for each name, in order, and nothing else', () => {
    const lines = renderDemoEnv(values).split('\n');
    expect(lines.pop()).toBe('');
    expect(lines.map((line) => line.slice(0, line.indexOf('=')))).toEqual([...demoEnvNames]);
    expect(lines[0]).toBe("API_URL='https://localhost:8443'");
  });

  test('what is missing has no line', () => {
    const { CERT, NODE_EXTRA_CA_CERTS, ...others } = values;
    expect(renderDemoEnv(others)).toBe(
      renderDemoEnv(values)
        .split('\n')
        .filter((line) => !/^(CERT|NODE_EXTRA_CA_CERTS)=/.test(line))
        .join('\n'),
    );
    expect([CERT, NODE_EXTRA_CA_CERTS]).not.toContain(undefined);
  });

  test.each(['a\nb', 'a\rb', 'a\0b'])('a value with a control character is refused: %j', (value) => {
    expect(() => renderDemoEnv({ ...values, CLIENT_SECRET: value })).toThrow(
      'CLIENT_SECRET has a line break or a null character in its value',
    );
  });
});
