import { describe, expect, test } from 'vitest';
import { builtInModel } from '../../src/metadata/built-in.ts';
import { ODataParseError, parse } from '../../src/odata/parse-url.ts';
import { parseExpression } from '../../src/odata/syntax/expression.ts';
import { parseExpand, parseOrderBy, parseSelect } from '../../src/odata/syntax/options.ts';
import { parsePattern } from '../../src/odata/wildcards.ts';
import { caught } from './parse-request.ts';

const model = builtInModel();
const list = (length: number, item: string): string => Array.from({ length }, () => item).join(',');

/** What is refused must be refused as fast. */
const asUrl = (url: string): void => {
  try {
    parse(url, model);
  } catch (error) {
    if (!(error instanceof ODataParseError)) throw error;
  }
};

/** Processor time in microseconds, the least of several runs: what else the machine does only adds. */
function time(act: () => unknown): number {
  const times = Array.from({ length: 7 }, () => {
    const start = process.cpuUsage();
    act();
    const { user, system } = process.cpuUsage(start);
    return user + system;
  });
  return Math.max(1, Math.min(...times));
}

describe('with each doubling of the text the time doubles', () => {
  const size = 3_000;
  const doublings = 3;
  // Trees stay small enough not to measure the garbage collector.
  const cases: readonly { name: string; run: (length: number) => unknown }[] = [
    { name: 'a chain of or', run: (n) => parseExpression(Array.from({ length: n / 4 }, () => 'a eq 1').join(' or ')) },
    { name: 'a long text', run: (n) => parseExpression(`a eq '${"''x".repeat(n)}'`) },
    { name: 'a list', run: (n) => parseExpression(`a in (${list(n, '1')})`) },
    { name: 'a JSON array', run: (n) => parseExpression(`f(a=[${list(n, '"x"')}])`) },
    { name: 'spaces', run: (n) => parseExpression(`a${' '.repeat(n * 10)}eq 1`) },
    { name: 'a path', run: (n) => parseExpression(`${'a/'.repeat(n / 2)}b`) },
    { name: 'names that go on and on', run: (n) => parseExpression('a'.repeat(n * 10)) },
    { name: '$select', run: (n) => parseSelect(list(n / 2, 'a')) },
    { name: '$orderby', run: (n) => parseOrderBy(list(n / 4, 'a desc')) },
    { name: '$expand', run: (n) => parseExpand(list(n / 20, 'a($select=b;$top=1)')) },
    {
      name: 'options',
      run: (n) => asUrl(`systemusers?${Array.from({ length: n / 10 }, (_, at) => `o${at}=1`).join('&')}`),
    },
    { name: 'wildcards', run: (n) => parsePattern('[a'.repeat(n)) },
    { name: 'unclosed parentheses', run: (n) => caught(() => parseExpression('('.repeat(n * 10))) },
    { name: 'quotes that do not close', run: (n) => caught(() => parseExpression("'a".repeat(n * 10 + 1))) },
  ];
  test.each(cases)('$name', ({ run }) => {
    const long = size * 2 ** doublings;
    run(long);
    // Linear is 8, quadratic 64. What else the machine does may make one attempt look bad, never a bad parser look good.
    const ratios = Array.from({ length: 5 }, () => time(() => run(long)) / time(() => run(size)));
    expect(Math.min(...ratios)).toBeLessThan(3.4 ** doublings);
  });
});

test('a URL as long as may be is parsed in a few milliseconds', () => {
  const filter = Array.from({ length: 400 }, (_, at) => `contains(fullname,'${'x'.repeat(40)}${at}')`).join(' or ');
  expect(filter.length).toBeGreaterThan(25_000);
  expect(time(() => parse(`systemusers?$filter=${filter}`, model)) / 1e3).toBeLessThan(100);
});
