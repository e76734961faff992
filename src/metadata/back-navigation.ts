import type { CollectionNavigation, SingleNavigation } from './table.ts';

/** The lookup's own navigation property, given the collection that is its other direction; some lookups have none. */
export function findLookupSide({ target, column }: CollectionNavigation): SingleNavigation | undefined {
  for (const back of target.navigation.values()) {
    if (back.kind === 'single' && back.column === column) return back;
  }
  return undefined;
}
