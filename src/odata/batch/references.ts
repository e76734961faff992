import { refuse } from '../problems.ts';

/** What a request of a batch led to, for `$1` in requests after it. */
export interface Reached {
  /** `set(id)`, relative to the service root. */
  readonly path: string | undefined;
  readonly etag: string | undefined;
}

/** Resources of the service whose names begin as a reference does. */
const systemResources: readonly string[] = ['$batch', '$metadata', '$all', '$crossjoin', '$entity', '$root', '$id'];

/**
 * Ids of requests of a batch that have been carried out, and the rows that they created or gave (OData 4.01 part 1 section
 * 11.7.3.1). A change set sees its own; a JSON batch all that came before.
 */
export class References {
  /** Made with the first: reads of a multipart batch have none. */
  #reached: Map<string, Reached> | undefined;
  readonly #outer: References | undefined;

  constructor(outer?: References) {
    this.#outer = outer;
  }

  note(id: string | undefined, reached: Reached): void {
    if (id === undefined) return;
    this.#reached ??= new Map();
    this.#reached.set(id, reached);
  }

  /** What a finished change set has reached. */
  adopt(inner: References): void {
    for (const [id, reached] of inner.#reached ?? []) this.note(id, reached);
  }

  /** A path under the service root in which `$1` at its beginning is replaced. */
  resolvePath(path: string): string {
    const match = /^\$[^/?(]+/.exec(path)?.[0];
    if (match === undefined || systemResources.includes(match)) return path;
    return `${this.pathOf(match)}${path.slice(match.length)}`;
  }

  /** `set(id)` for `$1`. */
  pathOf(reference: string): string {
    const path = this.#find(reference)?.path;
    if (path === undefined) throw refuse.noSuchReference(reference);
    return path;
  }

  /** A header such as `If-Match: $1` with the ETag of what that request gave. */
  resolveEtag(value: string): string {
    if (!value.startsWith('$')) return value;
    const etag = this.#find(value)?.etag;
    if (etag === undefined) throw refuse.noSuchReference(value);
    return etag;
  }

  #find(reference: string): Reached | undefined {
    const id = reference.slice(1);
    const own = this.#reached?.get(id);
    return own !== undefined || this.#outer === undefined ? own : this.#outer.#find(reference);
  }
}

/** Outside a batch there is nothing to refer to. */
export const noReferences: Pick<References, 'pathOf'> = new References();
