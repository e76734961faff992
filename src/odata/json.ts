import type { Refusal } from '../kernel/refusal.ts';
import { isCleanText } from './values.ts';

/** A number as it was written: nothing is lost to floating point. */
export class JsonNumber {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** Parsed JSON whose objects are maps, so that no member name (`__proto__`) means anything to the language. */
export type JsonValue = null | boolean | string | JsonNumber | readonly JsonValue[] | JsonObject;
export type JsonObject = ReadonlyMap<string, JsonValue>;

export interface JsonRules {
  /** Arrays and objects inside each other. */
  readonly maxDepth: number;
  /** Also take `'text'`: in URLs clients write `{'@odata.id':'accounts(…)'}` (dataverse-web-api 3.5). */
  readonly singleQuotes?: boolean;
  /** Makes the refusal; `at` counts UTF-16 units from the start of the text. */
  readonly refuse: (what: string, at: number) => Refusal;
}

/** The whole text as one JSON value (RFC 8259). Members that come twice are refused. Linear in the length. */
export function parseJson(text: string, rules: JsonRules): JsonValue {
  const reader = new JsonReader(text, 0, rules);
  const value = reader.value(0);
  reader.skipSpace();
  if (reader.at < text.length) throw rules.refuse('text after the end of the JSON value', reader.at);
  return value;
}

/** One JSON value that begins at `at`, and where it ends. */
export function parseJsonAt(text: string, at: number, rules: JsonRules): { value: JsonValue; end: number } {
  const reader = new JsonReader(text, at, rules);
  return { value: reader.value(0), end: reader.at };
}

const spacePattern = /[ \t\n\r]*/y;
const numberPattern = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const words: ReadonlyMap<string, null | boolean> = new Map<string, null | boolean>([
  ['true', true],
  ['false', false],
  ['null', null],
]);
const escapes: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ["'", "'"],
  ['\\', '\\'],
  ['/', '/'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
]);

class JsonReader {
  at: number;
  readonly #text: string;
  readonly #rules: JsonRules;

  constructor(text: string, at: number, rules: JsonRules) {
    this.#text = text;
    this.at = at;
    this.#rules = rules;
  }

  value(depth: number): JsonValue {
    this.skipSpace();
    const char = this.#text[this.at];
    if (depth > this.#rules.maxDepth) throw this.#refuse(`more than ${this.#rules.maxDepth} levels`);
    if (char === '{') return this.#object(depth);
    if (char === '[') return this.#array(depth);
    if (char === '"' || (char === "'" && this.#rules.singleQuotes)) return this.#string(char);
    const word = this.#word();
    return word === undefined ? this.#number() : word;
  }

  skipSpace(): void {
    spacePattern.lastIndex = this.at;
    spacePattern.test(this.#text);
    this.at = spacePattern.lastIndex;
  }

  #object(depth: number): JsonObject {
    const members = new Map<string, JsonValue>();
    this.at++;
    if (this.#take('}')) return members;
    do {
      this.skipSpace();
      const start = this.at;
      const quote = this.#text[start];
      if (quote !== '"' && !(quote === "'" && this.#rules.singleQuotes)) throw this.#refuse('a member name expected');
      const name = this.#string(quote);
      if (members.has(name)) throw this.#rules.refuse(`member '${name.slice(0, 100)}' comes twice`, start);
      if (!this.#take(':')) throw this.#refuse("':' expected");
      members.set(name, this.value(depth + 1));
    } while (this.#take(','));
    if (!this.#take('}')) throw this.#refuse("',' or '}' expected");
    return members;
  }

  #array(depth: number): readonly JsonValue[] {
    const items: JsonValue[] = [];
    this.at++;
    if (this.#take(']')) return items;
    do items.push(this.value(depth + 1));
    while (this.#take(','));
    if (!this.#take(']')) throw this.#refuse("',' or ']' expected");
    return items;
  }

  #string(quote: string): string {
    const from = this.at;
    let result = '';
    let start = ++this.at;
    let escaped = false;
    for (;;) {
      const code = this.#text.charCodeAt(this.at);
      if (Number.isNaN(code)) throw this.#refuse('unterminated string');
      if (code < 0x20) throw this.#refuse('control character in a string');
      const char = this.#text[this.at];
      if (char === quote) break;
      if (char !== '\\') {
        this.at++;
        continue;
      }
      result += this.#text.slice(start, this.at) + this.#escape();
      start = this.at;
      escaped = true;
    }
    result += this.#text.slice(start, this.at);
    this.at++;
    // Without escapes the text was decoded UTF-8, which cannot hold half a pair.
    if (escaped && !isCleanText(result)) {
      throw this.#rules.refuse('a NUL character or half of a surrogate pair in a string', from);
    }
    return result;
  }

  #escape(): string {
    const char = this.#text[this.at + 1] ?? '';
    const simple = escapes.get(char);
    if (simple !== undefined) {
      this.at += 2;
      return simple;
    }
    const hex = this.#text.slice(this.at + 2, this.at + 6);
    if (char !== 'u' || !/^[0-9a-fA-F]{4}$/.test(hex)) throw this.#refuse('unknown escape in a string');
    this.at += 6;
    return String.fromCharCode(Number.parseInt(hex, 16));
  }

  #word(): null | boolean | undefined {
    for (const [word, value] of words) {
      if (this.#text.startsWith(word, this.at)) {
        this.at += word.length;
        return value;
      }
    }
    return undefined;
  }

  #number(): JsonNumber {
    numberPattern.lastIndex = this.at;
    const text = numberPattern.exec(this.#text)?.[0];
    if (text === undefined) throw this.#refuse('a JSON value expected');
    this.at += text.length;
    return new JsonNumber(text);
  }

  /** Takes `char` if it comes next. */
  #take(char: string): boolean {
    this.skipSpace();
    if (this.#text[this.at] !== char) return false;
    this.at++;
    return true;
  }

  #refuse(what: string): Refusal {
    return this.#rules.refuse(what, this.at);
  }
}

/**
 * The same value in the language's own objects, for message parameters. A number that floating point would change stays
 * text.
 */
export function toPlain(value: JsonValue): unknown {
  if (value instanceof JsonNumber) return plainNumber(value.text);
  if (Array.isArray(value)) return value.map(toPlain);
  if (value instanceof Map) return toPlainObject(value);
  return value;
}

/** The value as compact JSON text; numbers keep their digits. */
export function printJson(value: JsonValue): string {
  if (value instanceof JsonNumber) return value.text;
  if (value instanceof Map) {
    return `{${[...value].map(([name, member]) => `${JSON.stringify(name)}:${printJson(member)}`).join(',')}}`;
  }
  if (Array.isArray(value)) return `[${value.map(printJson).join(',')}]`;
  return JSON.stringify(value);
}

/** Has no prototype, so that every name is only a name. */
export function toPlainObject(members: JsonObject): Readonly<Record<string, unknown>> {
  const result: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const [name, member] of members) result[name] = toPlain(member);
  return result;
}

/** A number where that is exact for whole numbers, else the text. */
export function plainNumber(text: string): number | string {
  const number = Number(text);
  if (!Number.isFinite(number)) return text;
  return Number.isInteger(number) && !Number.isSafeInteger(number) ? text : number;
}
