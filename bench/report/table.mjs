/**
 * A table in Markdown, padded to be readable in a terminal.
 * @param rows rows of texts; the first row is the head; all columns but the first are aligned to the right
 */
export function renderTable(rows) {
  const widths = rows[0].map((_, at) => Math.max(4, ...rows.map((row) => row[at].length)));
  const render = (row) =>
    `| ${row.map((text, at) => (at ? text.padStart(widths[at]) : text.padEnd(widths[at]))).join(' | ')} |`;
  const rule = widths.map((width, at) => (at ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width)));
  return [render(rows[0]), `| ${rule.join(' | ')} |`, ...rows.slice(1).map(render)].join('\n');
}

/**
 * A number with three significant digits, or with all digits before the decimal point: 1.23, 12.3, 123,
 * 12,345.
 */
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
