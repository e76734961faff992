import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { model } from '../../src/model.ts';
import { ODataParseError, type ParsedUrl, parse, print } from '../../src/odata/parse-url.ts';
import { asker, now } from './parse-request.ts';
import { acceptedUrls, refusedUrls } from './urls/all-urls.ts';
import { declaredGaps } from './urls/gaps.ts';

const options = { now: () => now, asker };
const parseUrl = (url: string): ParsedUrl => parse(url, model, options);

function errorOf(url: string): ODataParseError {
  try {
    throw new Error(`accepted: ${print(parseUrl(url))}`);
  } catch (error) {
    if (error instanceof ODataParseError) return error;
    throw error;
  }
}

/** The same URL with everything percent-encoded that may be, the other way of writing what means the same. */
const encoded = (url: string): string => {
  const [path = '', ...query] = url.split('?');
  const options = query
    .join('?')
    .replace(/[^%&=?+A-Za-z0-9]+/gu, (text) => encodeURIComponent(text).replace(/[!'()*]/g, hex));
  return query.length === 0 ? path : `${path}?${options}`;
};
const hex = (character: string): string => `%${character.charCodeAt(0).toString(16)}`;

test('there are at least 500 URLs, half of them to be refused, each once', () => {
  const urls = [...acceptedUrls, ...refusedUrls].map(({ url }) => url);
  expect(urls.length).toBeGreaterThanOrEqual(500);
  expect(acceptedUrls.length).toBeGreaterThanOrEqual(250);
  expect(refusedUrls.length).toBeGreaterThanOrEqual(250);
  expect(urls.filter((url, at) => urls.indexOf(url) !== at)).toEqual([]);
});

describe('a URL is taken', () => {
  test.each(acceptedUrls)('$rule: $url', ({ url, tree }) => {
    expect(print(parseUrl(url))).toBe(tree);
  });

  test('and means the same when it is percent-encoded', () => {
    for (const { url, tree } of acceptedUrls) expect([url, print(parseUrl(encoded(url)))]).toEqual([url, tree]);
  });

  test('and the same behind a service root', () => {
    for (const { url, tree } of acceptedUrls) {
      if (url.includes('/api/data/')) continue;
      expect([url, print(parseUrl(`https://org.example/api/data/v9.2/${url}`))]).toEqual([url, tree]);
    }
  });
});

describe('a URL is refused', () => {
  test.each(refusedUrls)('$rule: $url', ({ url, position, problem, says }) => {
    const error = errorOf(url);
    expect([`${error.status} ${error.code}`, error.position]).toEqual([problem, position]);
    expect(error.message.startsWith(says)).toBe(true);
    expect(url.slice(error.position).startsWith(error.token)).toBe(true);
  });

  test('and the position counts in what was given', () => {
    const root = 'https://org.example/api/data/v9.2/';
    for (const { url, position } of refusedUrls) {
      if (url.includes('/api/data/')) continue;
      expect([url, errorOf(root + url).position]).toEqual([
        url,
        position === 0 && url.startsWith('/') ? 0 : position + root.length,
      ]);
    }
  });
});

/** What a slip of the hand, or a client that does not encode, puts into a URL or leaves out of it. */
const slips = [
  "'",
  '%',
  '%27',
  '(',
  ')',
  '/',
  '$',
  '@',
  '&',
  '=',
  ';',
  ',',
  '+',
  ' ',
  '%00',
  '\ud83d',
  '%F0%9F%98%80',
  '[',
  '{',
];
const damaged = fc
  .tuple(
    fc.constantFrom(...[...acceptedUrls, ...refusedUrls].map(({ url }) => url).filter(({ length }) => length < 500)),
    fc.array(fc.tuple(fc.nat(500), fc.nat(2), fc.constantFrom('', ...slips)), { minLength: 1, maxLength: 3 }),
  )
  .map(([url, changes]) =>
    changes.reduce((text, [at, cut, slip]) => text.slice(0, at) + slip + text.slice(at + cut), url),
  );

test('a damaged URL is taken or refused, with a position in it and what stands there', () => {
  fc.assert(
    fc.property(damaged, (url) => {
      try {
        parseUrl(url);
      } catch (error) {
        if (!(error instanceof ODataParseError)) throw error;
        expect(error.position).toBeGreaterThanOrEqual(0);
        expect(error.position).toBeLessThanOrEqual(url.length);
        expect(url.slice(error.position).startsWith(error.token)).toBe(true);
      }
    }),
    { seed: 20_270, numRuns: 2000 },
  );
});

describe('a declared gap', () => {
  test.each(declaredGaps)('$what', ({ example, problem }) => {
    const error = errorOf(example);
    expect(`${error.status} ${error.code}`).toBe(problem);
  });
});
