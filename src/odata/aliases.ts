import { type Place, refuse, type Source } from './problems.ts';
import { parseExpression } from './syntax/expression.ts';
import type { Expression, Literal } from './syntax/tree.ts';

/** What an alias stands for, and the text that positions in it count in. */
interface AliasValue {
  readonly value: Expression;
  readonly source: Source;
}

/** Values of parameter aliases (`@p` … `&@p=5`). Each is parsed once, when it is first used. */
export class Aliases {
  readonly #texts: ReadonlyMap<string, string>;
  readonly #values = new Map<string, AliasValue>();

  constructor(texts: ReadonlyMap<string, string>) {
    this.#texts = texts;
  }

  /** Is there one of this name, with its `@`? */
  has(name: string): boolean {
    return this.#texts.has(name);
  }

  /**
   * A literal, or the path of a property (dataverse-web-api 4.10; "Use parameter aliases with query options"). An alias
   * without a value is null. `place` is where it is used.
   */
  get(name: string, place: Place): AliasValue {
    const known = this.#values.get(name);
    if (known !== undefined) return known;
    const text = this.#texts.get(name);
    const value: AliasValue =
      text === undefined
        ? { value: { kind: 'literal', at: place.at, literal: { type: 'null' } }, source: place }
        : parseAlias({ text, part: name }, place);
    this.#values.set(name, value);
    return value;
  }

  /** `expression` as a literal, through an alias if need be; `undefined` when it is something else. */
  literalOf(expression: Expression, place: Place): Literal | undefined {
    const value = expression.kind === 'alias' ? this.get(expression.name, place).value : expression;
    return value.kind === 'literal' ? value.literal : undefined;
  }
}

function parseAlias(source: Required<Source>, place: Place): AliasValue {
  const value = parseExpression(source);
  if (value.kind === 'literal' || value.kind === 'path') return { value, source };
  throw refuse.notSupported(`a value of '${source.part}' that is neither a literal nor a property`, place);
}
