import { zoneOffset } from '../time/zone';

/** HistogramInterval of the API. */
export type Interval = 'MINUTE' | 'HOUR' | 'DAY' | 'WEEK' | 'MONTH';

/** A bar of the chart: one bucket of the server, or several together. */
export interface Bar {
  /** Milliseconds since 1970; the end is exclusive. */
  readonly start: number;
  readonly end: number;
  /** The range begins or ends inside the bar. */
  readonly partial: boolean;
  readonly count: number;
  readonly groups: ReadonlyMap<string, number>;
  readonly otherCount: number;
}

/** A length of bars: so many of the server's intervals. */
export interface Step {
  readonly interval: Interval;
  readonly times: number;
}

interface Bucket {
  readonly start: string;
  readonly end: string;
  readonly partial: boolean;
  readonly count: number;
  readonly groups: readonly { readonly key: string; readonly count: number }[];
  readonly otherCount: number;
}

const minute = 60_000;
const lengths = {
  MINUTE: minute,
  HOUR: 60 * minute,
  DAY: 1_440 * minute,
  WEEK: 7 * 1_440 * minute,
  MONTH: 30 * 1_440 * minute,
} satisfies Record<Interval, number>;

const steps: readonly Step[] = [
  ...[1, 5, 10, 15, 30].map((times) => ({ interval: 'MINUTE' as const, times })),
  ...[1, 3, 6, 12].map((times) => ({ interval: 'HOUR' as const, times })),
  { interval: 'DAY', times: 1 },
  { interval: 'WEEK', times: 1 },
  { interval: 'MONTH', times: 1 },
];

/** The server takes 1,000; a range that begins inside a bucket, or in which clocks change, has a few more. */
const maxBuckets = 990;

/** The shortest step that makes at most `maxBars` bars of a range, and not more buckets than the server allows. */
export function chooseStep(startMs: number, endMs: number, maxBars: number): Step {
  const fits = ({ interval, times }: Step): boolean => {
    const buckets = (endMs - startMs) / lengths[interval];
    return buckets <= maxBuckets && buckets / times <= maxBars;
  };
  return steps.find(fits) ?? steps.at(-1)!;
}

/** The length of bars in words, such as `5 minutes` or `day`. */
export function stepName({ interval, times }: Step): string {
  const unit = interval.toLowerCase();
  return times === 1 ? unit : `${times} ${unit}s`;
}

/** Puts the server's buckets together into bars that begin at whole steps of the zone's clock. */
export function toBars(buckets: readonly Bucket[], { interval, times }: Step, timeZone: string): Bar[] {
  const bars: Bar[] = [];
  let lastStep: number | undefined;
  for (const bucket of buckets) {
    const start = Date.parse(bucket.start);
    const step =
      times === 1 ? start : Math.floor((start + zoneOffset(start, timeZone)) / (lengths[interval] * times));
    const bar = toBar(bucket);
    if (step === lastStep) bars.push(join(bars.pop()!, bar));
    else bars.push(bar);
    lastStep = step;
  }
  return bars;
}

function toBar(bucket: Bucket): Bar {
  return {
    start: Date.parse(bucket.start),
    end: Date.parse(bucket.end),
    partial: bucket.partial,
    count: bucket.count,
    groups: new Map(bucket.groups.map(({ key, count }) => [key, count])),
    otherCount: bucket.otherCount,
  };
}

function join(a: Bar, b: Bar): Bar {
  const groups = new Map(a.groups);
  for (const [key, count] of b.groups) groups.set(key, (groups.get(key) ?? 0) + count);
  return {
    start: a.start,
    end: b.end,
    partial: a.partial || b.partial,
    count: a.count + b.count,
    groups,
    otherCount: a.otherCount + b.otherCount,
  };
}

/** Counts of groups over all bars, the largest first. */
export function sumGroups(bars: readonly Bar[]): { key: string; count: number }[] {
  const sums = new Map<string, number>();
  for (const { groups } of bars) {
    for (const [key, count] of groups) sums.set(key, (sums.get(key) ?? 0) + count);
  }
  return [...sums].map(([key, count]) => ({ key, count })).sort((a, b) => b.count - a.count);
}

/** The bar at an instant. */
export function barAt(bars: readonly Bar[], at: number): Bar | undefined {
  return bars.find(({ start, end }) => start <= at && at < end);
}
