import { useQuery } from '@tanstack/react-query';
import { request } from '../api/request';
import { graphql } from '../gql';
import type { LogFilter } from '../gql/graphql';
import { formatCount } from '../time/format';

const entryTotal = graphql(`
  query EntryTotal($filter: LogFilter) {
    logsConnection(filter: $filter, first: 1) {
      totalCount(upTo: 10000) {
        value
        exact
      }
    }
  }
`);

/** A count, or the bound up to which the server counted. */
export interface EntryTotal {
  readonly value: number;
  readonly exact: boolean;
}

/** The number of entries that match a filter, counted up to 10,000. */
export function useEntryTotal(filter: LogFilter): EntryTotal | undefined {
  const { data } = useQuery({
    queryKey: ['entry-total', filter],
    queryFn: async ({ signal }) => (await request(entryTotal, { filter }, signal)).logsConnection.totalCount,
  });
  return data;
}

/** A total in words, such as `6,000 entries` or `10,000+ entries`. */
export function formatTotal({ value, exact }: EntryTotal): string {
  return `${formatCount(value)}${exact ? '' : '+'} ${value === 1 && exact ? 'entry' : 'entries'}`;
}
