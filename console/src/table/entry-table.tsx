import type { ReactNode } from 'react';
import { ErrorNotice } from '../design/notice';
import { EntryGrid } from './entry-grid';
import type { EntryListProps } from './entry-list-props';
import { useEntryTotal } from './entry-total';
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
      {isNothingRead && pages.error !== undefined ? null : <EntryGrid list={list} total={total} {...props} />}
      {pages.error !== undefined && (
        <div className={isNothingRead ? 'table-error' : 'table-error below'}>
          <ErrorNotice error={pages.error} onRetry={() => pages.retry()} />
        </div>
      )}
    </div>
  );
}
