/** Microseconds since 1970, read from RFC 3339 text in a way of its own; digits beyond them are dropped. */
export function microsOf(text: string): bigint {
  const full = /^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : text;
  const [, fraction = ''] = /\.(\d+)/.exec(full) ?? [];
  const seconds = Date.parse(full.replace(/\.\d+/, '')) / 1_000;
  return BigInt(seconds) * 1_000_000n + BigInt(fraction.slice(0, 6).padEnd(6, '0'));
}

/** As the server writes it: UTC, three fraction digits, six when there are microseconds. */
export function textOf(micros: bigint): string {
  const seconds = micros / 1_000_000n;
  const fraction = String(micros % 1_000_000n).padStart(6, '0');
  const whole = new Date(Number(seconds) * 1_000).toISOString().slice(0, 19);
  return `${whole}.${fraction.endsWith('000') ? fraction.slice(0, 3) : fraction}Z`;
}
