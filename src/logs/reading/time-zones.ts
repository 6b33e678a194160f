/** A span of time in which a zone's clocks keep their offset from UTC. All in seconds, since 1970 or of offset. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly offset: number;
}

/** The stretch that a time lies in. It may end, and another begin, without a change. */
export type StretchAt = (seconds: number) => Stretch;

const secondsPerDay = 86_400;
/**
 * How far apart clocks are looked at first. A change that another undoes before the next look would go unseen;
 * since 1970 none was undone sooner than after a week (Boa Vista in 2000).
 */
const secondsPerLook = 4 * secondsPerDay;

/**
 * What V8 takes besides the names of the IANA: offsets, SystemV zones and ICU's own abbreviations, which mean
 * what few would expect (BST is Dhaka). Temporal refuses them as well.
 */
const otherNames =
  /^(?:[+-].*|SystemV\/.*|A[CEGRS]T|B[ES]T|C[ANST]T|E[AC]T|I[ES]T|JST|MIT|N[ES]T|P[LNRS]T|SST|VST)$/i;

/** The formats that tell a zone's local time, the latest used last: to make one takes 0.2 ms, to use it 1 µs. */
const clocks = new Map<string, Intl.DateTimeFormat>();
const maxClocks = 100;

/** @returns the name as Intl resolves it, or undefined when `name` is no IANA time zone that Intl knows */
export function canonicalTimeZone(name: string): string | undefined {
  if (clocks.has(name)) return name;
  if (otherNames.test(name)) return undefined;
  try {
    return createClock(name).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}

/**
 * The changes of a zone's clocks, found as they are asked for.
 * @throws {RangeError} when Intl does not know the zone
 */
export function createTimeline(timeZone: string): StretchAt {
  const clock = clockOf(timeZone);
  const offsets = new Map<number, number>();
  const spans = new Map<number, readonly Stretch[]>();

  function offsetAt(seconds: number): number {
    let offset = offsets.get(seconds);
    if (offset === undefined) {
      offset = readOffset(clock, seconds);
      offsets.set(seconds, offset);
    }
    return offset;
  }

  /** When from < time <= to clocks change, to the second. */
  function findChanges(from: number, to: number): readonly number[] {
    if (offsetAt(from) === offsetAt(to)) return [];
    if (to - from === 1) return [to];
    const middle = Math.floor((from + to) / 2);
    return [...findChanges(from, middle), ...findChanges(middle, to)];
  }

  function stretchesOf(start: number): readonly Stretch[] {
    const end = start + secondsPerLook;
    const starts = [start, ...findChanges(start, end)];
    return starts.map((from, i) => ({ from, to: starts[i + 1] ?? end, offset: offsetAt(from) }));
  }

  return (seconds) => {
    const start = Math.floor(seconds / secondsPerLook) * secondsPerLook;
    let stretches = spans.get(start);
    if (!stretches) {
      stretches = stretchesOf(start);
      spans.set(start, stretches);
    }
    return stretches.find(({ to }) => seconds < to)!;
  };
}

/** How far a zone's clocks are ahead of UTC. */
function readOffset(clock: Intl.DateTimeFormat, seconds: number): number {
  const date = new Date(seconds * 1_000);
  // Such as `31, 23:59:59`, read by places: half of the time that a regular expression takes.
  const text = clock.format(date);
  const timeAt = text.length - 8;
  const days = twoDigits(text, 0) - date.getUTCDate();
  // The local date is the same, the next or the previous; across the end of a month the day tells it backwards.
  const daysAhead = Math.abs(days) > 1 ? -Math.sign(days) : days;
  const localHour = twoDigits(text, timeAt) % 24;
  const localSecond =
    localHour * 3_600 + twoDigits(text, timeAt + 3) * 60 + twoDigits(text, timeAt + 6);
  const utcSecond = seconds - Math.floor(seconds / secondsPerDay) * secondsPerDay;
  return daysAhead * secondsPerDay + localSecond - utcSecond;
}

function twoDigits(text: string, at: number): number {
  return text.charCodeAt(at) * 10 + text.charCodeAt(at + 1) - 11 * 48;
}

function clockOf(timeZone: string): Intl.DateTimeFormat {
  const clock = clocks.get(timeZone) ?? createClock(timeZone);
  clocks.delete(timeZone);
  clocks.set(timeZone, clock);
  if (clocks.size > maxClocks) clocks.delete(clocks.keys().next().value!);
  return clock;
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
