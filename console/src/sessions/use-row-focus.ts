import { useEffect, useRef, useState, type KeyboardEvent } from 'react';

/** Rows that Page Up and Page Down pass. */
const pageRows = 10;

/**
 * One stop for the Tab key in a long list; the arrow keys, Page Up, Page Down, Home and End go from row to row.
 * Rows have `data-row` with their index, and `tabIndex={active === index ? 0 : -1}`.
 * @param reveal scrolls to a row, so that it is rendered
 */
export function useRowFocus(count: number, reveal: (index: number) => void) {
  const [chosen, setActive] = useState(0);
  const container = useRef<HTMLDivElement>(null);
  const wanted = useRef<number | undefined>(undefined);
  const active = Math.max(0, Math.min(chosen, count - 1));

  // A row that was scrolled to is rendered some renders later.
  useEffect(() => {
    if (wanted.current === undefined) return;
    const row = container.current?.querySelector<HTMLElement>(`[data-row="${wanted.current}"]`);
    if (!row) return;
    wanted.current = undefined;
    row.focus({ preventScroll: true });
  });

  const onKeyDown = (event: KeyboardEvent): void => {
    const isRow = (event.target as HTMLElement).matches('[data-row]');
    const next = isRow ? targetOf(event.key, active, count) : undefined;
    if (next === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    wanted.current = next;
    setActive(next);
    reveal(next);
  };
  return { active, setActive, container, onKeyDown };
}

function targetOf(key: string, active: number, count: number): number | undefined {
  const targets: Record<string, number> = {
    ArrowDown: active + 1,
    ArrowUp: active - 1,
    PageDown: active + pageRows,
    PageUp: active - pageRows,
    Home: 0,
    End: count - 1,
  };
  const target = targets[key];
  return target === undefined ? undefined : Math.max(0, Math.min(target, count - 1));
}
