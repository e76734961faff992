import { type Place, refuse } from './problems.ts';
import { parseExpression } from './syntax/expression.ts';
import type { Expression, Literal } from './syntax/tree.ts';

/** Values of parameter aliases (`@p` … `&@p=5`). Each is parsed once, when it is first used. */
export class Aliases {
  readonly #texts: ReadonlyMap<string, string>;
  readonly #literals = new Map<string, Literal>();

  constructor(texts: ReadonlyMap<string, string>) {
    this.#texts = texts;
  }

  /** An alias without a value is null (dataverse-web-api 4.10). `place` is where it is used. */
  get(name: string, place: Place): Literal {
    const known = this.#literals.get(name);
    if (known !== undefined) return known;
    const text = this.#texts.get(name);
    const literal: Literal = text === undefined ? { type: 'null' } : this.#parse(name, text, place);
    this.#literals.set(name, literal);
    return literal;
  }

  /** `expression` as a literal, through an alias if need be; `undefined` when it is something else. */
  literalOf(expression: Expression, place: Place): Literal | undefined {
    if (expression.kind === 'literal') return expression.literal;
    return expression.kind === 'alias' ? this.get(expression.name, place) : undefined;
  }

  #parse(name: string, text: string, place: Place): Literal {
    const expression = parseExpression(text);
    if (expression.kind !== 'literal') throw refuse.notSupported(`a value of '${name}' that is not a literal`, place);
    return expression.literal;
  }
}
