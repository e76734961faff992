/** How text sorts; chosen when a database is created and fixed from then on, because the keys are stored. */
export type Alphabet = 'nb' | 'en';

/** Letters that an alphabet puts in another place than their base letter, in the folded (lower-case) form. */
export interface AlphabetRules {
  /** Letter -> letters that it sorts as. A letter after `z` is written as the character that stands for it. */
  readonly letters: Readonly<Record<string, string>>;
  /** `aa` sorts as this one letter. */
  readonly doubleA: string | undefined;
}

/** Characters that sort after `z`, in order. Their code points are what makes it so. */
const afterZ = { æ: '{', ø: '|', å: '}' } as const;

/** Letters that no decomposition leads back to the Latin base letter. */
const everywhere = {
  đ: 'd',
  ð: 'd',
  ł: 'l',
  ħ: 'h',
  ı: 'i',
  ŧ: 't',
  ŋ: 'n',
  œ: 'oe',
  ĸ: 'q',
};

export const alphabets = {
  // CLDR, Norwegian: … z æ ø å; ä sorts as æ, ö and ő as ø, aa as å, ü and ű as y.
  nb: {
    letters: {
      ...everywhere,
      þ: 'th',
      æ: afterZ.æ,
      ä: afterZ.æ,
      ø: afterZ.ø,
      ö: afterZ.ø,
      ő: afterZ.ø,
      å: afterZ.å,
      ü: 'y',
      ű: 'y',
    },
    doubleA: afterZ.å,
  },
  // Root order: æ among a, ø among o; þ after z, as every letter without a place of its own.
  en: { letters: { ...everywhere, æ: 'ae', ø: 'o' }, doubleA: undefined },
} as const satisfies Record<Alphabet, AlphabetRules>;

/** The one text for which each character after `z` stands without anything being lost. */
export const ownLetters: Readonly<Record<Alphabet, ReadonlySet<string>>> = {
  nb: new Set(['æ', 'ø', 'å']),
  en: new Set(),
};

/**
 * Single characters in sorting order, by class (CLDR root order). The keys give each one code point, ascending, below
 * that of the digits; a marker after each class takes the class's other characters.
 */
export const classOrder = {
  space: '\t\n\v\f\r\u0085\u2028\u2029 ',
  punctuation: '_-,;:!?.\'"()[]{}@*/\\&#%',
  symbol: '`^+<=>|~$',
} as const;
