/** A JSON body as it is sent. */
export type Body = Readonly<Record<string, string | number | boolean>>;

/**
 * One call that puts something of the demo organisation in place, for any client of the public surfaces.
 * - `path` is relative to the surface: `/api/data/v9.2/` for `webapi`, `/data/` for `data`.
 * - A function is called with the rows that earlier operations saved: number sequences decide some values only when a
 *   row is created.
 */
export interface DemoOperation {
  readonly surface: 'webapi' | 'data';
  readonly method: 'POST' | 'PATCH';
  readonly path: string | ((saved: SavedRows) => string);
  readonly body: Body | ((saved: SavedRows) => Body);
  /** Name under which later operations find the row that this one creates. Such a create asks for the row back. */
  readonly saveAs?: string;
}

/**
 * Operations that need nothing of each other and may run at the same time. With `inOrder` they run one after the other,
 * so that number sequences give every row the same number each time the demo is set up.
 */
export interface DemoStage {
  readonly name: string;
  readonly inOrder?: boolean;
  readonly operations: readonly DemoOperation[];
}

/** Rows that the service answered, by the name given in `saveAs`. */
export class SavedRows {
  readonly #rows = new Map<string, ReadonlyMap<string, unknown>>();

  /** @throws TypeError when the answer is not a row: the create was not asked for its representation */
  save(name: string, answer: unknown): void {
    if (typeof answer !== 'object' || answer === null) throw new TypeError(`no row came back for ${name}`);
    this.#rows.set(name, new Map(Object.entries(answer)));
  }

  /** @throws TypeError when there is no such row, or its column is no text */
  text(name: string, column: string): string {
    const value = this.#rows.get(name)?.get(column);
    if (typeof value !== 'string') throw new TypeError(`the row saved as ${name} has no text in ${column}`);
    return value;
  }
}

/** Creates a row of a Dataverse table. */
export const create = (entitySet: string, body: DemoOperation['body'], saveAs?: string): DemoOperation => ({
  surface: 'webapi',
  method: 'POST',
  path: entitySet,
  body,
  ...(saveAs === undefined ? {} : { saveAs }),
});
