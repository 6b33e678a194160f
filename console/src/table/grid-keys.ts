import type { KeyboardEvent } from 'react';
import type { EntryList } from './use-entry-pages';

interface Heights {
  readonly row: number;
  readonly columns: number;
}

interface Grid {
  readonly list: EntryList;
  readonly active: number;
  /** Makes a row the active one; `isOpening` also shows its details. */
  readonly move: (row: number, isOpening?: boolean) => void;
  readonly height: Heights;
  readonly element: HTMLElement;
}

/** Arrows, Page Up and Down, Home and End move the active row; Enter and space open it. */
export function moveByKey(event: KeyboardEvent, { list, active, move, height, element }: Grid): void {
  const { pages } = list;
  if (event.altKey || event.ctrlKey || event.metaKey || pages.endRow === pages.firstRow) return;
  const page = Math.max(1, Math.floor((element.clientHeight - height.columns) / height.row) - 1);
  const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page };
  const step = steps[event.key];
  if (step !== undefined) {
    move(active + step);
  } else if (event.key === 'Home') {
    if (pages.isNewestRead) move(pages.firstRow);
    else list.toNewest();
  } else if (event.key === 'End') {
    if (pages.older.isComplete) {
      move(pages.endRow - 1);
      element.scrollTop = element.scrollHeight;
    } else {
      list.toOldest();
    }
  } else if (event.key === 'Enter' || event.key === ' ') {
    move(active, true);
  } else {
    return;
  }
  event.preventDefault();
}

/** Scrolls as little as brings a row into view, below the names of the columns, which stick to the top. */
export function scrollToRow(element: HTMLElement, index: number, { row, columns }: Heights): void {
  const top = index * row;
  const room = element.clientHeight - columns;
  if (top < element.scrollTop) element.scrollTop = top;
  else if (top + row > element.scrollTop + room) element.scrollTop = top + row - room;
}
