import type { Place, Source } from '../problems.ts';
import { elementRules } from './elements.ts';
import { type FetchProblem, refuseFetch } from './fetch-problems.ts';
import type { XmlElement } from './parse-xml.ts';

/** An element that was checked against `elements.ts`, with its attributes read by what they hold. */
export class FetchNode {
  readonly name: string;
  readonly #element: XmlElement;
  readonly #source: Source;
  readonly children: readonly FetchNode[];

  /** Throws a `PlacedRefusal` for an element, an attribute or a text that does not belong where it stands. */
  constructor(element: XmlElement, source: Source, allowed: readonly string[]) {
    this.#element = element;
    this.#source = source;
    this.name = element.name;
    const rule = allowed.includes(element.name) ? elementRules[element.name] : undefined;
    if (rule === undefined) throw this.refuse('invalidNode', `<${element.name}> does not belong here`);
    for (const [name, { at }] of element.attributes) {
      if (!rule.attributes.includes(name)) {
        throw refuseFetch('invalidNode', `<${element.name}> has no attribute '${name}'`, { ...source, at });
      }
    }
    if (rule.text !== true && element.text.trim() !== '') {
      throw this.refuse('invalidNode', `<${element.name}> holds no text`);
    }
    this.children = element.children.map((child) => new FetchNode(child, source, rule.children));
  }

  get place(): Place {
    return { ...this.#source, at: this.#element.at };
  }

  get text(): string {
    return this.#element.text.trim();
  }

  placeOf(attribute: string): Place {
    return { ...this.#source, at: this.#element.attributes.get(attribute)?.at ?? this.#element.at };
  }

  all(name: string): readonly FetchNode[] {
    return this.children.filter((child) => child.name === name);
  }

  find(attribute: string): string | undefined {
    return this.#element.attributes.get(attribute)?.value.trim();
  }

  get(attribute: string): string {
    const value = this.find(attribute);
    if (value !== undefined && value !== '') return value;
    throw this.refuse('attributeMissing', `<${this.name}> needs the attribute '${attribute}'`);
  }

  /** `true`, `false`, `1` or `0`; absent means false. */
  flag(attribute: string, problem: FetchProblem = 'invalidValue'): boolean {
    const value = this.find(attribute)?.toLowerCase();
    if (value === undefined || value === 'false' || value === '0') return false;
    if (value === 'true' || value === '1') return true;
    throw this.refuse(problem, `'${attribute}' is '${value}'`, attribute);
  }

  /** A whole number from 1 on. */
  number(attribute: string): number | undefined {
    const value = this.find(attribute);
    if (value === undefined) return undefined;
    if (/^\d{1,9}$/.test(value) && Number(value) > 0) return Number(value);
    throw this.refuse('greaterThanZero', `'${attribute}' is '${value}'`, attribute);
  }

  /** A refusal of this element, or of one of its attributes. */
  refuse(problem: FetchProblem, detail: string, attribute?: string): Error {
    return refuseFetch(problem, detail, attribute === undefined ? this.place : this.placeOf(attribute));
  }
}
