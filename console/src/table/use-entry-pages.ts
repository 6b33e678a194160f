import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { useReachable } from '../api/reachable';
import type { LogFilter } from '../gql/graphql';
import { EntryPages } from './entry-pages';
import { parseOpenEntry } from '../state/open-entry';
import { readPlace, writePlace, type Place } from './place';
import { readEntries, readOldestTime } from './read-entries';

/** Where a list begins. */
export type Start = 'newest' | 'oldest' | Place;

/** A list of entries around a start, and the way to begin it elsewhere. */
export interface EntryList {
  readonly pages: EntryPages;
  /** Changes with what is read. */
  readonly version: number;
  readonly start: Start;
  readonly toNewest: () => void;
  readonly toOldest: () => void;
  /** Begins at a row that is read, which keeps its place: a browser shows no list of millions of rows. */
  readonly restart: (place: Place) => void;
}

interface Jump {
  readonly filter: LogFilter;
  readonly start: Start;
  readonly at: string | undefined;
}

/**
 * The entries that match a filter, from where this step of the browser's history was left; otherwise from the one whose
 * details the address shows, or from the newest.
 */
export function useEntryPages(filter: LogFilter): EntryList {
  const [jump, setJump] = useState<Jump | undefined>(() => {
    const entry = parseOpenEntry(new URLSearchParams(location.search));
    return entry && !readPlace() ? { filter, start: entry, at: entry.time } : undefined;
  });
  const { pages, start } = useMemo(() => {
    const place = readPlace();
    const { start, at } =
      jump?.filter === filter ? jump : { start: place ?? ('newest' as const), at: place?.time };
    return { pages: new EntryPages(filter, at, readEntries), start };
  }, [filter, jump]);
  const version = useSyncExternalStore(pages.subscribe, pages.getVersion);
  useEffect(() => pages.open(), [pages]);
  const isReachable = useReachable();
  useEffect(() => {
    if (isReachable && pages.error !== undefined) pages.retry();
  }, [isReachable, pages]);
  return {
    pages,
    version,
    start,
    toNewest: () => {
      writePlace(undefined);
      setJump({ filter, start: 'newest', at: undefined });
    },
    toOldest: () =>
      void readOldestTime(filter).then(
        (at) => setJump({ filter, start: 'oldest', at }),
        // The list stays where it is; the header tells that the server does not answer.
        () => {},
      ),
    restart: (place) => setJump({ filter, start: place, at: place.time }),
  };
}
