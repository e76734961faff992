import type { Column, Table } from '../../metadata/table.ts';
import type { Changes, Watcher } from '../../odata/row-store.ts';

/** Those who want to hear of changes of one database. */
export class Watchers {
  readonly #all = new Set<Watcher>();
  readonly #onEvents = new Set<() => void>();

  /** Gives how to end it. */
  add(watcher: Watcher): () => void {
    this.#all.add(watcher);
    return () => this.#all.delete(watcher);
  }

  /** Columns whose values say what a row of the table is about; none where nobody watches it. */
  columnsOf(table: Table): readonly Column[] {
    const found: Column[] = [];
    for (const { tables } of this.#all) {
      const column = table.column.get(tables.get(table.logicalName) ?? '');
      if (column !== undefined) found.push(column);
    }
    return found;
  }

  /** Calls back after events were stored. Gives how to end it. */
  readonly onEvents = (listener: () => void): (() => void) => {
    this.#onEvents.add(listener);
    return () => this.#onEvents.delete(listener);
  };

  /** So many events were stored with what was committed. */
  tellEvents(count: number): void {
    if (count > 0) for (const listener of this.#onEvents) listener();
  }

  /** Tells each watcher what concerns it. */
  tell(changes: Changes): void {
    if (changes.size === 0) return;
    for (const watcher of this.#all) {
      const mine = concerning(watcher, changes);
      if (mine.size > 0) watcher.onOwn(mine);
    }
  }

  /** The same for what another process has changed. Resolves when it is in force. */
  async tellOthers(changes: Changes | 'everything'): Promise<void> {
    const told: Promise<void>[] = [];
    for (const watcher of this.#all) {
      const mine = changes === 'everything' ? changes : concerning(watcher, changes);
      if (mine === 'everything' || mine.size > 0) told.push(watcher.onOther(mine));
    }
    await Promise.all(told);
  }
}

const concerning = ({ tables }: Watcher, changes: Changes): Changes =>
  new Map([...changes].filter(([table]) => tables.has(table)));
