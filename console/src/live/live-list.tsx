import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, type FocusEvent, type KeyboardEvent } from 'react';
import { usePreferences } from '../state/preferences';
import { EntryColumns } from '../table/entry-row';
import { useRowHeight } from '../table/use-row-height';
import { LiveEntryRow, SeamRow } from './live-rows';
import { isSeam, type LiveEntry, type LiveSnapshot, type LiveStore } from './live-store';

interface LiveListProps {
  readonly live: LiveSnapshot;
  readonly isConnected: boolean;
  readonly store: LiveStore;
  readonly openId: string | undefined;
  readonly onOpen: (entry: LiveEntry) => void;
}

/** Pixels: see live.css. */
const seamHeight = 32;

/** Live entries, virtualised. It stands still while one scrolls, points at it, or goes through it by the keyboard. */
export function LiveList({ live, isConnected, store, openId, onOpen }: LiveListProps) {
  const list = useRef<HTMLDivElement>(null);
  const { timeZone } = usePreferences();
  const { row: height, columns } = useRowHeight();
  const { rows, pausedBy } = live;
  const isPaused = pausedBy.length > 0;
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => list.current,
    estimateSize: (index) => (isSeam(rows[index]!) ? seamHeight : height),
    getItemKey: (index) => rows[index]!.id,
    overscan: 8,
    scrollMargin: columns,
    scrollPaddingStart: columns,
  });
  useEffect(() => virtualizer.measure(), [rows, height, virtualizer]);
  useEffect(() => {
    if (!isPaused) list.current?.scrollTo({ top: 0 });
    // The row that had the focus may be gone without an event.
    if (pausedBy.includes('focus') && !list.current?.contains(document.activeElement)) store.resume('focus');
  });

  const focusRow = (index: number): void => {
    const to = Math.max(0, Math.min(rows.length - 1, index));
    virtualizer.scrollToIndex(to);
    requestAnimationFrame(() => {
      list.current?.querySelector<HTMLElement>(`[data-index="${to}"]`)?.focus({ preventScroll: true });
    });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const at = Number((event.target as HTMLElement).dataset['index'] ?? -1);
    const page = Math.floor((list.current?.clientHeight ?? height) / height) - 1;
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page };
    const to =
      event.key === 'Home' ? 0 : event.key === 'End' ? rows.length - 1 : at + (steps[event.key] ?? NaN);
    if (Number.isNaN(to) || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    focusRow(to);
  };
  const onFocus = ({ target }: FocusEvent): void => {
    if (target !== list.current && target.matches(':focus-visible')) store.pause('focus');
  };
  return (
    <div
      ref={list}
      className="live-list"
      role="region"
      aria-label="Live entries"
      tabIndex={0}
      onScroll={({ currentTarget }) =>
        currentTarget.scrollTop > 4 ? store.pause('scroll') : store.resume('scroll')
      }
      onKeyDown={onKeyDown}
      onFocus={onFocus}
      onBlur={() => store.resume('focus')}
    >
      <div className="live-columns">
        <EntryColumns timeZone={timeZone} isGrid={false} />
      </div>
      <div
        className="live-rows"
        role="list"
        style={{ height: virtualizer.getTotalSize() }}
        onPointerEnter={({ pointerType }) => pointerType === 'mouse' && store.pause('hover')}
      >
        {virtualizer.getVirtualItems().map(({ index, key, start, size }) => {
          const row = rows[index]!;
          const place = { height: size, transform: `translateY(${start - columns}px)` };
          return (
            <div key={key} className="live-place" role="listitem" style={place}>
              {isSeam(row) ? (
                <SeamRow seam={row} index={index} />
              ) : (
                <LiveEntryRow entry={row} index={index} isOpen={row.id === openId} onOpen={onOpen} />
              )}
            </div>
          );
        })}
      </div>
      {isConnected && live.received === 0 && rows.length < 2 && (
        <p className="live-empty muted">
          No entry matches the filter yet. New ones appear here as they are recorded.
        </p>
      )}
    </div>
  );
}
