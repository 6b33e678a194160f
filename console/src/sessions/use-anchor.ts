import type { Virtualizer } from '@tanstack/react-virtual';
import { useLayoutEffect, useReducer, useRef, type RefObject } from 'react';

/**
 * Keeps the rows in view where they are while rows come or go above them.
 * @param visible index of the first row in view
 * @param onShift gets the number of rows by which all indexes moved
 */
export function useAnchor(
  rows: readonly { readonly id: string }[],
  visible: number,
  virtual: Virtualizer<HTMLDivElement, Element>,
  scroller: RefObject<HTMLDivElement | null>,
  onShift: (by: number) => void,
): void {
  const anchor = useRef<{ id: string; index: number; start: number }>(undefined);
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  useLayoutEffect(() => {
    const old = anchor.current;
    let index = visible;
    if (old && rows.length > 0 && rows[old.index]?.id !== old.id) {
      index = rows.findIndex(({ id }) => id === old.id);
      if (index !== -1) {
        const element = scroller.current!;
        // Not `scrollTop`, which a list that became shorter may have cut.
        const scrollTop = virtual.scrollOffset ?? element.scrollTop;
        element.scrollTop = scrollTop + virtual.measurementsCache[index]!.start - old.start;
        // Draws the rows of the new position before the next paint: the event `scroll` comes later.
        virtual.scrollOffset = element.scrollTop;
        redraw();
        onShift(index - old.index);
      }
    }
    const row = rows[index];
    anchor.current = row && { id: row.id, index, start: virtual.measurementsCache[index]!.start };
  });
}
