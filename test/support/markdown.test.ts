import { tmpdir } from 'node:os';
import { describe, expect, test } from 'vitest';
import { commandsOf, hasForm, headingsOf, linksOf } from './markdown.ts';
import { runSession } from './page-shell.ts';

const page = [
  '# A `page`, first',
  '',
  '```sh',
  'echo one',
  '```',
  '',
  '```text',
  'one',
  '```',
  '```sh',
  'exit 3',
  '```',
  '',
];

describe('a page of Markdown', () => {
  test('commands come with the output that follows them', () => {
    expect(commandsOf(page.join('\n'))).toEqual([
      { script: 'echo one', line: 3, output: 'one' },
      { script: 'exit 3', line: 10, output: undefined },
    ]);
  });

  test('blocks in other languages are no commands', () => {
    expect(commandsOf('```console\nnpm start\n```\n```text\nready\n```\n')).toEqual([]);
  });

  test('a block that is not closed is an error', () => {
    expect(() => commandsOf('text\n```sh\necho one\n')).toThrow('the block that begins at line 2 is not closed');
  });

  test('links outside code', () => {
    expect(linksOf('see [a](b.md) and [c](#d), not `[e](f)`\n```sh\n[g](h)\n```\n')).toEqual(['b.md', '#d']);
  });

  test('headings as GitHub names them', () => {
    expect(headingsOf(page.join('\n'))).toEqual(['a-page-first']);
    expect(headingsOf('## 3. Assign the role\n')).toEqual(['3-assign-the-role']);
  });
});

describe('the form of an output', () => {
  test.each([
    { name: 'the same text', actual: 'a\nb', expected: 'a\nb', holds: true },
    { name: 'blank lines around', actual: '\na\n\n', expected: 'a', holds: true },
    { name: 'another text', actual: 'a', expected: 'b', holds: false },
    { name: 'a line more', actual: 'a\nb', expected: 'a', holds: false },
    { name: 'a line less', actual: 'a', expected: 'a\nb', holds: false },
    { name: '… inside a line', actual: 'id 17 done', expected: 'id … done', holds: true },
    { name: '… does not reach over lines', actual: 'id\ndone', expected: 'id…done', holds: false },
    { name: '… as a line, for none', actual: 'a\nz', expected: 'a\n…\nz', holds: true },
    { name: '… as a line, for several', actual: 'a\nb\nc\nz', expected: 'a\n…\nz', holds: true },
    { name: '… as the last line', actual: 'a\nb\nc', expected: 'a\n…', holds: true },
    { name: 'signs of regular expressions mean themselves', actual: 'axb', expected: 'a.b', holds: false },
  ])('$name: $holds', ({ actual, expected, holds }) => {
    expect(hasForm(actual, expected)).toBe(holds);
  });
});

describe('a session', () => {
  const run = (...scripts: string[]) =>
    runSession(
      scripts.map((script) => ({ script, line: 1, output: undefined })),
      tmpdir(),
    );

  test('blocks share one shell, and both streams are seen', async () => {
    expect(await run('A=one', 'echo $A', 'echo two >&2')).toEqual({ exitCode: 0, outputs: ['', 'one', 'two'] });
  });

  test('it ends at the first failure', async () => {
    expect(await run('echo one', 'echo two; exit 3', 'echo four')).toEqual({ exitCode: 3, outputs: ['one', 'two'] });
  });

  test('a variable that is not set is a failure', async () => {
    expect((await run('echo "$NOT_SET_ANYWHERE"', 'echo two')).exitCode).not.toBe(0);
  });
});
