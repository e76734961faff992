import { refuse, type Source } from '../problems.ts';
import { ExpressionParser, maxDepth } from './expression.ts';
import { Scanner } from './tokens.ts';
import type { ExpandItem, ExpandOption, OrderItem, SelectItem } from './tree.ts';

/** `$select=a,b/c,*`. */
export const parseSelect = (source: Source | string): readonly SelectItem[] =>
  parseWhole(source, (parser) => parser.select());

/** `$orderby=a desc,b/c`. */
export const parseOrderBy = (source: Source | string): readonly OrderItem[] =>
  parseWhole(source, (parser) => parser.orderBy());

/** `$expand=a($select=b;$filter=c eq 1),d/$ref`. */
export const parseExpand = (source: Source | string): readonly ExpandItem[] =>
  parseWhole(source, (parser) => parser.expand());

function parseWhole<T>(source: Source | string, parse: (parser: OptionParser) => T): T {
  const scanner = new Scanner(source);
  const result = parse(new OptionParser(scanner));
  if (!scanner.is('end')) throw scanner.refuse('Syntax error');
  return result;
}

/** Values of system query options, also where they are nested in `$expand` (ABNF expandOption). */
class OptionParser {
  readonly #scanner: Scanner;
  #depth = 0;

  constructor(scanner: Scanner) {
    this.#scanner = scanner;
  }

  select(): readonly SelectItem[] {
    return this.#list(() => {
      const { at } = this.#scanner.token;
      const steps = new ExpressionParser(this.#scanner).path();
      return { at, steps, text: this.#scanner.text.slice(at, this.#scanner.previousEnd) };
    });
  }

  orderBy(): readonly OrderItem[] {
    return this.#list(() => {
      const { at } = this.#scanner.token;
      const value = new ExpressionParser(this.#scanner).parse();
      const descending = this.#scanner.takeWord('desc');
      if (!descending) this.#scanner.takeWord('asc');
      return { at, value, descending };
    });
  }

  expand(): readonly ExpandItem[] {
    return this.#list(() => {
      const { at } = this.#scanner.token;
      const steps = new ExpressionParser(this.#scanner).path();
      return { at, steps, options: this.#scanner.take('(') ? this.#options() : [] };
    });
  }

  #list<T>(parse: () => T): readonly T[] {
    const items = [parse()];
    while (this.#scanner.take(',')) items.push(parse());
    return items;
  }

  #options(): readonly ExpandOption[] {
    if (++this.#depth > maxDepth) {
      throw refuse.syntax(`$expand is nested more than ${maxDepth} levels deep`, this.#scanner.place());
    }
    const options: ExpandOption[] = [];
    do {
      const option = this.#option();
      if (options.some(({ name }) => name === option.name)) {
        throw refuse.syntax(`The query option '${option.name}' comes twice`, this.#scanner.place(option.at));
      }
      options.push(option);
    } while (this.#scanner.take(';'));
    this.#scanner.expect(')');
    this.#depth--;
    return options;
  }

  #option(): ExpandOption {
    const { at, text: name, kind } = this.#scanner.token;
    if (kind !== 'dollar') throw this.#scanner.refuse('A query option expected');
    this.#scanner.next();
    this.#scanner.expect('=');
    const valueAt = this.#scanner.token.at;
    const value = this.#optionValue(name, at);
    return { ...value, at, valueAt, text: this.#scanner.text.slice(valueAt, this.#scanner.previousEnd) };
  }

  #optionValue(name: string, at: number) {
    switch (name) {
      case '$select':
        return { name, items: this.select() } as const;
      case '$orderby':
        return { name, items: this.orderBy() } as const;
      case '$expand':
        return { name, items: this.expand() } as const;
      case '$filter':
        return { name, where: new ExpressionParser(this.#scanner).parse() } as const;
      case '$top':
        return { name, value: this.#plainValue() } as const;
      case '$skip':
      case '$count':
      case '$levels':
        return { name, value: this.#plainValue() } as const;
      default:
        throw refuse.notSupported(`the query option '${name}' inside $expand`, this.#scanner.place(at));
    }
  }

  #plainValue(): string {
    if (!this.#scanner.is('number') && !this.#scanner.is('name')) throw this.#scanner.refuse('A value expected');
    return this.#scanner.next().text;
  }
}
