export type ExportFormat = 'ndjson' | 'csv';

const lineFeed = 0x0a;
const quoteMark = 0x22;

/** Counts the entries in the bytes of an export as they arrive. */
export function createRowCounter(format: ExportFormat): (bytes: Uint8Array) => number {
  // The names of the columns are a line of CSV.
  let rows = format === 'csv' ? -1 : 0;
  // Cells of CSV hold line feeds between quotes; a quote in a cell is two.
  let isQuoted = false;
  return (bytes) => {
    for (const byte of bytes) {
      if (byte === quoteMark && format === 'csv') isQuoted = !isQuoted;
      else if (byte === lineFeed && !isQuoted) rows++;
    }
    return Math.max(0, rows);
  };
}
