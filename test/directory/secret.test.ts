import { describe, expect, test } from 'vitest';
import type { ClientSecret } from '../../src/directory/entities.ts';
import { checkSecret, digestNext, digestSecret, generateSecret } from '../../src/directory/secret.ts';
import { newGuid } from '../../src/kernel/ids.ts';

const now = new Date('2026-03-01T12:00:00Z');
const secretOf = (text: string, start = '2026-01-01T00:00:00Z', end = '2027-01-01T00:00:00Z'): ClientSecret => ({
  keyId: newGuid(),
  displayName: null,
  hint: text.slice(0, 3),
  start: new Date(start),
  end: new Date(end),
  ...digestSecret(text),
});

/** Secrets with one salt, as an application has them. */
function rowOf(...texts: string[]): ClientSecret[] {
  const { salt } = digestSecret('');
  return texts.map((text) => ({ ...secretOf(text), ...digestSecret(text, salt) }));
}

describe('generated secrets', () => {
  const many = Array.from({ length: 200 }, () => generateSecret());

  test('are never the same and have characters that need no encoding', () => {
    expect(new Set(many).size).toBe(many.length);
    for (const text of many) expect(text).toMatch(/^[A-Za-z][A-Za-z0-9\-._~]{44}$/);
  });

  test('use the whole alphabet', () => {
    expect(new Set(many.join('')).size).toBe(66);
  });

  test('with reserved characters have all of them, and begin with a letter', () => {
    for (let round = 0; round < 50; round++) {
      const text = generateSecret({ reservedCharacters: true });
      for (const character of '~/+=&%') expect(text).toContain(character);
      expect(text).toMatch(/^[A-Za-z][\x21-\x7e]{50}$/);
    }
  });
});

describe('checking a secret', () => {
  const ended = ['2024-01-01T00:00:00Z', '2026-03-01T12:00:00Z'] as const;
  const future = ['2026-03-01T12:00:01Z', '2027-01-01T00:00:00Z'] as const;

  test.each([
    { name: 'none', secrets: [], text: 'a', check: 'unknown' },
    { name: 'the right one', secrets: [secretOf('a')], text: 'a', check: 'valid' },
    { name: 'another one', secrets: [secretOf('a')], text: 'b', check: 'unknown' },
    { name: 'nothing', secrets: [secretOf('a')], text: '', check: 'unknown' },
    { name: 'other case', secrets: [secretOf('a')], text: 'A', check: 'unknown' },
    { name: 'the second of two', secrets: [secretOf('a'), secretOf('b')], text: 'b', check: 'valid' },
    { name: 'the first of two', secrets: [secretOf('a'), secretOf('b')], text: 'a', check: 'valid' },
    { name: 'one that ends now', secrets: [secretOf('a', ...ended)], text: 'a', check: 'expired' },
    { name: 'one that has not begun', secrets: [secretOf('a', ...future)], text: 'a', check: 'notYetValid' },
    {
      name: 'an ended one that was renewed',
      secrets: [secretOf('a', ...ended), secretOf('a')],
      text: 'a',
      check: 'valid',
    },
    {
      name: 'an ended one beside a valid one',
      secrets: [secretOf('a', ...ended), secretOf('b')],
      text: 'a',
      check: 'expired',
    },
    { name: 'the first of a row with one salt', secrets: rowOf('a', 'b', 'c'), text: 'a', check: 'valid' },
    { name: 'the last of a row with one salt', secrets: rowOf('a', 'b', 'c'), text: 'c', check: 'valid' },
    { name: 'none of a row with one salt', secrets: rowOf('a', 'b', 'c'), text: 'd', check: 'unknown' },
    {
      name: 'one between others of two salts',
      secrets: [...rowOf('a', 'b'), secretOf('c'), ...rowOf('d', 'e')],
      text: 'd',
      check: 'valid',
    },
  ])('$name is $check', ({ secrets, text, check }) => {
    const found = checkSecret(secrets, text, now);
    expect(found.kind).toBe(check);
    if (found.kind !== 'unknown') expect(digestSecret(text, found.secret.salt).digest).toEqual(found.secret.digest);
  });

  test('the same text has another digest each time, and the digest does not hold it', () => {
    const [one, two] = [digestSecret('secret'), digestSecret('secret')];
    expect(one.digest.equals(two.digest)).toBe(false);
    expect(one.digest.length).toBe(32);
  });

  test('one more secret of an application has the salt of the last one, the first one a new salt', () => {
    const texts = Array.from({ length: 3 }, () => generateSecret());
    const row: ReturnType<typeof digestSecret>[] = [];
    for (const text of texts) row.push(digestNext(row, text));
    expect(new Set(row.map(({ salt }) => salt.toString('hex'))).size).toBe(1);
    expect(new Set(row.map(({ digest }) => digest.toString('hex'))).size).toBe(3);
    const [text = generateSecret()] = texts;
    expect(digestNext([], text).salt.equals(digestNext([], text).salt)).toBe(false);
  });
});
