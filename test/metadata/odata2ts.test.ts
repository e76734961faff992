import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { metadataDocuments } from '../../src/environment/metadata-documents.ts';
import { builtInModel } from '../../src/metadata/built-in.ts';
import { metadataXml } from '../../src/odata/csdl.ts';

const run = promisify(execFile);
const packages = resolve(import.meta.dirname, '../../node_modules');
const generator = join(packages, '@odata2ts/odata2ts/lib/run-cli.js');
const compiler = join(packages, 'typescript/lib/tsc.js');

/**
 * The generator reads enumerations of TypeScript's JavaScript API, which version 7 no longer has. It brings a version that
 * has it inside ts-morph; this hands it that one. The generator itself is not changed.
 */
const preload = `
const Module = require('node:module');
const { ts } = Module.createRequire(${JSON.stringify(generator)})('@ts-morph/common');
const load = Module._load;
Module._load = function (request, ...rest) {
  return request === 'typescript' ? ts : load.call(this, request, ...rest);
};
`;

/** Uses the generated types the way an ATS would; the last statement must not compile. */
const consumer = `
import type {
  Editablemshr_hcmcandidatetohireentity as NewCandidate,
  mshr_hcmrecruitingrequestentity as Request,
  systemuser as User,
} from './generated/portvaktModel.js';

export const candidate: NewCandidate = { mshr_dataareaid: 'usmf', mshr_firstname: 'Kari', mshr_lastname: 'Nordmann' };
export const positionsOf = (request: Request): readonly string[] =>
  (request.mshr_FK_HcmRecruitingRequestPositionEntity_RecruitingRequest ?? []).map((row) => row.mshr_positionid);
export const statusOf = (request: Request): number | null => request.mshr_status;
export const rolesOf = (user: User): readonly string[] => (user.systemuserroles_association ?? []).map((role) => role.name);
// @ts-expect-error: the column has another type
export const wrong: NewCandidate = { mshr_gender: 'female' };
`;

const tsconfig = {
  compilerOptions: {
    strict: true,
    exactOptionalPropertyTypes: true,
    module: 'NodeNext',
    target: 'ES2023',
    types: [],
    noEmit: true,
  },
  include: ['consumer.ts', 'generated'],
};

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'portvakt-odata2ts-'));
  await mkdir(join(folder, 'generated'));
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(tsconfig));
  await writeFile(join(folder, 'preload.cjs'), preload);
  await writeFile(join(folder, 'consumer.ts'), consumer);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const generate = async (xml: string): Promise<{ stdout: string; stderr: string }> => {
  await writeFile(join(folder, 'metadata.xml'), xml);
  const options = ['-s', 'metadata.xml', '-o', 'generated', '-m', 'models', '-e', 'ts', '-name', 'portvakt'];
  return run(process.execPath, ['-r', './preload.cjs', generator, ...options], { cwd: folder });
};

describe('@odata2ts/odata2ts', () => {
  test.each([
    ['as served', false],
    ['with annotations', true],
  ])('loads $metadata %s, and the generated types compile', async (_, isAnnotated) => {
    const { body } = metadataDocuments(builtInModel(), 'extended')({ format: 'xml', isAnnotated });
    const { stdout } = await generate(String(body));
    expect(stdout).toContain('Successfully finished!');
    const types = await readFile(join(folder, 'generated/portvaktModel.ts'), 'utf8');
    expect(types).toContain('export interface mshr_hcmrecruitingrequestentity extends crmbaseentity');
    const compiled = await run(process.execPath, [compiler, '-p', '.'], { cwd: folder }).catch((error) => error);
    expect(compiled.stdout).toBe('');
  });

  test('refuses a document whose types do not add up', async () => {
    const broken = metadataXml(builtInModel()).replace('EntityType Name="systemuser"', 'EntityType Name="nobody"');
    await expect(generate(broken)).rejects.toThrow(/Couldn't determine model data type|mscrm.systemuser/);
  });
});
