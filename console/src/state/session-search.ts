import type { SessionFilter } from '../gql/graphql';
import { parseSearch, timesOf, writeSearch, type LogSearch, type Range } from './log-search';

/** What the page `/sessions` shows. With a user and a session: that session; otherwise a list. */
export interface SessionSearch {
  readonly userId: string | undefined;
  readonly sessionId: string | undefined;
  /** Times at which the sessions of the list began. */
  readonly range: Range;
  /** Types of the steps that a session shows; empty: all. */
  readonly types: readonly string[];
  /** Whether a session draws its pauses to scale; otherwise they are folded. */
  readonly isToScale: boolean;
}

/** All users, all times: the list as it is without a query string. */
export const allSessions: SessionSearch = {
  userId: undefined,
  sessionId: undefined,
  range: { preset: 'all' },
  types: [],
  isToScale: false,
};

/** Reads a search from a query string. Without a range it has all times, so that the list shows something at first. */
export function parseSessionSearch(search: URLSearchParams): SessionSearch {
  const { userId, sessionId, range, types } = parseSearch(search);
  const hasRange = ['range', 'from', 'to'].some((name) => search.get(name));
  return {
    userId,
    sessionId,
    range: hasRange ? range : allSessions.range,
    types,
    isToScale: search.get('pauses') === 'scale',
  };
}

/** The address of a list or a session. */
export function sessionsHref(query: Partial<SessionSearch>): string {
  const { isToScale, ...rest } = { ...allSessions, ...query };
  const search = writeSearch({ ...rest, properties: [] }, new URLSearchParams());
  if ('preset' in rest.range) {
    if (rest.range.preset === 'all') search.delete('range');
    else search.set('range', rest.range.preset);
  }
  if (isToScale) search.set('pauses', 'scale');
  return addressOf('/sessions', search);
}

/** The address of Explore with a filter. Without a range in it: all times. */
export function exploreHref(query: Partial<LogSearch>): string {
  const none = { userId: undefined, sessionId: undefined, types: [], properties: [] };
  const search = writeSearch({ ...none, range: { preset: 'all' }, ...query }, new URLSearchParams());
  return addressOf('/', search);
}

/** @param now milliseconds since 1970, the end of presets; keep it for all pages of one list */
export function toSessionFilter({ userId, range }: SessionSearch, now: number): SessionFilter {
  return { ...(userId && { userIds: [userId] }), ...timesOf(range, now) };
}

function addressOf(path: string, search: URLSearchParams): string {
  const text = search.toString();
  return text === '' ? path : `${path}?${text}`;
}
