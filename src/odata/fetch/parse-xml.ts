import { SaxesParser } from 'saxes';
import type { Place, Source } from '../problems.ts';
import { refuseFetch } from './fetch-problems.ts';

/** An element of a FetchXML document. Positions count in the decoded text. */
export interface XmlElement {
  readonly name: string;
  readonly at: number;
  readonly attributes: ReadonlyMap<string, XmlAttribute>;
  readonly children: readonly XmlElement[];
  /** Text directly inside. */
  readonly text: string;
}

export interface XmlAttribute {
  readonly value: string;
  readonly at: number;
}

/** Elements inside each other, and elements in all. */
const maxDepth = 40;
const maxElements = 2000;

interface OpenElement {
  readonly name: string;
  readonly at: number;
  readonly attributes: Map<string, XmlAttribute>;
  readonly children: XmlElement[];
  text: string;
}

/**
 * Reads a document as a tree, in one pass. Takes no document type, so no entities beyond the five of XML, and no
 * processing instructions. Throws a `PlacedRefusal` with the position of the mistake.
 */
export function parseXml(source: Source): XmlElement {
  return new TreeReader(source).read();
}

class TreeReader {
  readonly #source: Source;
  readonly #parser = new SaxesParser({ xmlns: false });
  readonly #open: OpenElement[] = [];
  #root: XmlElement | undefined;
  #elements = 0;
  /** Where the part of a tag that was read last ends. */
  #read = 0;
  #attributes = new Map<string, XmlAttribute>();

  constructor(source: Source) {
    this.#source = source;
  }

  read(): XmlElement {
    const parser = this.#parser;
    parser.on('error', (error) => {
      throw this.#refuse(error.message.replace(/^\d+:\d+: /, ''), parser.position);
    });
    parser.on('doctype', () => {
      throw this.#refuse('a document type is not taken', parser.position);
    });
    parser.on('processinginstruction', () => {
      throw this.#refuse('a processing instruction is not taken', parser.position);
    });
    parser.on('opentagstart', () => this.#begin());
    parser.on('attribute', ({ name, value }) => this.#attribute(name, value));
    parser.on('opentag', ({ name }) => this.#enter(name));
    parser.on('closetag', () => this.#leave());
    parser.on('text', (text) => this.#text(text));
    parser.on('cdata', (text) => this.#text(text));
    parser.write(this.#source.text).close();
    if (this.#root === undefined) throw this.#refuse('there is no element', 0);
    return this.#root;
  }

  #refuse(what: string, at: number): Error {
    return refuseFetch('notXml', what, this.#place(Math.min(at, this.#source.text.length)));
  }

  #place(at: number): Place {
    return { ...this.#source, at };
  }

  #begin(): void {
    this.#attributes = new Map();
    this.#read = this.#source.text.lastIndexOf('<', this.#parser.position - 1);
  }

  #attribute(name: string, value: string): void {
    // Between two attributes there is only space, and the name of the tag before the first.
    const at = this.#source.text.indexOf(name, this.#read + 1);
    this.#read = this.#parser.position - 1;
    this.#attributes.set(name, { value, at });
  }

  #enter(name: string): void {
    const at = this.#source.text.lastIndexOf('<', this.#parser.position - 1);
    if (++this.#elements > maxElements) throw this.#refuse(`more than ${maxElements} elements`, at);
    if (this.#open.length >= maxDepth) throw this.#refuse(`more than ${maxDepth} elements inside each other`, at);
    this.#open.push({ name, at, attributes: this.#attributes, children: [], text: '' });
  }

  #leave(): void {
    const element = this.#open.pop();
    if (element === undefined) throw new TypeError('an element ends that did not begin');
    const parent = this.#open.at(-1);
    if (parent === undefined) this.#root = element;
    else parent.children.push(element);
  }

  #text(text: string): void {
    const element = this.#open.at(-1);
    if (element !== undefined) element.text += text;
  }
}
