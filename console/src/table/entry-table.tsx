import type { ReactNode } from 'react';
import { ErrorNotice } from '../design/notice';
import { ExportButton } from '../export/export-button';
import { EntryGrid } from './entry-grid';
import type { EntryListProps } from './entry-list-props';
import { formatTotal, useEntryTotal } from './entry-total';
import { useEntryPages } from './use-entry-pages';
import './entry-table.css';

/** All entries that match a filter, newest first, however many: it reads the pages around those in view. */
export function EntryTable({ filter, empty, ...props }: EntryListProps & { empty: ReactNode }) {
  const list = useEntryPages(filter);
  const total = useEntryTotal(filter);
  const { pages } = list;
  if (pages.isEmpty) return empty;
  const isNothingRead = pages.endRow === pages.firstRow;
  return (
    <div className="table">
      <div className="table-bar">
        <p role="status">{total ? formatTotal(total) : <span className="muted">Counting…</span>}</p>
        <ExportButton filter={filter} />
      </div>
      {isNothingRead && pages.error !== undefined ? null : <EntryGrid list={list} total={total} {...props} />}
      {pages.error !== undefined && (
        <div className={isNothingRead ? 'table-error' : 'table-error below'}>
          <ErrorNotice error={pages.error} onRetry={() => pages.retry()} />
        </div>
      )}
    </div>
  );
}
