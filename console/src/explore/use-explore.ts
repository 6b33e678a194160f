import { useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { LogFilter } from '../gql/graphql';
import { navigate, useLocation } from '../state/location';
import {
  parseSearch,
  presets,
  toLogFilter,
  writeSearch,
  type LogSearch,
  type Range,
} from '../state/log-search';

/** What the page Explore shows, and how to change it. */
export interface Explore {
  readonly search: LogSearch;
  /** The same object until the search or `now` changes. */
  readonly filter: LogFilter;
  /** Milliseconds since 1970, the end of presets in all queries of this view. */
  readonly now: number;
  readonly isLive: boolean;
  /** Changes the search, which the address holds. The same preset again is a refresh. */
  readonly change: (changes: Partial<LogSearch>) => void;
  readonly refresh: () => void;
  readonly setLive: (isLive: boolean) => void;
}

/** The state of the page Explore: its address and the instant it was asked for. */
export function useExplore(): Explore {
  const params = useLocation().search;
  // Without what does not change the search, such as the entry whose details are open.
  const address = writeSearch(parseSearch(params), new URLSearchParams()).toString();
  const [now, setNow] = useState(Date.now);
  const queries = useQueryClient();
  const { search, filter } = useMemo(() => {
    const search = parseSearch(new URLSearchParams(address));
    return { search, filter: toLogFilter(search, now) };
  }, [address, now]);

  const go = (next: URLSearchParams): void => navigate(next.size === 0 ? '/' : `/?${next.toString()}`);
  const refresh = (): void => {
    setNow(Date.now());
    // A filter that does not end now stays the same: its answers are asked for again.
    void queries.invalidateQueries(endsNow(search.range) ? { queryKey: ['newest'] } : {});
  };
  return {
    search,
    filter,
    now,
    isLive: params.get('live') === '1',
    change: (changes) => {
      const next = writeSearch({ ...search, ...changes }, params);
      if (next.toString() === writeSearch(search, params).toString()) return refresh();
      if (changes.range && endsNow(changes.range)) setNow(Date.now());
      go(next);
    },
    refresh,
    setLive: (isLive) => {
      const next = new URLSearchParams(params);
      if (isLive) next.set('live', '1');
      else next.delete('live');
      go(next);
    },
  };
}

function endsNow(range: Range): boolean {
  return 'preset' in range && presets[range.preset] !== Infinity;
}
