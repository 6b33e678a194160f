import { LRUCache } from 'lru-cache';
import { twoDigits } from '../model/instant';
import { memoize } from '../model/memoize';

/** A span of time, in seconds since 1970, in which a zone's offset from UTC (seconds) does not change. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly offset: number;
}

/** Returns the stretch that contains a time. The next stretch may have the same offset. */
export type StretchAt = (seconds: number) => Stretch;

const secondsPerDay = 86_400;
/**
 * Distance of the times whose offsets are compared. Two changes between them that cancel out are missed;
 * since 1970 no zone undid a change in less than a week (Boa Vista took one week, in 2000).
 */
const secondsPerSpan = 4 * secondsPerDay;

/**
 * Names that V8 accepts although IANA does not define them: offsets, SystemV zones and ICU's abbreviations,
 * which are misleading (BST is Dhaka). Temporal refuses them as well.
 */
const namesOutsideIana =
  /^(?:[+\u2212-].*|SystemV\/.*|A[CEGRS]T|B[ES]T|C[ANST]T|E[AC]T|I[ES]T|JST|MIT|N[ES]T|P[LNRS]T|SST|VST)$/i;

/** Formatters of local time by zone: creating one takes 0.2 ms, using it 1 µs. */
const clocks = new LRUCache<string, Intl.DateTimeFormat>({ max: 100 });

/** The canonical name of an IANA time zone; undefined if Intl does not know the zone. */
export function canonicalTimeZone(name: string): string | undefined {
  if (clocks.has(name)) return name;
  if (namesOutsideIana.test(name)) return undefined;
  try {
    return createClock(name).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}

/**
 * Creates a function that finds the offset of a zone at any time, and remembers what it has found.
 * @throws {RangeError} when Intl does not know the zone
 */
export function createTimeline(timeZone: string): StretchAt {
  const clock = clocks.get(timeZone) ?? createClock(timeZone);
  clocks.set(timeZone, clock);
  const offsetAt = memoize((seconds: number) => readOffset(clock, seconds));

  /** The seconds at which clocks change, from < second <= to. */
  function findChanges(from: number, to: number): readonly number[] {
    if (offsetAt(from) === offsetAt(to)) return [];
    if (to - from === 1) return [to];
    const middle = Math.floor((from + to) / 2);
    return [...findChanges(from, middle), ...findChanges(middle, to)];
  }

  const stretchesOfSpan = memoize((span: number): readonly Stretch[] => {
    const [start, end] = [span * secondsPerSpan, (span + 1) * secondsPerSpan];
    const starts = [start, ...findChanges(start, end)];
    return starts.map((from, i) => ({ from, to: starts[i + 1] ?? end, offset: offsetAt(from) }));
  });

  return (seconds) => stretchesOfSpan(Math.floor(seconds / secondsPerSpan)).find(({ to }) => seconds < to)!;
}

/** The offset of a zone from UTC, in seconds; positive east of Greenwich. */
function readOffset(clock: Intl.DateTimeFormat, seconds: number): number {
  const date = new Date(seconds * 1_000);
  // Such as `31, 23:59:59`, read by position, which takes half the time of a regular expression.
  const text = clock.format(date);
  const timeAt = text.length - 8;
  const days = twoDigits(text, 0) - date.getUTCDate();
  // Across the end of a month, the difference has the wrong sign; the local date is at most a day away.
  const daysAhead = Math.abs(days) > 1 ? -Math.sign(days) : days;
  const localHour = twoDigits(text, timeAt) % 24;
  const localSecond = localHour * 3_600 + twoDigits(text, timeAt + 3) * 60 + twoDigits(text, timeAt + 6);
  const utcSecond = seconds - Math.floor(seconds / secondsPerDay) * secondsPerDay;
  return daysAhead * secondsPerDay + localSecond - utcSecond;
}

function createClock(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
}
