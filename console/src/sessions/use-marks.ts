import { useQuery } from '@tanstack/react-query';
import { request } from '../api/request';
import { graphql } from '../gql';
import type { HistogramInterval, MarkPageQueryVariables } from '../gql/graphql';
import type { Mark } from './lane-marks';
import { filterOf, type SessionId } from './session-queries';

/** Sessions up to this size have a mark for each entry; larger ones have one for each interval and type. */
const maxExact = 5_000;
const pageSize = 1_000;
const minute = 60_000;
/** Intervals from short to long, and the longest session that each divides into 1,000 buckets at most. */
const intervals: readonly [HistogramInterval, number][] = [
  ['MINUTE', 990 * minute],
  ['HOUR', 990 * 60 * minute],
  ['DAY', 990 * 1_440 * minute],
  ['MONTH', Infinity],
];

const markPage = graphql(`
  query MarkPage($filter: LogFilter, $first: Int, $after: String) {
    logsConnection(filter: $filter, first: $first, after: $after) {
      nodes {
        time
        type
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

const markHistogram = graphql(`
  query MarkHistogram($filter: LogFilter, $interval: HistogramInterval!) {
    logHistogram(filter: $filter, interval: $interval, groupBy: TYPE, topGroups: 100) {
      buckets {
        start
        end
        groups {
          key
          count
        }
        otherCount
      }
    }
  }
`);

interface Extent {
  readonly startedAt: string;
  readonly endedAt: string;
  readonly entryCount: number;
}

/** Marks for all entries of a session, whether or not its steps are loaded. */
export function useMarks(id: SessionId, extent: Extent | undefined) {
  return useQuery({
    queryKey: ['marks', id],
    enabled: extent !== undefined,
    queryFn: ({ signal }) =>
      extent!.entryCount <= maxExact ? readExact(id, signal) : readBuckets(id, extent!, signal),
    staleTime: Infinity,
  });
}

async function readExact(id: SessionId, signal: AbortSignal): Promise<Mark[]> {
  const marks: Mark[] = [];
  for (let after: string | null | undefined = null; after !== undefined;) {
    const variables: MarkPageQueryVariables = { filter: filterOf(id), first: pageSize, after };
    const { nodes, pageInfo } = (await request(markPage, variables, signal)).logsConnection;
    for (const { time, type } of nodes) {
      const at = Date.parse(time);
      marks.push({ start: at, end: at, type, count: 1 });
    }
    after = pageInfo.hasNextPage ? pageInfo.endCursor : undefined;
  }
  return marks;
}

async function readBuckets(id: SessionId, extent: Extent, signal: AbortSignal): Promise<Mark[]> {
  const duration = Date.parse(extent.endedAt) - Date.parse(extent.startedAt);
  const interval = intervals.find(([, most]) => duration <= most)![0];
  const { buckets } = (await request(markHistogram, { filter: filterOf(id), interval }, signal)).logHistogram;
  return buckets.flatMap(({ start, end, groups, otherCount }) => {
    const times = { start: Date.parse(start), end: Date.parse(end) };
    const marks: Mark[] = groups.map(({ key, count }) => ({ ...times, type: key, count }));
    return otherCount > 0 ? [...marks, { ...times, type: undefined, count: otherCount }] : marks;
  });
}
