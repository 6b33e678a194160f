import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { request } from '../api/request';
import { useIsVisible } from '../design/media';
import { graphql } from '../gql';
import type { EntryHistogramQuery, HistogramInterval, LogFilter } from '../gql/graphql';
import { presets, toLogFilter, type LogSearch } from '../state/log-search';
import { usePreferences } from '../state/preferences';
import { toRfc3339 } from '../time/rfc3339';
import { chooseStep, sumGroups, toBars, type Bar, type Step } from './bars';
import type { Explore } from './use-explore';

const entryExtent = graphql(`
  query EntryExtent($filter: LogFilter) {
    oldest: logsConnection(filter: $filter, order: TIME_ASC, first: 1) {
      nodes {
        time
      }
    }
    newest: logsConnection(filter: $filter, order: TIME_DESC, first: 1) {
      nodes {
        time
      }
    }
  }
`);

const entryHistogram = graphql(`
  query EntryHistogram(
    $filter: LogFilter
    $interval: HistogramInterval!
    $timeZone: String
    $later: LogFilter
    $countLater: Boolean!
  ) {
    logHistogram(filter: $filter, interval: $interval, timeZone: $timeZone, groupBy: TYPE, topGroups: 8) {
      buckets {
        start
        end
        partial
        count
        groups {
          key
          count
        }
        otherCount
      }
      outsideCount
    }
    later: logsConnection(filter: $later, first: 1) @include(if: $countLater) {
      totalCount {
        value
        exact
      }
    }
  }
`);

/** What the chart shows. */
export interface HistogramData {
  readonly bars: readonly Bar[];
  readonly step: Step;
  /** Milliseconds since 1970. */
  readonly start: number;
  readonly end: number;
  readonly timeZone: string;
  /** The largest types, the largest first. */
  readonly groups: readonly { readonly key: string; readonly count: number }[];
  readonly otherCount: number;
  readonly total: number;
  /** false: there are more than `total`. */
  readonly isExact: boolean;
  /** Entries after the chart's end. */
  readonly laterCount: number;
}

interface ChartRange {
  readonly start: number;
  readonly end: number;
  readonly filter: LogFilter;
  /** Selects entries after the chart's end. */
  readonly later: LogFilter | undefined;
}

/** Milliseconds from an answer until a live page asks again, at least. */
const liveMs = 10_000;

/**
 * Counts of the view's entries over time, in bars at most `maxBars` of them. A live page asks again and again.
 * @param isHeld whether what is shown must stay, such as below a pointer
 */
export function useHistogram(explore: Explore, maxBars: number | undefined, isHeld = false) {
  const { timeZone } = usePreferences();
  const { search, isLive } = explore;
  /** When a live page asked last; 0: not since it is live. */
  const [liveNow, setLiveNow] = useState(0);
  const now = Math.max(explore.now, liveNow);
  const filter = useMemo(
    () => (now === explore.now ? explore.filter : toLogFilter(search, now)),
    [explore.filter, explore.now, search, now],
  );
  const isPreset = 'preset' in search.range && presets[search.range.preset] !== Infinity;
  const isOpen = !isPreset && !(filter.startTime && filter.endTime && !isVast(filter));
  const extent = useQuery({
    queryKey: ['extent', filter, liveNow],
    queryFn: ({ signal }) => request(entryExtent, { filter }, signal),
    enabled: isOpen,
    placeholderData: keepPreviousData,
  });

  const range = isPreset
    ? presetRange(filter, now)
    : openRange(filter, now, isOpen ? extent.data : { oldest: { nodes: [] }, newest: { nodes: [] } });
  const interval = range && maxBars ? chooseStep(range.start, range.end, maxBars).interval : undefined;
  const counts = useQuery({
    queryKey: ['histogram', range?.filter, range?.later, interval, timeZone, liveNow],
    queryFn: async ({ signal }): Promise<Counts> => {
      const { filter, later } = range!;
      const variables = { filter, later, countLater: later !== undefined, interval: interval!, timeZone };
      const askedAt = performance.now();
      const answer = await request(entryHistogram, variables, signal);
      const tookMs = performance.now() - askedAt;
      return { ...answer, range: range!, interval: interval!, timeZone, search, tookMs };
    },
    enabled: interval !== undefined && !(isOpen && extent.isPlaceholderData),
    placeholderData: keepPreviousData,
  });

  const error = (isOpen && extent.error) || counts.error;
  const isAsking = extent.isFetching || counts.isFetching;
  const isFollowing = useIsVisible() && isLive && !isHeld && !isAsking && !error;
  const nextAt = counts.dataUpdatedAt + Math.max(liveMs, counts.data?.tookMs ?? 0);
  useEffect(() => {
    if (!isLive) setLiveNow(0);
    if (!isFollowing) return;
    const timer = setTimeout(() => setLiveNow(Date.now()), Math.max(0, nextAt - Date.now()));
    return () => clearTimeout(timer);
  }, [isLive, isFollowing, nextAt]);

  const data = useMemo(
    () => (counts.data && maxBars ? toData(counts.data, maxBars) : undefined),
    [counts.data, maxBars],
  );

  return {
    data,
    error,
    /** What is shown belongs to the search before. */
    isStale:
      (counts.isPlaceholderData || (isOpen && extent.isPlaceholderData)) && counts.data?.search !== search,
    refetch: () => void (isOpen && extent.error ? extent.refetch() : counts.refetch()),
  };
}

