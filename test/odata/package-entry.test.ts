import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { gapsPage } from './gaps-page.ts';
import { declaredGaps } from './urls/gaps.ts';

const project = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** Run by Node.js alone, as a program that has installed the package does it. */
const program = `
import { parse, print } from 'portvakt/odata';
import { model, makeModel } from 'portvakt/model';
const say = (url, ...more) => {
  try { return print(parse(url, ...more)); }
  catch (error) { return [error.name, error.position, error.token, error.status, error.code].join(' '); }
};
console.log(say("systemusers?$filter=businessunitid/name eq 'x'&$top=3", model));
console.log(say('systemusers?$filter=length(fullname) eq 1', model));
console.log(say('https://org.example/api/data/v9.2/systemusers?$orderby=nothing'));
console.log(say('systemusers?$filter=fullname in (null)', model, { fidelity: 'strict' }));
console.log(typeof makeModel);
`;

test('the built package exports the parser and the model', () => {
  expect(existsSync(join(project, 'dist', 'model.js')), 'run `npm run build` first').toBe(true);
  const output = execFileSync(process.execPath, ['--input-type=module', '--eval', program], {
    cwd: project,
    encoding: 'utf8',
  });
  expect(output.trim().split('\n')).toEqual([
    'rows systemusers where through businessunitid(name eq "x") limit 3',
    'ODataParseError 20 length 501 0x80060888',
    'ODataParseError 55 nothing 400 0x80060888',
    'ODataParseError 29 in 501 0x80060888',
    'function',
  ]);
});

test('the page of gaps is the list of gaps', () => {
  expect(readFileSync(join(project, 'docs', 'odata-gaps.md'), 'utf8')).toBe(gapsPage(declaredGaps));
});
