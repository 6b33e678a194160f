import { memo } from 'react';
import type { Entry } from '../api/entry';
import { TypeMark } from '../design/type-mark';
import { formatTime } from '../time/format';
import { previewOf } from './preview';
import './entry-row.css';

/** The names of the columns, for a grid of `EntryRow`s. */
export function EntryColumns({ timeZone }: { timeZone: string }) {
  return (
    <div className="table-columns" role="row" aria-rowindex={1}>
      <div role="columnheader">Time, {timeZone}</div>
      <div role="columnheader">Type</div>
      <div role="columnheader">User</div>
      <div role="columnheader">Session</div>
      <div role="columnheader">Properties</div>
    </div>
  );
}

interface EntryRowProps {
  readonly entry: Entry;
  readonly timeZone: string;
  /** Of the element, for `aria-activedescendant`. */
  readonly id?: string;
  /** From 1, by `aria-rowindex`; the column names are row 1. */
  readonly rowIndex?: number | undefined;
  /** Pixels from the top of the list. */
  readonly top?: number;
  /** Whether keys act on this row. */
  readonly isActive?: boolean;
  /** Whether the details show this entry. */
  readonly isOpen?: boolean;
}

/** An entry on one line; on a narrow screen, on two. Its list handles clicks: `data-id` has the entry's id. */
export const EntryRow = memo(function EntryRow(props: EntryRowProps) {
  const { entry, timeZone, id, rowIndex, top, isActive, isOpen } = props;
  return (
    <div
      className={isActive ? 'table-row active' : 'table-row'}
      role="row"
      id={id}
      aria-rowindex={rowIndex}
      aria-selected={isOpen ?? false}
      data-id={entry.id}
      style={top === undefined ? undefined : { transform: `translateY(${top}px)` }}
    >
      <div role="gridcell" className="table-time">
        {formatTime(entry.time, timeZone)}
      </div>
      <div role="gridcell" className="table-type">
        <TypeMark type={entry.type} />
        <span>{entry.type}</span>
      </div>
      <div role="gridcell" className="table-user">
        {entry.userId}
      </div>
      <div role="gridcell" className="table-session">
        {entry.sessionId}
      </div>
      <div role="gridcell" className="table-properties">
        {previewOf(entry.properties)}
      </div>
    </div>
  );
});

/** The place of an entry that is being read. */
export function SkeletonRow({ top }: { top: number }) {
  return (
    <div
      className="table-row table-skeleton"
      role="presentation"
      style={{ transform: `translateY(${top}px)` }}
    >
      {[148, 72, 96, 96, 240].map((width, at) => (
        <span key={at}>
          <span style={{ width }} />
        </span>
      ))}
    </div>
  );
}
