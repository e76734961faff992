import { useState } from 'react';
import type { Column } from './column.ts';

/** Which columns are shown; kept on this machine by the list's name. */
export function useColumns<T>(name: string, all: readonly Column<T>[]) {
  const storageKey = `portvakt.columns.${name}`;
  const [picked, setPicked] = useState<readonly string[]>(
    () => readPicked(storageKey) ?? all.filter(({ isOptional = false }) => !isOptional).map(({ id }) => id),
  );
  const toggle = (id: string): void => {
    const next = picked.includes(id) ? picked.filter((each) => each !== id) : [...picked, id];
    localStorage.setItem(storageKey, JSON.stringify(next));
    setPicked(next);
  };
  // The first column is what leads to the row; it stays.
  const columns = all.filter(({ id }, at) => at === 0 || picked.includes(id));
  return { columns, picked, toggle };
}

function readPicked(key: string): readonly string[] | undefined {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key) ?? 'null');
    return Array.isArray(kept) ? kept.filter((each) => typeof each === 'string') : undefined;
  } catch {
    return undefined;
  }
}
