const formats = new Map<string, Intl.DateTimeFormat>();

/** An instant in a time zone, such as `2018-10-19 03:37:28.000`: ISO 8601 order, which sorts and reads alike anywhere. */
export function formatTime(time: string | number | Date, timeZone: string, digits: 0 | 3 = 3): string {
  const key = `${timeZone} ${digits}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat('sv-SE', {
      timeZone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      ...(digits > 0 && { fractionalSecondDigits: digits as 3 }),
    });
    formats.set(key, format);
  }
  return format.format(new Date(time)).replace(',', '.');
}

/** Two times in {@link formatTime}'s form, or parts of it, as a span; the second without its date if that is the same. */
export function formatSpan(from: string, to: string): string {
  const [date, clock] = to.split(' ') as [string, string?];
  return `${from} – ${clock && from.startsWith(`${date} `) ? clock : to}`;
}

/** The name of a zone at an instant, such as `Europe/Vienna (UTC+02:00)`. */
export function zoneName(timeZone: string, at: number = Date.now()): string {
  return timeZone === 'UTC' ? timeZone : `${timeZone} (${offsetName(timeZone, at)})`;
}

/** The offset of a zone at an instant, such as `UTC+02:00`. */
export function offsetName(timeZone: string, at: number): string {
  const parts = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' }).formatToParts(at);
  const offset = parts.find(({ type }) => type === 'timeZoneName')?.value ?? 'GMT';
  return offset.replace('GMT', 'UTC');
}

/** Milliseconds as a person says them: `850 ms`, `12 s`, `3 min 5 s`, `2 h 4 min`, `3 d 2 h`. */
export function formatDuration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  const s = Math.round(ms / 1_000);
  if (s < 60) return `${s} s`;
  if (s < 3_600) return join(Math.floor(s / 60), 'min', s % 60, 's');
  const min = Math.round(s / 60);
  if (min < 1_440) return join(Math.floor(min / 60), 'h', min % 60, 'min');
  const h = Math.round(min / 60);
  return join(Math.floor(h / 24), 'd', h % 24, 'h');
}

function join(major: number, majorUnit: string, minor: number, minorUnit: string): string {
  return minor === 0 ? `${major} ${majorUnit}` : `${major} ${majorUnit} ${minor} ${minorUnit}`;
}

const number = new Intl.NumberFormat('en-US');

/** A count with thousands separators, such as `6,000`. */
export function formatCount(count: number): string {
  return number.format(count);
}
