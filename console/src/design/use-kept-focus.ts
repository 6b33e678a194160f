import { useEffect, type RefObject } from 'react';

/**
 * Keeps the focus on the page: where the element that has it goes away, such as a button that takes away the filter it
 * belongs to, the closest element around it that can have the focus gets it. The browser would go to the top of the page.
 * @param page gets it in the end: an element with a `tabIndex`
 */
export function useKeptFocus(page: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const element = page.current!;
    /** The last element that had the focus, and those around it. */
    let path: readonly HTMLElement[] = [];
    const onFocus = ({ target }: FocusEvent): void => {
      path = [];
      for (let at = target as HTMLElement | null; at; at = at.parentElement) {
        if (at === target || at.matches('[tabindex]')) path = [...path, at];
        if (at === element) break;
      }
    };
    const observer = new MutationObserver(() => {
      if (document.activeElement !== document.body || path.length === 0 || path[0]!.isConnected) return;
      path.find(({ isConnected }) => isConnected)?.focus({ preventScroll: true });
    });
    element.addEventListener('focusin', onFocus);
    // Dialogs are outside of the page.
    observer.observe(document.body, { childList: true, subtree: true });
    return () => {
      element.removeEventListener('focusin', onFocus);
      observer.disconnect();
    };
  }, [page]);
}
