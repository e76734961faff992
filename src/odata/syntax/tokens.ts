import { type JsonValue, parseJsonAt } from '../json.ts';
import { type Place, refuse, type Source } from '../problems.ts';

export type TokenKind =
  /** Identifier, with dots when qualified. Operators and `null`, `true`, `false` are names too: grammar decides. */
  | 'name'
  | 'string'
  | 'number'
  | 'guid'
  | 'date'
  | 'dateTime'
  | 'timeOfDay'
  /** `Namespace.Type'value'`: `text` is the type, `value` the rest. */
  | 'typed'
  /** `@name`: `text` is the name with the sign. */
  | 'alias'
  /** `$name`: `text` is the name with the sign. */
  | 'dollar'
  /** One character: `( ) , / : ; = * -` and brackets, which begin JSON. */
  | 'punctuation'
  | 'end';

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  /** Unescaped content of a `string` or `typed` token. */
  readonly value: string;
  readonly at: number;
  readonly end: number;
}

const identifierStart = '\\p{L}\\p{Nl}_';
const identifierPart = `${identifierStart}\\p{Nd}\\p{Mn}\\p{Mc}\\p{Pc}\\p{Cf}`;
const identifier = `[${identifierStart}][${identifierPart}]*`;

// Nearly all names are ASCII, for which this is several times faster than the whole grammar.
const asciiNamePattern = /[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*/y;
const namePattern = new RegExp(`${identifier}(?:\\.${identifier})*`, 'uy');
const partPattern = new RegExp(`[${identifierPart}]`, 'uy');
const guidPattern = /[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}/y;
const dateTimePattern = /\d{4}-\d\d-\d\d[Tt]\d\d:\d\d(?::\d\d(?:\.\d{1,12})?)?(?:[Zz]|[+-]\d\d:\d\d)/y;
const datePattern = /\d{4}-\d\d-\d\d/y;
const timePattern = /\d\d:\d\d(?::\d\d(?:\.\d{1,12})?)?/y;
const numberPattern = /-?(?:INF|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)/y;
const spacePattern = /[ \t]*/y;

/** Kinds that may begin with a digit, tried in this order. */
const digitKinds: readonly (readonly [TokenKind, RegExp])[] = [
  ['guid', guidPattern],
  ['dateTime', dateTimePattern],
  ['date', datePattern],
  ['timeOfDay', timePattern],
  ['number', numberPattern],
];

/** Arrays and objects inside a URL. */
const maxJsonDepth = 20;

/** Reads tokens from a decoded text, one ahead. Each character is looked at a bounded number of times. */
export class Scanner {
  readonly text: string;
  readonly #source: Source;
  /** The token that comes next. */
  token: Token;
  /** Where the token before it ended. */
  previousEnd = 0;

  constructor(source: Source | string) {
    this.#source = typeof source === 'string' ? { text: source } : source;
    this.text = this.#source.text;
    this.token = this.#read(0);
  }

  /** Takes the next token, whatever it is. */
  next(): Token {
    const taken = this.token;
    this.previousEnd = taken.end;
    this.token = this.#read(taken.end);
    return taken;
  }

  is(kind: TokenKind, text?: string): boolean {
    return this.token.kind === kind && (text === undefined || this.token.text === text);
  }

  /** Takes the next token if it is this punctuation. */
  take(character: string): boolean {
    if (!this.is('punctuation', character)) return false;
    this.next();
    return true;
  }

  expect(character: string): void {
    if (!this.take(character)) throw this.refuse(`'${character}' expected`);
  }

  /** Takes the next token if it is this name and stands alone, as operators do. */
  takeWord(word: string): boolean {
    if (!this.is('name', word)) return false;
    this.next();
    return true;
  }

  /** Does the next token follow without a space? */
  get adjacent(): boolean {
    return this.token.at === this.previousEnd;
  }

  /** Is this character the next one after the next token? */
  followedBy(character: string): boolean {
    const at = this.token.end + (match(spacePattern, this.text, this.token.end)?.length ?? 0);
    return this.text[at] === character;
  }

  /** Reads a JSON array or object that begins at the next token. */
  json(): JsonValue {
    const rules = {
      maxDepth: maxJsonDepth,
      singleQuotes: true,
      refuse: (what: string, at: number) => refuse.syntax(`Syntax error: ${what}`, this.place(at)),
    };
    const { value, end } = parseJsonAt(this.text, this.token.at, rules);
    this.previousEnd = end;
    this.token = this.#read(end);
    return value;
  }

  /** A refusal at the next token. */
  refuse(what: string): Error {
    return refuse.syntax(what, this.place());
  }

  place(at: number = this.token.at): Place {
    return { ...this.#source, at };
  }

  #read(from: number): Token {
    const at = from + (match(spacePattern, this.text, from)?.length ?? 0);
    const char = this.text[at];
    if (char === undefined) return { kind: 'end', text: '', value: '', at, end: at };
    if (char === "'") return this.#string('string', '', at, at);
    if (char === '@' || char === '$') return this.#sigil(char, at);
    if ((char >= '0' && char <= '9') || char === '-') return this.#digits(at) ?? this.#punctuation(char, at);
    const guid = /[a-fA-F]/.test(char) ? match(guidPattern, this.text, at) : undefined;
    if (guid !== undefined) return this.#bounded('guid', guid, at);
    const name = matchName(this.text, at);
    if (name === undefined) return this.#punctuation(char, at);
    if (this.text[at + name.length] === "'") return this.#string('typed', name, at, at + name.length);
    return { kind: 'name', text: name, value: '', at, end: at + name.length };
  }

  /** A string in single quotes, in which two of them stand for one (ABNF SQUOTE-in-string). */
  #string(kind: 'string' | 'typed', text: string, at: number, quoteAt: number): Token {
    let value = '';
    let start = quoteAt + 1;
    for (;;) {
      const quote = this.text.indexOf("'", start);
      if (quote < 0) throw this.#unterminated(kind, at, quoteAt);
      value += this.text.slice(start, quote);
      if (this.text[quote + 1] !== "'") return { kind, text, value, at, end: quote + 1 };
      value += "'";
      start = quote + 2;
    }
  }

  /** The text ends where the quote is missing. In `'O'Neil'` it is the name that does not belong behind the text. */
  #unterminated(kind: 'string' | 'typed', at: number, quoteAt: number): Error {
    const isBehindText = kind === 'typed' && at > 0 && at === this.previousEnd && this.token.kind !== 'punctuation';
    if (isBehindText) return refuse.syntax('Syntax error', this.place(at));
    const place = this.place(kind === 'typed' ? quoteAt : this.text.length);
    return refuse.syntax('There is an unterminated string literal', place);
  }

  #sigil(char: string, at: number): Token {
    const name = matchName(this.text, at + 1);
    if (name === undefined) throw refuse.syntax(`Syntax error: a name must follow '${char}'`, this.place(at));
    return {
      kind: char === '@' ? 'alias' : 'dollar',
      text: char + name,
      value: '',
      at,
      end: at + 1 + name.length,
    };
  }

  #digits(at: number): Token | undefined {
    for (const [kind, pattern] of digitKinds) {
      const text = match(pattern, this.text, at);
      if (text !== undefined) return this.#bounded(kind, text, at);
    }
    return undefined;
  }

  /** A literal must not run into a name: `1and` is an error. */
  #bounded(kind: TokenKind, text: string, at: number): Token {
    const end = at + text.length;
    if (end < this.text.length && match(partPattern, this.text, end) !== undefined)
      throw refuse.syntax('Syntax error', this.place(end));
    return { kind, text, value: '', at, end };
  }

  #punctuation(char: string, at: number): Token {
    if (!'(),/:;=*-[]{}'.includes(char)) throw refuse.syntax('Syntax error', this.place(at));
    return { kind: 'punctuation', text: char, value: '', at, end: at + 1 };
  }
}

function matchName(text: string, at: number): string | undefined {
  const name = match(asciiNamePattern, text, at);
  const after = text.charCodeAt(at + (name?.length ?? 0));
  return after > 0x7f || after === 0x2e ? match(namePattern, text, at) : name;
}

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}
