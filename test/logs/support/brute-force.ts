import { microsOf, textOf } from './instants';
import { valueAt, type SentFilter, type SentPredicate, type SentSessionFilter } from './log-filters';
import { compare, compareText, type RecordedEntry } from './recorded';

/** What a filter means, read from the docstrings of schema.graphql, and computed in the plainest way. */
export function filterEntries(
  entries: readonly RecordedEntry[],
  filter: SentFilter,
): readonly RecordedEntry[] {
  const [users, sessions, types] = [filter.userIds, filter.sessionIds, filter.types].map(
    (list) => list && new Set(list),
  );
  const [start, end] = rangeOf(filter);
  const properties = filter.properties ?? [];
  return entries.filter((entry) => {
    if (users && !users.has(entry.userId)) return false;
    if (sessions && !sessions.has(entry.sessionId)) return false;
    if (types && !types.has(entry.type)) return false;
    if (start !== undefined && entry.micros < start) return false;
    if (end !== undefined && entry.micros >= end) return false;
    return properties.every(({ path, is }) => isTrue(is, valueAt(entry.properties, path)));
  });
}

export function rangeOf({ startTime, endTime }: SentSessionFilter): [bigint?, bigint?] {
  return [startTime, endTime].map((text) => (text === undefined ? undefined : microsOf(text))) as [
    bigint?,
    bigint?,
  ];
}

/** @param value undefined when there is no such property */
function isTrue(predicate: SentPredicate, value: unknown): boolean {
  const { equals, in: list, exists, isNull, gt, gte, lt, lte } = predicate;
  // Scalars only: arrays and objects never equal anything.
  if (equals !== undefined) return value === equals;
  if (list !== undefined) return list.some((item) => item === value);
  if (exists !== undefined) return (value !== undefined) === exists;
  if (isNull !== undefined) return value !== undefined && (value === null) === isNull;
  if (typeof value !== 'number') return false;
  if (gt !== undefined) return value > gt;
  if (gte !== undefined) return value >= gte;
  if (lt !== undefined) return value < lt;
  return value <= lte!;
}

export function needsBound({ properties, ...bounds }: SentFilter): boolean {
  return properties !== undefined && Object.keys(bounds).length === 0;
}

/** `logTypes`; types with equally many entries are ordered by name. */
export function summarizeTypes(entries: readonly RecordedEntry[], first: number) {
  const groups = countBy(entries, ({ type }) => type);
  const types = groups.slice(0, first).map(({ key, members }) => ({
    type: key,
    count: members.length,
    firstTime: textOf(members[0]!.micros),
    lastTime: textOf(members.at(-1)!.micros),
  }));
  const others = groups.slice(first);
  const otherCount = others.reduce((sum, { members }) => sum + members.length, 0);
  return { types, otherTypeCount: others.length, otherCount };
}

interface Group {
  readonly key: string;
  readonly members: readonly RecordedEntry[];
}

/** Groups, those with the most entries first, then by name. */
function countBy(
  entries: readonly RecordedEntry[],
  keyOf: (entry: RecordedEntry) => string,
): readonly Group[] {
  const groups = new Map<string, RecordedEntry[]>();
  for (const entry of entries) {
    const members = groups.get(keyOf(entry));
    if (members) members.push(entry);
    else groups.set(keyOf(entry), [entry]);
  }
  return Array.from(groups, ([key, members]) => ({ key, members })).sort(
    (a, b) => b.members.length - a.members.length || compareText(a.key, b.key),
  );
}

export interface HistogramOptions {
  /** In microseconds: buckets of one length, such as days of UTC. */
  readonly length: bigint;
  readonly groupBy: 'TYPE' | 'USER' | null;
  readonly topGroups: number;
}

const day = 86_400_000_000n;

