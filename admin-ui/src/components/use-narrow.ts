import { useSyncExternalStore } from 'react';
import { narrow } from './narrow.ts';

const query = matchMedia(narrow);

function subscribe(changed: () => void): () => void {
  query.addEventListener('change', changed);
  return () => query.removeEventListener('change', changed);
}

/** Is there no room for columns side by side? */
export const useNarrow = (): boolean => useSyncExternalStore(subscribe, () => query.matches);
