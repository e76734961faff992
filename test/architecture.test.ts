import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const source = join(dirname(fileURLToPath(import.meta.url)), '..', 'src');

/** What each folder of `src/` may import; `type` after a colon: types only. ARCHITECTURE.md says why. */
const rules: Record<string, readonly string[]> = {
  kernel: [],
  metadata: ['kernel'],
  odata: ['kernel', 'metadata'],
  directory: ['kernel', 'metadata', 'odata'],
  token: ['kernel', 'directory'],
  tls: ['kernel'],
  audit: ['kernel'],
  http: ['kernel'],
  workers: ['kernel'],
  metrics: ['kernel'],
  traffic: ['kernel'],
  tracing: ['kernel'],
  'web-app': ['kernel'],
  'sign-in': ['kernel', 'metadata', 'odata', 'directory', 'token'],
  dataverse: ['kernel', 'metadata', 'odata'],
  definitions: ['kernel', 'metadata', 'odata'],
  hr: ['kernel', 'metadata', 'odata', 'dataverse:type'],
  recruiting: ['kernel', 'metadata', 'odata', 'hr:type'],
  adapter: ['kernel', 'metadata', 'odata', 'dataverse', 'hr', 'recruiting'],
  events: ['kernel', 'token'],
  webapi: ['kernel', 'metadata', 'odata', 'token', 'dataverse', 'definitions', 'adapter'],
  graph: ['kernel', 'metadata', 'odata', 'directory', 'token'],
  consent: ['kernel', 'directory', 'token'],
  explain: [
    ...['kernel', 'metadata', 'odata', 'directory', 'token', 'dataverse', 'hr', 'adapter', 'graph'],
    'audit:type',
  ],
  // The smallest roles for a recorded use, tried by what explains.
  advise: ['kernel', 'metadata', 'odata', 'dataverse', 'hr', 'explain', 'audit:type'],
  'can-i': ['kernel', 'metadata', 'odata', 'dataverse', 'hr', 'explain', 'audit:type'],
  admin: ['kernel', 'directory', 'token', 'audit', 'events', 'explain', 'advise', 'can-i', 'dataverse:type'],
  finops: ['kernel', 'metadata', 'odata', 'directory', 'token', 'dataverse', 'hr', 'adapter'],
  storage: [
    'kernel',
    'metadata',
    'odata',
    ...['directory', 'token', 'dataverse', 'hr', 'recruiting', 'adapter', 'audit', 'events'].map(
      (layer) => `${layer}:type`,
    ),
  ],
  // Environments and the demo organisation compose the layers above for one server; the root composes everything.
  environment: ['*'],
  demo: ['*'],
  // Carries whole installations from one database to another.
  backup: ['*'],
  // Clients of the surfaces; `init`, `migrate`, `backup` and `restore` alone open an installation.
  cli: ['kernel', '.', 'backup', 'explain:type', 'advise:type', 'can-i:type'],
  '.': ['*'],
};

interface Import {
  readonly from: string;
  readonly layer: string;
  readonly target: string;
  readonly typeOnly: boolean;
}

const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.split(sep).join('/'));

const layerOf = (file: string): string => (file.includes('/') ? (file.split('/', 1)[0] ?? '.') : '.');

function importsOf(file: string): Import[] {
  const text = readFileSync(join(source, file), 'utf8');
  const pattern = /^(?:import|export)\s+(type\s)?[^;'"]*?from\s+['"](\.[^'"]+)['"]|import\(\s*['"](\.[^'"]+)['"]/gms;
  return [...text.matchAll(pattern)].map((match) => ({
    from: file,
    layer: layerOf(file),
    target: posix.normalize(posix.join(posix.dirname(file), match[2] ?? match[3] ?? '')),
    typeOnly: match[1] !== undefined,
  }));
}

const imports = files.flatMap(importsOf);

describe('architecture', () => {
  test('the source tree was read', () => {
    expect(files.length).toBeGreaterThan(60);
    expect(imports.length).toBeGreaterThan(200);
  });

  test('every folder has an import rule', () => {
    expect([...new Set(files.map(layerOf))].filter((layer) => rules[layer] === undefined)).toEqual([]);
  });

  test('imports follow the table', () => {
    const broken = imports.filter(({ layer, target, typeOnly }) => {
      const other = layerOf(target);
      const allowed = rules[layer] ?? [];
      return (
        other !== layer &&
        !allowed.includes('*') &&
        !allowed.includes(other) &&
        !(typeOnly && allowed.includes(`${other}:type`))
      );
    });
    expect(broken).toEqual([]);
  });

  test('only the two gates mint plans', () => {
    const minters = imports.filter(({ target }) => target === 'odata/plan-mint.ts').map(({ layer }) => layer);
    expect([...new Set(minters)].sort()).toEqual(['dataverse', 'hr']);
    const keyHolders = imports.filter(({ from, target }) => {
      return target === 'odata/authorized-plan.ts' && /\bplanKey\b/.test(readFileSync(join(source, from), 'utf8'));
    });
    expect(keyHolders.map(({ from }) => from)).toEqual(['odata/plan-mint.ts']);
  });

  test('nothing reads a folder outside the project', () => {
    const project = join(source, '..');
    const outside = imports.filter(({ target }) => relative(project, join(source, target)).startsWith('..'));
    expect(outside).toEqual([]);
    const sharing = files.filter((file) => /\.\.\/shared|\/work\//.test(readFileSync(join(source, file), 'utf8')));
    expect(sharing).toEqual([]);
  });
});
