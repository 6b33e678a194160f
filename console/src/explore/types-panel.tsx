import { useQuery } from '@tanstack/react-query';
import { Autocomplete, Input, ListBox, ListBoxItem, SearchField, useFilter } from 'react-aria-components';
import { request } from '../api/request';
import { ErrorNotice } from '../design/notice';
import { TypeMark } from '../design/type-mark';
import { graphql } from '../gql';
import { formatCount } from '../time/format';
import type { Explore } from './use-explore';

const typeCounts = graphql(`
  query TypeCounts($filter: LogFilter) {
    logTypes(filter: $filter, first: 1000) {
      types {
        type
        count
      }
      otherTypeCount
    }
  }
`);

/** Chooses types: those that entries of the view would have without this part of the filter, with their counts. */
export function TypesPanel({ explore }: { explore: Explore }) {
  const { types: selected } = explore.search;
  const { types: _, ...filter } = explore.filter;
  const { contains } = useFilter({ sensitivity: 'base' });
  const { data, error, refetch } = useQuery({
    queryKey: ['types', filter],
    queryFn: ({ signal }) => request(typeCounts, { filter }, signal),
  });
  const counted = data?.logTypes.types ?? [];
  const absent = selected.filter((type) => !counted.some((counts) => counts.type === type));
  const items = [...counted, ...absent.map((type) => ({ type, count: data ? 0 : undefined }))];
  return (
    <Autocomplete filter={contains}>
      <div className="filter-panel filter-types-panel">
        <SearchField aria-label="Search types" autoFocus>
          <Input className="input" placeholder="Search types" />
        </SearchField>
        {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
        <ListBox
          aria-label="Types"
          selectionMode="multiple"
          // Escape closes the panel: it must not take the filter away.
          escapeKeyBehavior="none"
          selectedKeys={selected}
          onSelectionChange={(keys) => {
            if (keys !== 'all') explore.change({ types: [...keys].map(String).slice(0, 100) });
          }}
          items={items}
          renderEmptyState={() => (
            <p className="muted filter-note">{data ? 'No type matches.' : error ? '' : 'Counting…'}</p>
          )}
        >
          {({ type, count }) => (
            <ListBoxItem id={type} textValue={type} className="option filter-option">
              {({ isSelected }) => (
                <>
                  <span className="filter-check" data-selected={isSelected || undefined} aria-hidden="true" />
                  <TypeMark type={type} />
                  <span className="filter-clip">{type}</span>
                  <span className="muted">{count === undefined ? '' : formatCount(count)}</span>
                </>
              )}
            </ListBoxItem>
          )}
        </ListBox>
        {!!data?.logTypes.otherTypeCount && (
          <p className="muted filter-note">
            {formatCount(data.logTypes.otherTypeCount)} rarer types are not listed. Choose a shorter time.
          </p>
        )}
      </div>
    </Autocomplete>
  );
}
