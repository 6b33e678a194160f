import { useQuery } from '@tanstack/react-query';
import { request } from '../api/request';
import { graphql } from '../gql';
import type { LogFilter } from '../gql/graphql';
import { formatCount } from '../time/format';

const entryTotal = graphql(`
  query EntryTotal($filter: LogFilter, $upTo: Int) {
    logsConnection(filter: $filter, first: 1) {
      totalCount(upTo: $upTo) {
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

/** The number of entries that match a filter, counted up to a bound. */
export function useEntryTotal(filter: LogFilter, upTo = 10_000): EntryTotal | undefined {
  const { data } = useQuery({
    queryKey: ['entry-total', filter, upTo],
    queryFn: async ({ signal }) =>
      (await request(entryTotal, { filter, upTo }, signal)).logsConnection.totalCount,
  });
  return data;
}

/** A total in words, such as `6,000 entries` or `10,000+ entries`. */
export function formatTotal({ value, exact }: EntryTotal): string {
  return `${formatCount(value)}${exact ? '' : '+'} ${value === 1 && exact ? 'entry' : 'entries'}`;
}
