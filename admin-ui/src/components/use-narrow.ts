import { useSyncExternalStore } from 'react';

/** A phone's width; styles have the same figure. */
const query = matchMedia('(max-width: 640px)');

function subscribe(changed: () => void): () => void {
  query.addEventListener('change', changed);
  return () => query.removeEventListener('change', changed);
}

/** Is there no room for columns side by side? */
export const useNarrow = (): boolean => useSyncExternalStore(subscribe, () => query.matches);
