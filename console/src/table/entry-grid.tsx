import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useId, useLayoutEffect, useReducer, useRef, useState } from 'react';
import { usePreferences } from '../state/preferences';
import type { EntryListProps } from './entry-list-props';
import { EntryColumns, EntryRow, SkeletonRow } from './entry-row';
import { formatTotal, type EntryTotal } from './entry-total';
import { moveByKey, scrollToRow } from './grid-keys';
import { writePlace } from './place';
import type { EntryList } from './use-entry-pages';
import { useRowHeight } from './use-row-height';

/** Rows shown as skeletons before and after those read, while there are more: after them, more than a screen. */
const skeletonsBefore = 8;
const skeletonsAfter = 100;
/** Rows of a list that begins anew: Firefox shows no element higher than 17.9 million pixels. */
const maxRows = 250_000;
/** Milliseconds without scrolling after which the rows in view are told and the place is kept. */
const restMs = 250;

type EntryGridProps = Omit<EntryListProps, 'filter'> & {
  readonly list: EntryList;
  readonly total: EntryTotal | undefined;
};

/** Entries as a virtual grid: rows of one height, of which those in view exist. */
export function EntryGrid({ list, total, openId, onOpen, onRows, steps }: EntryGridProps) {
  const { pages, version } = list;
  const { timeZone } = usePreferences();
  const height = useRowHeight();
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(0);
  const [, redraw] = useReducer((count: number) => count + 1, 0);

  const { older, newer, isNewestRead } = pages;
  const first = pages.firstRow - (isNewestRead ? 0 : skeletonsBefore);
  // A small total is shown as the height of the list from the beginning.
  const known = newer === undefined && total?.exact ? total.value : 0;
  const end = older.isComplete ? pages.endRow : Math.max(pages.endRow + skeletonsAfter, known);
  const virtualizer = useVirtualizer({
    count: end - first + (older.isComplete ? 1 : 0),
    getScrollElement: () => scroller.current,
    estimateSize: () => height.row,
    scrollMargin: height.columns,
    overscan: 8,
  });
  const from = first + Math.floor((virtualizer.scrollOffset ?? 0) / height.row);
  const to = first + (virtualizer.range?.endIndex ?? -1) + 1;

  // Rows read above those in view move them down: the scroll position moves with them.
  const shown = useRef({ pages: undefined as unknown, first: 0, end: 0, isPlaced: false });
  useLayoutEffect(() => {
    const element = scroller.current!;
    const was = shown.current;
    const isNew = was.pages !== pages;
    // More entries than a page holds may share the oldest instant: the end is not reached before all are read.
    const isPlaced = list.start === 'oldest' ? older.isComplete : pages.endRow > 0;
    const hasMore = pages.endRow > (isNew ? 0 : was.end);
    const isPlacing = hasMore && (isNew || !was.isPlaced);
    shown.current = { pages, first, end: pages.endRow, isPlaced };
    if (!isNew && !isPlacing && was.first === first) return;
    const row = rowOfStart(list);
    if (isPlacing) setActive(row);
    element.scrollTop =
      isNew || isPlacing ? (row - first) * height.row : element.scrollTop + (was.first - first) * height.row;
    // Draws the rows of the new position before the next paint: the event `scroll` comes later.
    virtualizer.scrollOffset = element.scrollTop;
    redraw();
  });

  useEffect(() => pages.show(from, to), [pages, from, to]);
  useEffect(() => {
    const timer = setTimeout(() => {
      const rows = Array.from({ length: Math.max(0, to - from) }, (_, at) => pages.at(from + at));
      onRows(rows.filter((entry) => entry !== undefined));
      const [top] = rows;
      if (!top) return;
      const place = { time: top.time, id: top.id };
      if (end - first > maxRows) list.restart(place);
      else writePlace(from === pages.firstRow && isNewestRead ? undefined : place);
    }, restMs);
    return () => clearTimeout(timer);
    // The details that opened are a step of the browser's history, with a place of its own.
  }, [pages, version, from, to, openId]);

  const move = (to: number, isOpening = openId !== undefined): void => {
    const row = Math.min(Math.max(to, pages.firstRow), pages.endRow - 1);
    setActive(row);
    scrollToRow(scroller.current!, row - first, height);
    const entry = pages.at(row);
    if (isOpening && entry) onOpen(entry);
  };
  useEffect(() => {
    if (!steps) return;
    steps.current = (by) => {
      let row = pages.firstRow;
      while (row < pages.endRow && pages.at(row)?.id !== openId) row++;
      move((row < pages.endRow ? row : active) + by, true);
    };
  });

  /** A total that is exact tells the positions of rows that were reached from either end. */
  const indexOf = (row: number): number | undefined => {
    if (isNewestRead) return row - pages.firstRow + 2;
    return older.isComplete && total?.exact ? total.value - (pages.endRow - row) + 2 : undefined;
  };
  return (
    <div
      ref={scroller}
      className="table-grid"
      role="grid"
      aria-label="Entries, newest first"
      aria-rowcount={total?.exact ? total.value + 1 : -1}
      aria-activedescendant={pages.at(active) && active >= from && active < to ? `${id}${active}` : undefined}
      tabIndex={0}
      onKeyDown={(event) => moveByKey(event, { list, active, move, height, element: scroller.current! })}
    >
      <div role="rowgroup" className="table-head">
        <EntryColumns timeZone={timeZone} isGrid />
      </div>
      <div
        role="rowgroup"
        className="table-body"
        style={{ height: virtualizer.getTotalSize() }}
        onClick={(event) => {
          const key = (event.target as Element).closest<HTMLElement>('[data-id]')?.dataset['id'];
          // A click that ends the selection of a text opens nothing.
          if (key === undefined || getSelection()?.isCollapsed === false) return;
          for (let row = from - 1; row <= to; row++) if (pages.at(row)?.id === key) move(row, true);
        }}
      >
        {virtualizer.getVirtualItems().map(({ index }) => {
          const row = first + index;
          const top = index * height.row;
          const entry = pages.at(row);
          if (row === end) return <EndRow key="end" top={top} total={total} />;
          if (!entry) return <SkeletonRow key={row} top={top} />;
          return (
            <EntryRow
              key={row}
              entry={entry}
              timeZone={timeZone}
              id={`${id}${row}`}
              rowIndex={indexOf(row)}
              top={top}
              isActive={row === active}
              isOpen={entry.id === openId}
            />
          );
        })}
      </div>
    </div>
  );
}

/** The row that a list begins at, once it is read. */
function rowOfStart({ start, pages }: EntryList): number {
  if (start === 'newest') return 0;
  if (start === 'oldest') return pages.endRow - 1;
  for (let row = 0; row < pages.endRow; row++) if (pages.at(row)?.id === start.id) return row;
  return 0;
}

function EndRow({ top, total }: { top: number; total: EntryTotal | undefined }) {
  return (
    <div className="table-row table-end" role="row" style={{ transform: `translateY(${top}px)` }}>
      <div role="gridcell" aria-colspan={5}>
        The end{total ? `: ${formatTotal(total)}` : ''}
      </div>
    </div>
  );
}
