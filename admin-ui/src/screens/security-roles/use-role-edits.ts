import { useState } from 'react';
import { type Depth, rankOf } from './depth.ts';
import { type Changes, type Grants, nearest, type Privilege, rights, type TableRow } from './role-model.ts';

/** A level for each right of a row: a preset, or another row's. */
type Pattern = (right: (typeof rights)[number]) => Depth | undefined;

export const presets = {
  full: () => 'Global',
  read: (right) => (right === 'Read' ? 'Global' : undefined),
  none: () => undefined,
} as const satisfies Record<string, Pattern>;

/** What was changed and not saved yet. */
export function useRoleEdits(saved: Grants) {
  const [changes, setChanges] = useState<Changes>(new Map());
  const depthOf = (id: string): Depth | undefined => (changes.has(id) ? changes.get(id) : saved.get(id));
  const put = (cells: readonly (readonly [string, Depth | undefined])[]): void => {
    const next = new Map(changes);
    for (const [id, depth] of cells) {
      if (saved.get(id) === depth) next.delete(id);
      else next.set(id, depth);
    }
    setChanges(next);
  };
  const cellsOf = (row: TableRow, pattern: Pattern) =>
    rights.flatMap((right) => {
      const privilege = row.privileges[right];
      return privilege === undefined ? [] : [[privilege.id, nearest(privilege, pattern(right))] as const];
    });
  return {
    changes,
    depthOf,
    set: (privilege: Privilege, depth: Depth | undefined): void => put([[privilege.id, depth]]),
    setRows: (rows: readonly TableRow[], pattern: Pattern): void => put(rows.flatMap((row) => cellsOf(row, pattern))),
    copyRow: (source: TableRow, targets: readonly TableRow[]): void =>
      put(
        targets.flatMap((row) =>
          cellsOf(row, (right) => {
            const from = source.privileges[right];
            return from === undefined ? undefined : depthOf(from.id);
          }),
        ),
      ),
    /** Raises cells to the template, lowers none. @returns how many */
    raiseTo: (template: Grants): number => {
      const cells = [...template].filter(([id, depth]) => rankOf(depthOf(id)) < rankOf(depth));
      put(cells);
      return cells.length;
    },
    undo: (): void => setChanges(new Map()),
  };
}

export type RoleEdits = ReturnType<typeof useRoleEdits>;
