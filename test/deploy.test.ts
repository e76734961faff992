import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { settingNames } from '../src/config.ts';
import { root } from './support/process.ts';
import { runScript } from './support/run-script.ts';
import { startTestServer } from './support/server.ts';

const folder = join(root, 'deploy');
const read = (...path: string[]): string => readFileSync(join(folder, ...path), 'utf8');
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
  /\.\w+$|Dockerfile$/.test(file),
);

test('every setting that a file names is one', () => {
  const named = files.flatMap((file) => [...read(file).matchAll(/PORTVAKT_[A-Z_]+/g)].map(([name]) => name));
  const known = new Set<string>(settingNames);
  expect([...new Set(named)].filter((name) => !known.has(name) && !name.endsWith('_'))).toEqual([]);
  expect(named.length).toBeGreaterThan(8);
});

test('the image starts Node.js as the command does', () => {
  const [, flags = ''] =
    /^#!\/usr\/bin\/env -S node(( --[\w=-]+)+)\n/.exec(readFileSync(join(root, 'src/portvakt.ts'), 'utf8')) ?? [];
  const entry = ['node', ...flags.trim().split(' '), 'dist/portvakt.js'];
  expect(read('Dockerfile').split('\n')).toContain(`ENTRYPOINT ${JSON.stringify(entry).replaceAll(',', ', ')}`);
});

test('the image runs as nobody in particular, and copies what there is', () => {
  const lines = read('Dockerfile').split('\n');
  const last = lines.slice(lines.findLastIndex((line) => line.startsWith('FROM ')));
  expect(last.filter((line) => line.startsWith('USER '))).toEqual(['USER node']);
  const copied = lines.flatMap((line) => /^COPY (?!--from)(.+) \S+$/.exec(line)?.[1]?.split(' ') ?? []);
  for (const source of copied) expect(existsSync(join(root, source)), source).toBe(true);
  const ignored = read('Dockerfile.dockerignore');
  for (const source of ['src', 'admin-ui', 'scripts', 'package-lock.json']) expect(ignored).toContain(`!${source}`);
  // Neither data nor secrets of whoever builds it come along.
  expect(ignored.startsWith('*\n')).toBe(true);
});

interface Compose {
  readonly services: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly secrets: Readonly<Record<string, unknown>>;
}

test('the compose file hands secrets over as files, and lets the server write to its volume alone', () => {
  const { services, secrets } = parse(read('compose.yaml')) as Compose;
  expect(services['portvakt']).toMatchObject({
    read_only: true,
    cap_drop: ['ALL'],
    security_opt: ['no-new-privileges:true'],
    environment: { PORTVAKT_DATABASE_URL_FILE: '/run/secrets/database-url' },
    secrets: ['database-url'],
  });
  expect(Object.keys(secrets).sort()).toEqual(['database-url', 'postgres-password']);
  expect(read('compose.yaml')).not.toMatch(/POSTGRES_PASSWORD:|PORTVAKT_DATABASE_URL:/);
});

describe('the chart', () => {
  const values = parse(read('helm', 'portvakt', 'values.yaml')) as Record<string, unknown>;
  const isValid = new Ajv().compile(JSON.parse(read('helm', 'portvakt', 'values.schema.json')));

  test('has values that its schema allows', () => {
    isValid(values);
    expect(isValid.errors).toBe(null);
  });

  test.each([
    ['a URL with a path', { publicUrl: 'https://hr.example.com/x' }],
    ['no worker', { workers: 0 }],
    ['an unknown value', { replicas: 2 }],
    ['a setting that is none', { settings: { OTHER: 'x' } }],
    ['a setting that is no text', { settings: { PORTVAKT_LIMITS: true } }],
  ])('refuses %s', (_, change) => expect(isValid({ ...values, ...change })).toBe(false));

  test('uses values that there are', () => {
    const templates = readdirSync(join(folder, 'helm', 'portvakt', 'templates'));
    const used = templates.flatMap((file) =>
      [...read('helm', 'portvakt', 'templates', file).matchAll(/\.Values\.([\w.]+)/g)].map(([, path]) => path ?? ''),
    );
    expect(used.length).toBeGreaterThan(10);
    const find = (path: string) =>
      path.split('.').reduce<unknown>((at, name) => (at as Record<string, unknown> | undefined)?.[name], values);
    expect(used.filter((path) => find(path) === undefined)).toEqual([]);
  });

  test('is of the version of the package', () => {
    const { version, appVersion } = parse(read('helm', 'portvakt', 'Chart.yaml')) as Record<string, string>;
    const { version: ours } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    expect([version, appVersion]).toEqual([ours, ours]);
  });
});

const analyze = ['/usr/bin/systemd-analyze', '/bin/systemd-analyze'].find(existsSync);

test.skipIf(analyze === undefined)('systemd finds nothing wrong with the unit', () => {
  const unit = join(folder, 'systemd', 'portvakt.service');
  expect(execFileSync(analyze ?? '', ['verify', unit], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })).toBe(
    '',
  );
});

test('the health check of the image tells a server that is ready from none', async () => {
  const server = await startTestServer('sqlite');
  const port = new URL(server.url).port;
  const check = (variables: Record<string, string>) => runScript(server, 'deploy/is-ready.mjs', 'ats', variables);
  try {
    expect((await check({ PORTVAKT_PORT: port })).code).toBe(0);
    expect((await check({ PORTVAKT_PORT: port, PORTVAKT_TLS: 'off' })).code).toBe(1);
  } finally {
    await server.close();
  }
  expect((await check({ PORTVAKT_PORT: port })).code).toBe(1);
});
