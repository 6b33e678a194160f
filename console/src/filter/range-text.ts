import { presets, type Preset, type Range } from '../state/log-search';
import { formatSpan, formatTime } from '../time/format';
import { microsOf } from '../time/rfc3339';

/** Presets in words. */
export const presetNames: Readonly<Record<Preset, string>> = {
  '15m': 'Last 15 minutes',
  '1h': 'Last hour',
  '6h': 'Last 6 hours',
  '24h': 'Last 24 hours',
  '7d': 'Last 7 days',
  '30d': 'Last 30 days',
  all: 'All time',
};

export const presetKeys = Object.keys(presets) as Preset[];

/** A time as it is typed into a field: without a fraction that is zero, and with the microseconds that are not. */
export function timeText(time: string | undefined, timeZone: string): string {
  if (!time) return '';
  const micros = microsOf(time);
  const text = formatTime(time, timeZone, 3);
  return micros === '000' ? text.replace(/\.000$/, '') : text + micros;
}

/** A range in words, such as `Last 24 hours` or `2015-05-17 10:05 – 2015-05-18 00:00`. */
export function rangeText(range: Range, timeZone: string): string {
  if ('preset' in range) return presetNames[range.preset];
  const [from, to] = [range.startTime, range.endTime].map((time) =>
    timeText(time, timeZone).replace(/:00$/, ''),
  );
  if (!from) return `Before ${to}`;
  if (!to) return `From ${from}`;
  return formatSpan(from, to);
}
