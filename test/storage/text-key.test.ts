import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { equalityKey, orderKey, orderKeyRange, wellFormed } from '../../src/storage/text-key.ts';

const bytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({ unit: fc.constantFrom(...'aAåÅæÆäøØöéEe sßS-_.%\u030a\u0301İıΣς~\x7f\x01'), maxLength: 8 }),
);
const alphabet = fc.constantFrom('nb' as const, 'en' as const);

describe('equalityKey', () => {
  test.each([
    ['Ærlig Ås', 'æRLIG åS'],
    ['STRASSE', 'straße'],
    ['ΟΔΟΣ', 'οδος'],
    ['e\u0301', 'É'],
    ['A\u030a', 'å'],
    ['\u212b', 'å'],
    ['ﬁn', 'FIN'],
  ])('%j equals %j', (a, b) => expect(equalityKey(a)).toBe(equalityKey(b)));

  test.each([
    ['e', 'é'],
    ['aa', 'å'],
    ['ö', 'ø'],
    ['a', 'a '],
    ['', ' '],
    ['a\0', 'a'],
    ['i', 'ı'],
  ])('%j differs from %j', (a, b) => expect(equalityKey(a)).not.toBe(equalityKey(b)));

  test('is a key of itself, and the same for upper and lower case of Norwegian letters', () => {
    fc.assert(fc.property(text, (a) => equalityKey(equalityKey(a)) === equalityKey(a)));
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'abcæøåÆØÅéÉ 1') }), (a) => {
        return equalityKey(a.toUpperCase()) === equalityKey(a.toLowerCase());
      }),
    );
  });

  test('never holds U+0000 and is well-formed', () => {
    fc.assert(
      fc.property(text, (a) => !equalityKey(a).includes('\0') && wellFormed(equalityKey(a)) === equalityKey(a)),
    );
  });
});

describe('orderKey', () => {
  test('is the same exactly when the equality key is', () => {
    const pair = fc.oneof(
      fc.tuple(text, text),
      text.map((a) => [a, a.toUpperCase()] as const),
      text.map((a) => [a, a.normalize('NFD')] as const),
      text.map((a) => [a, a.replaceAll('aa', 'å')] as const),
    );
    fc.assert(
      fc.property(pair, alphabet, ([a, b], letters) => {
        expect(orderKey(a, letters) === orderKey(b, letters)).toBe(equalityKey(a) === equalityKey(b));
      }),
      { numRuns: 3000 },
    );
  });

  test('is the same exactly when the equality key is, for texts that are cut', () => {
    const long = fc.string({ unit: fc.constantFrom(...'aåé–日'), minLength: 100, maxLength: 600 });
    fc.assert(
      fc.property(long, long, alphabet, (a, b, letters) => {
        expect(orderKey(a, letters)).toBe(orderKey(a.toUpperCase(), letters));
        expect(orderKey(`${a}x`, letters)).not.toBe(orderKey(`${a}y`, letters));
        expect(orderKey(a, letters) === orderKey(b, letters)).toBe(equalityKey(a) === equalityKey(b));
        expect(Buffer.byteLength(orderKey(a, letters))).toBeLessThanOrEqual(512);
      }),
    );
  });

  const names = [
    'Aasen Aas Åsen Ås Ærø Øst Ødegård Østby Aaberg Åberg Berg Bergh berg Bø Bøe Brå Braa Zahl Zeiner Ydse Üllern',
    'Yttervik Müller Myller Möller Møller Moller Ålesund Aalesund Ask Asker Ås-by Åse Aase Øvre Øvrebø Æsop Ål Aal',
    'Hansen Hånsen Haansen Hønsen Hænsen Thór Þór Đorđe Dorde Łukasz Lukas Ellen Élodie Elodie Eloise Ärlig Österrike',
  ].flatMap((line) => line.split(' '));
  const more = [
    'Anne Lise',
    'Anne-Lise',
    'Annelise',
    "O'Brien",
    'Obrien',
    '4. etasje',
    '10',
    '9',
    '#1',
    '_x',
    '+47',
    '(a)',
  ];

  test.each(['nb', 'en'] as const)('sorts names as the collation of the language does: %s', (letters) => {
    // Keys know no case; upper before lower is the collator's last word, so it is asked without case too.
    const collator = new Intl.Collator(letters, { sensitivity: 'accent' });
    const primary = new Intl.Collator(letters, { sensitivity: 'base' });
    for (const a of [...names, ...more]) {
      for (const b of [...names, ...more]) {
        const expected = primary.compare(a, b);
        const actual = bytes(orderKey(a, letters), orderKey(b, letters));
        if (expected !== 0) expect([a, b, Math.sign(actual)]).toEqual([a, b, Math.sign(expected)]);
        else if (a.toLowerCase() !== b.toLowerCase()) expect([a, b, actual]).not.toEqual([a, b, 0]);
        else expect([a, b, collator.compare(a, b)]).toEqual([a, b, 0]);
      }
    }
  });

  test('sorts spaces, punctuation, symbols, digits, letters, and the Norwegian letters last', () => {
    const sorted = [
      '',
      ' a',
      '-a',
      '–a',
      '+a',
      '€a',
      '0a',
      '9',
      '١',
      'a',
      'az',
      'b',
      'z',
      'æ',
      'ø',
      'å',
      'åa',
      'я',
      '日',
    ];
    const shuffled = [...sorted].reverse();
    expect(shuffled.sort((a, b) => bytes(orderKey(a, 'nb'), orderKey(b, 'nb')))).toEqual(sorted);
  });

  test.each([
    ['å', 'aa'],
    ['æ', 'ä'],
    ['ø', 'ö'],
    ['ø', 'ő'],
    ['e', 'é'],
    ['y', 'ü'],
    ['å', 'ǻ'],
  ])('%j comes right before %j and after nothing that differs more', (plain, accented) => {
    expect(bytes(orderKey(plain, 'nb'), orderKey(accented, 'nb'))).toBe(-1);
    expect(bytes(orderKey(accented, 'nb'), orderKey(`${plain}a`, 'nb'))).toBe(-1);
  });
});

describe('orderKeyRange', () => {
  test('holds every text that starts with the given one', () => {
    fc.assert(
      fc.property(text, text, alphabet, (start, rest, letters) => {
        const whole = start + rest;
        fc.pre(equalityKey(whole).startsWith(equalityKey(start)));
        const { from, to } = orderKeyRange(start, letters);
        const key = orderKey(whole, letters);
        expect([bytes(from, key) <= 0, bytes(key, to) < 0]).toEqual([true, true]);
      }),
      { numRuns: 3000 },
    );
  });

  test('holds long texts that are cut', () => {
    const start = 'å'.repeat(300);
    const { from, to } = orderKeyRange(start, 'nb');
    const key = orderKey(`${start}é`.repeat(2), 'nb');
    expect(bytes(from, key)).toBe(-1);
    expect(bytes(key, to)).toBe(-1);
  });

  test('leaves other letters out', () => {
    const { from, to } = orderKeyRange('Han', 'nb');
    for (const other of ['Ham', 'Hb', 'Hao', 'han'.slice(0, 2), 'Hån']) {
      const key = orderKey(other, 'nb');
      expect(bytes(from, key) <= 0 && bytes(key, to) < 0).toBe(false);
    }
  });
});