/** A preset ends now: entries of clocks that are ahead come on top. */
function presetRange(filter: LogFilter, now: number): ChartRange {
  const end = new Date(now).toISOString();
  return {
    start: Date.parse(filter.startTime!),
    end: now,
    filter: { ...filter, endTime: end },
    later: { ...filter, startTime: end },
  };
}

interface Extent {
  readonly oldest: { readonly nodes: readonly { readonly time: string }[] };
  readonly newest: { readonly nodes: readonly { readonly time: string }[] };
}

/** Whether both ends are further apart than a chart in months can show. */
function isVast({ startTime, endTime }: Pick<LogFilter, 'startTime' | 'endTime'>): boolean {
  return Date.parse(endTime ?? '') - Date.parse(startTime ?? '') > maxChartMs;
}

const day = 86_400_000;
/** Milliseconds; the server gives at most 1,000 buckets, and the longest is a month. */
const maxChartMs = 80 * 366 * day;

/**
 * The first and the last matching entry take the place of an open end, as they do on the server, and of both ends
 * of a vast range. Where none matches, the chart is of a day.
 */
function openRange(filter: LogFilter, now: number, extent: Extent | undefined): ChartRange | undefined {
  if (!extent) return undefined;
  const [oldestNode] = extent.oldest.nodes;
  const [newestNode] = extent.newest.nodes;
  if (isVast({ startTime: oldestNode?.time, ...filter })) {
    const start = oldestNode ? Date.parse(oldestNode.time) : now - day;
    const end = newestNode ? Math.min(Date.parse(newestNode.time) + 1, Date.parse(filter.endTime!)) : now;
    const times = { startTime: toRfc3339(start), endTime: toRfc3339(end) };
    return { start, end, filter: { ...filter, ...times }, later: undefined };
  }
  const oldest = filter.startTime ?? oldestNode?.time;
  const newest = newestNode?.time;
  const last = newest === undefined ? now : Math.min(Date.parse(newest) + 1, now + day);
  const end = filter.endTime ? Date.parse(filter.endTime) : last;
  const start = oldest === undefined ? end - day : Date.parse(oldest);
  return { start, end: Math.max(start + 1, end), filter, later: undefined };
}

interface Counts extends EntryHistogramQuery {
  readonly range: ChartRange;
  readonly interval: HistogramInterval;
  readonly timeZone: string;
  readonly search: LogSearch;
  readonly tookMs: number;
}

function toData({ logHistogram, later, range, interval, timeZone }: Counts, maxBars: number): HistogramData {
  const best = chooseStep(range.start, range.end, maxBars);
  // While the answer for another width is under way, the buckets are of another interval.
  const step = best.interval === interval ? best : { interval, times: 1 };
  const bars = toBars(logHistogram.buckets, step, timeZone);
  const laterCount = logHistogram.outsideCount + (later?.totalCount.value ?? 0);
  return {
    bars,
    step,
    // Without a bound the chart shows whole bars.
    start: range.filter.startTime ? range.start : (bars[0]?.start ?? range.start),
    end: range.filter.endTime ? range.end : (bars.at(-1)?.end ?? range.end),
    timeZone,
    groups: sumGroups(bars),
    otherCount: bars.reduce((sum, bar) => sum + bar.otherCount, 0),
    total: bars.reduce((sum, bar) => sum + bar.count, 0) + laterCount,
    isExact: later?.totalCount.exact ?? true,
    laterCount,
  };
}
