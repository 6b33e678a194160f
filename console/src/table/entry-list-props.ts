import type { RefObject } from 'react';
import type { Entry } from '../api/entry';
import type { LogFilter } from '../gql/graphql';

/** What a list of entries on the page Explore takes, recorded or live. */
export interface EntryListProps {
  /** Keep it as part of the query's key: it is the same object until the search or `now` changes. */
  readonly filter: LogFilter;
  /** The entry that the details show. */
  readonly openId: string | undefined;
  /** Shows the details of an entry; undefined closes them, such as when the entry was erased. */
  readonly onOpen: (entry: Entry | undefined) => void;
  /** Call it with the rows in view when these change: the filter bar takes suggestions from them. */
  readonly onRows: (entries: readonly Entry[]) => void;
  /** The list sets it to what opens the entry after (1) or before (-1) the open one. */
  readonly steps?: RefObject<((by: 1 | -1) => void) | null>;
}
