import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useLayoutEffect, useRef } from 'react';
import { IdText } from '../design/id-text';
import { ErrorNotice } from '../design/notice';
import { Link } from '../design/link';
import { navigate } from '../state/location';
import { usePreferences } from '../state/preferences';
import { sessionsHref } from '../state/session-search';
import { formatCount, formatDuration, formatTime } from '../time/format';
import { useIsNarrow } from '../design/media';
import { useRowFocus } from './use-row-focus';
import { durationOf, type SessionRow } from './use-sessions';

interface Props {
  readonly rows: readonly SessionRow[];
  readonly isLoading: boolean;
  readonly hasMore: boolean;
  readonly isLoadingMore: boolean;
  readonly error: unknown;
  readonly loadMore: () => void;
}

/** Rows before the last one at which the next page is asked for. */
const lead = 40;
/** Where each list was left, by its address, so that the way back from a session leads to the same place. */
const places = new Map<string, number>();

/** The table of sessions. It renders the rows in view, and asks for more when its end comes near. */
export function SessionTable({ rows, isLoading, hasMore, isLoadingMore, error, loadMore }: Props) {
  const isNarrow = useIsNarrow();
  const { timeZone } = usePreferences();
  const scroller = useRef<HTMLDivElement>(null);
  const address = useRef(location.search).current;
  const rowHeight = isNarrow ? 88 : 32;
  const focus = useRowFocus(rows.length, (index) => virtual.scrollToIndex(index));
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    initialOffset: places.get(address) ?? 0,
    // The row that has the tab stop stays rendered.
    rangeExtractor: (range) =>
      [...new Set([focus.active, ...defaultRangeExtractor(range)])].sort((a, b) => a - b),
    scrollPaddingStart: isNarrow ? 0 : 32,
    onChange: (instance) => places.set(address, instance.scrollOffset ?? 0),
  });
  useEffect(() => virtual.measure(), [virtual, rowHeight]);
  // The rows up to the place may not be in memory any more: it is reached as they are read again.
  const place = useRef(places.get(address));
  useLayoutEffect(() => {
    const [element, wanted] = [scroller.current!, place.current];
    if (wanted === undefined || isLoading) return;
    element.scrollTop = wanted;
    if (!hasMore || element.scrollTop > wanted - 1) place.current = undefined;
  }, [rows.length, hasMore, isLoading]);
  const items = virtual.getVirtualItems();
  const last = virtual.range?.endIndex ?? 0;
  useEffect(() => {
    if (hasMore && !isLoadingMore && !error && last >= rows.length - lead) loadMore();
  }, [hasMore, isLoadingMore, error, last, rows.length, loadMore]);

  return (
    <div className="sessions-scroller" ref={scroller}>
      <div
        ref={focus.container}
        role="grid"
        aria-label="Sessions"
        aria-rowcount={hasMore || isLoading ? -1 : rows.length + 1}
        aria-busy={isLoading}
        onKeyDown={focus.onKeyDown}
      >
        <div role="row" aria-rowindex={1} className="sessions-row sessions-columns">
          <div role="columnheader">Began, {timeZone}</div>
          <div role="columnheader" className="sessions-number">
            Duration
          </div>
          <div role="columnheader" className="sessions-number">
            Entries
          </div>
          <div role="columnheader">User</div>
          <div role="columnheader">Session</div>
        </div>
        {isLoading && <Skeleton />}
        <div role="rowgroup" className="sessions-body" style={{ height: virtual.getTotalSize() }}>
          {items.map(({ index, start }) => (
            <Row
              key={rows[index]!.id}
              row={rows[index]!}
              index={index}
              top={start}
              isActive={focus.active === index}
              onFocus={() => focus.setActive(index)}
            />
          ))}
        </div>
      </div>
      {isLoadingMore && <p className="sessions-more muted">Loading more sessions…</p>}
      {error !== null && <ErrorNotice error={error} onRetry={loadMore} />}
    </div>
  );
}

function Row({
  row,
  index,
  top,
  isActive,
  onFocus,
}: {
  row: SessionRow;
  index: number;
  top: number;
  isActive: boolean;
  onFocus: () => void;
}) {
  const { timeZone } = usePreferences();
  const { userId, sessionId } = row;
  const href = sessionsHref({ userId, sessionId });
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      className="sessions-row"
      data-row={index}
      data-id={row.id}
      tabIndex={isActive ? 0 : -1}
      style={{ transform: `translateY(${top}px)` }}
      onFocus={onFocus}
      onClick={(event) => {
        if (event.target instanceof Element && !event.target.closest('a')) navigate(href);
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && event.target === event.currentTarget) navigate(href);
      }}
    >
      <div role="gridcell" className="sessions-time">
        <Link href={href} tabIndex={-1}>
          {formatTime(row.startedAt, timeZone, 0)}
        </Link>
      </div>
      <div role="gridcell" className="sessions-number">
        {row.entryCount === 1 ? '–' : formatDuration(durationOf(row))}
      </div>
      <div role="gridcell" className="sessions-number sessions-entries">
        {formatCount(row.entryCount)}
        <span className="sessions-unit"> {row.entryCount === 1 ? 'entry' : 'entries'}</span>
      </div>
      <div role="gridcell" className="sessions-id">
        <Link
          href={sessionsHref({ userId })}
          tabIndex={isActive ? 0 : -1}
          title={userId}
          aria-label={`Sessions of the user ${userId}`}
        >
          {userId}
        </Link>
      </div>
      <div role="gridcell" className="sessions-id" title={sessionId}>
        <IdText id={sessionId} />
      </div>
    </div>
  );
}

function Skeleton() {
  return (
    <div className="sessions-skeleton" aria-hidden="true">
      {Array.from({ length: 20 }, (_, at) => (
        <div key={at} />
      ))}
    </div>
  );
}
