import { type RefObject, useEffect, useRef } from 'react';
import { useLocation } from 'wouter';

/**
 * What had the focus is gone with the screen before, or hidden with the menu: it goes to the next screen, so that the next
 * Tab goes on there and not at the top of the page. What still has it keeps it.
 */
export function useKeptFocus(main: RefObject<HTMLElement | null>): void {
  const [location] = useLocation();
  const before = useRef(location);
  useEffect(() => {
    if (before.current === location) return;
    before.current = location;
    const { activeElement } = document;
    const isKept = activeElement !== null && activeElement !== document.body && activeElement.checkVisibility();
    if (!isKept) main.current?.focus();
  }, [location, main]);
}
