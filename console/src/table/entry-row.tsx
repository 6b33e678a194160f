import { memo } from 'react';
import type { Entry } from '../api/entry';
import { IdText } from '../design/id-text';
import { TypeMark } from '../design/type-mark';
import { formatTime } from '../time/format';
import { previewOf } from './preview';
import './entry-row.css';

/** The names of the columns: of a grid of `EntryRow`s, or above a list, whose rows are read without them. */
export function EntryColumns({ timeZone, isGrid }: { timeZone: string; isGrid: boolean }) {
  const names = [`Time, ${timeZone}`, 'Type', 'User', 'Session', 'Properties'];
  const row = isGrid ? { role: 'row', 'aria-rowindex': 1 } : { 'aria-hidden': true };
  return (
    <div className="table-columns" {...row}>
      {names.map((name) => (
        <div key={name} role={isGrid ? 'columnheader' : undefined}>
          {name}
        </div>
      ))}
    </div>
  );
}

/** The fields of an entry on one line, in the columns of `EntryColumns`; on a narrow screen, on two. */
export function EntryCells({ entry, timeZone, role }: { entry: Entry; timeZone: string; role?: 'gridcell' }) {
  return (
    <>
      <span role={role} className="table-time">
        {formatTime(entry.time, timeZone)}
      </span>
      <span role={role} className="table-type">
        <TypeMark type={entry.type} />
        <span>{entry.type}</span>
      </span>
      <span role={role} className="table-user">
        {entry.userId}
      </span>
      <span role={role} className="table-session">
        <IdText id={entry.sessionId} />
      </span>
      <span role={role} className="table-properties">
        {previewOf(entry.properties)}
      </span>
    </>
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

/** An entry of a grid. The grid handles clicks: `data-id` has the entry's id. */
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
      <EntryCells entry={entry} timeZone={timeZone} role="gridcell" />
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
