import { describe, expect, test } from 'vitest';
import { builtInModel } from '../../src/metadata/built-in.ts';
import { ODataParseError, parse } from '../../src/odata/parse-url.ts';
import { parseExpression } from '../../src/odata/syntax/expression.ts';
import { parseExpand, parseOrderBy, parseSelect } from '../../src/odata/syntax/options.ts';
import { parsePattern } from '../../src/odata/wildcards.ts';
import { caught } from './parse-request.ts';

const model = builtInModel();
const list = (length: number, item: string): string => Array.from({ length }, () => item).join(',');

/** A URL of one length after the other; what is refused on the way must be refused as fast. */
const asUrl = (url: string): void => {
  try {
    parse(url, model);
  } catch (error) {
    if (!(error instanceof ODataParseError)) throw error;
  }
};

/** The shortest of several runs: what else the machine does only adds. */
function time(act: () => unknown): number {
  const times = Array.from({ length: 9 }, () => {
    const start = process.hrtime.bigint();
    act();
    return Number(process.hrtime.bigint() - start);
  });
  return Math.min(...times);
}

describe('with each doubling of the text the time doubles', () => {
  const size = 4_000;
  const doublings = 3;
  const cases: readonly { name: string; run: (length: number) => unknown }[] = [
    { name: 'a chain of or', run: (n) => parseExpression(Array.from({ length: n / 4 }, () => 'a eq 1').join(' or ')) },
    { name: 'a long text', run: (n) => parseExpression(`a eq '${"''x".repeat(n)}'`) },
    { name: 'a list', run: (n) => parseExpression(`a in (${list(n, '1')})`) },
    { name: 'a JSON array', run: (n) => parseExpression(`f(a=[${list(n, '"x"')}])`) },
    { name: 'spaces', run: (n) => parseExpression(`a${' '.repeat(n * 10)}eq 1`) },
    { name: 'a path', run: (n) => parseExpression(`${'a/'.repeat(n)}b`) },
    { name: 'names that go on and on', run: (n) => parseExpression('a'.repeat(n * 10)) },
    { name: '$select', run: (n) => parseSelect(list(n, 'a')) },
    { name: '$orderby', run: (n) => parseOrderBy(list(n, 'a desc')) },
    { name: '$expand', run: (n) => parseExpand(list(n, 'a($select=b;$top=1)')) },
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
    const ratio = time(() => run(long)) / time(() => run(size));
    // Linear is 8, quadratic 64. The machine does other things, too.
    expect(ratio).toBeLessThan(3 ** doublings);
  });
});

test('a URL as long as may be is parsed in a few milliseconds', () => {
  const filter = Array.from({ length: 400 }, (_, at) => `contains(fullname,'${'x'.repeat(40)}${at}')`).join(' or ');
  expect(filter.length).toBeGreaterThan(25_000);
  expect(time(() => parse(`systemusers?$filter=${filter}`, model)) / 1e6).toBeLessThan(100);
});
