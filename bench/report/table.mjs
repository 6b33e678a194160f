/**
 * A table in Markdown, aligned so that it reads well in a terminal, too.
 * @param rows texts; the first row is the head, the first column is on the left, the others are numbers
 */
export function renderTable(rows) {
  const widths = rows[0].map((_, at) => Math.max(4, ...rows.map((row) => row[at].length)));
  const render = (row) =>
    `| ${row.map((text, at) => (at ? text.padStart(widths[at]) : text.padEnd(widths[at]))).join(' | ')} |`;
  const rule = widths.map((width, at) => (at ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width)));
  return [render(rows[0]), `| ${rule.join(' | ')} |`, ...rows.slice(1).map(render)].join('\n');
}

/** 12,345 and 1,234 and 123 and 12.3 and 1.23: three digits, or all in front of the point. */
export function toText(number) {
  if (!Number.isFinite(number)) return '–';
  const digits = number < 9.995 ? 2 : number < 99.95 ? 1 : 0;
  return number.toLocaleString('en', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}

/** Megabytes of 1,000,000 bytes. */
export function toMegabytes(bytes) {
  return toText(bytes / 1_000_000);
}

export function count(number, noun) {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
