/** Part of a page: from `start` up to, and not including, `end`. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** Index interior, table interior, index leaf, table leaf. */
const treeTypes = new Set([2, 5, 10, 13]);

/**
 * An overflow page begins with a page number. With this many pages (128 GB with pages of 4,096 bytes), the
 * first byte of that number could be mistaken for a B-tree page type.
 */
export const maxPages = 0x0200_0000;

/** Bytes of the header of a free block: the offset of the next one, and the size. */
const blockHeader = 4;

/**
 * Unused parts of a B-tree page: between the cell pointers and the cells, and in the free blocks among the
 * cells (https://www.sqlite.org/fileformat2.html#b_tree_pages).
 * @param page of a database with less than {@link maxPages}, and without pointer maps
 * @param isFirst whether it is page 1, which starts with the database header
 * @returns no ranges if it is not a well-formed B-tree page
 */
export function findFreeSpace(page: Buffer, isFirst: boolean): readonly Range[] {
  const header = isFirst ? 100 : 0;
  const type = page[header]!;
  if (!treeTypes.has(type)) return [];
  const cellCount = page.readUInt16BE(header + 3);
  const pointers = header + (type < 8 ? 12 : 8);
  const start = pointers + 2 * cellCount;
  // 0 stands for 65,536.
  const end = page.readUInt16BE(header + 5) || 65_536;
  if (start > end || end > page.length || page[header + 7]! > 60) return [];
  for (let at = pointers; at < start; at += 2) {
    const cell = page.readUInt16BE(at);
    if (cell < end || cell >= page.length) return [];
  }
  const ranges: Range[] = [{ start, end }];
  let earliest = end;
  for (let block = page.readUInt16BE(header + 1); block !== 0;) {
    if (block < earliest || block + blockHeader > page.length) return [];
    const blockEnd = block + page.readUInt16BE(block + 2);
    if (blockEnd < block + blockHeader || blockEnd > page.length) return [];
    ranges.push({ start: block + blockHeader, end: blockEnd });
    earliest = blockEnd;
    block = page.readUInt16BE(block);
  }
  return ranges;
}

/**
 * Whether free space holds more than zeros and former cell pointers: the first byte of a pointer is at most
 * 16 with pages of 4,096 bytes.
 */
export function holdsContent(page: Buffer, ranges: readonly Range[]): boolean {
  for (const { start, end } of ranges) {
    let previous = 0;
    for (let at = start; at < end; at++) {
      const byte = page[at]!;
      if (byte > 16 && previous > 16) return true;
      previous = byte;
    }
  }
  return false;
}
