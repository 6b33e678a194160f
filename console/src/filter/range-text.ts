import { presets, type Preset, type Range } from '../state/log-search';
import { formatTime } from '../time/format';

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

/** A time as it is typed into a field: without a fraction, or even a clock, that is zero. */
export function timeText(time: string | undefined, timeZone: string): string {
  if (!time) return '';
  return formatTime(time, timeZone, 3).replace(/\.000$/, '');
}

/** A range in words, such as `Last 24 hours` or `2015-05-17 10:05 – 2015-05-18 00:00`. */
export function rangeText(range: Range, timeZone: string): string {
  if ('preset' in range) return presetNames[range.preset];
  const [from, to] = [range.startTime, range.endTime].map((time) =>
    timeText(time, timeZone).replace(/:00$/, ''),
  );
  if (!from) return `Before ${to}`;
  if (!to) return `From ${from}`;
  return `${from} – ${from.slice(0, 10) === to.slice(0, 10) ? to.slice(11) : to}`;
}