/** The buckets of `logHistogram`, and the entries outside; undefined when there are more than 1,000 buckets. */
export function countInBuckets(
  entries: readonly RecordedEntry[],
  filter: SentFilter,
  { length, groupBy, topGroups }: HistogramOptions,
): { readonly buckets: object[]; readonly outsideCount: number } | undefined {
  const [sentStart, sentEnd] = rangeOf(filter);
  const none = { buckets: [], outsideCount: 0 };
  if (entries.length === 0 && (sentStart === undefined || sentEnd === undefined)) return none;
  const start = sentStart ?? entries[0]!.micros;
  const tomorrow = BigInt(Date.now()) * 1_000n + day;
  const afterLast = entries.length > 0 ? entries.at(-1)!.micros + 1n : tomorrow;
  // A range without an end ends a day from now at most.
  const end = sentEnd ?? (afterLast < tomorrow ? afterLast : tomorrow);
  const within = entries.filter(({ micros }) => micros < end);
  const outsideCount = entries.length - within.length;
  if (start >= end) return { buckets: [], outsideCount };
  const first = start / length;
  const count = (end - 1n) / length - first + 1n;
  if (count > 1_000n) return undefined;

  const keyOf = ({ type, userId }: RecordedEntry): string => (groupBy === 'TYPE' ? type : userId);
  const top = groupBy ? countBy(within, keyOf).slice(0, topGroups) : [];
  const buckets = Array.from({ length: Number(count) }, (_, at) => {
    const number = first + BigInt(at);
    const inside = within.filter(({ micros }) => micros / length === number);
    const groups = top
      .map(({ key }) => ({ key, count: inside.filter((entry) => keyOf(entry) === key).length }))
      .filter((group) => group.count > 0);
    return {
      start: textOf(number * length),
      end: textOf((number + 1n) * length),
      count: inside.length,
      groups,
      otherCount: inside.length - groups.reduce((sum, group) => sum + group.count, 0),
    };
  });
  return { buckets, outsideCount };
}

/** The answer of `clickMap`. */
export function countClicks(entries: readonly RecordedEntry[], x: string, y: string, cell: number): object {
  const cellOf = (entry: RecordedEntry, key: string): number | undefined => {
    const value = valueAt(entry.properties, [key]);
    if (typeof value !== 'number') return undefined;
    const at = Math.floor(value / cell);
    // + 0 makes 0 of -0.
    return at >= -(2 ** 31) && at < 2 ** 31 ? at + 0 : undefined;
  };
  const cells = new Map<string, { x: number; y: number; count: number }>();
  let outsideCount = 0;
  for (const entry of entries) {
    const place = { x: cellOf(entry, x), y: cellOf(entry, y) };
    if (place.x === undefined || place.y === undefined) {
      outsideCount++;
      continue;
    }
    const key = `${place.x} ${place.y}`;
    const known = cells.get(key);
    if (known) known.count++;
    else cells.set(key, { x: place.x, y: place.y, count: 1 });
  }
  const sorted = [...cells.values()].sort((a, b) => a.y - b.y || a.x - b.x);
  return { cell, maxCount: Math.max(0, ...sorted.map(({ count }) => count)), outsideCount, cells: sorted };
}

export interface SessionSum {
  readonly userId: string;
  readonly sessionId: string;
  readonly startedAt: bigint;
  readonly endedAt: bigint;
  readonly entryCount: number;
}

/** All sessions, newest first; those that began at one instant by their ids, backwards. */
export function sumUpSessions(entries: readonly RecordedEntry[]): readonly SessionSum[] {
  const nameOf = ({ userId, sessionId }: RecordedEntry) => JSON.stringify([userId, sessionId]);
  return countBy(entries, nameOf)
    .map(({ members }) => ({
      userId: members[0]!.userId,
      sessionId: members[0]!.sessionId,
      startedAt: members[0]!.micros,
      endedAt: members.at(-1)!.micros,
      entryCount: members.length,
    }))
    .sort(
      (a, b) =>
        compare(b.startedAt, a.startedAt) ||
        compareText(b.sessionId, a.sessionId) ||
        compareText(b.userId, a.userId),
    );
}

export function filterSessions(
  sessions: readonly SessionSum[],
  filter: SentSessionFilter,
): readonly SessionSum[] {
  const [start, end] = rangeOf(filter);
  return sessions.filter(
    ({ userId, startedAt }) =>
      (filter.userIds === undefined || filter.userIds.includes(userId)) &&
      (start === undefined || startedAt >= start) &&
      (end === undefined || startedAt < end),
  );
}
