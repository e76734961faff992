import { useEffect } from 'react';

/** Names the page for the browser's tab and for screen readers. */
export function useDocumentTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} – Portvakt`;
  }, [title]);
}
