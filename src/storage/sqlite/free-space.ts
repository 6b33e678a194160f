/**
 * Where a page of a B-tree has nothing but its free space, between the pointers to its cells and the cells
 * (https://www.sqlite.org/fileformat2.html#b_tree_pages).
 */
export interface FreeSpace {
  readonly start: number;
  readonly end: number;
}

/** Index interior, table interior, index leaf, table leaf. */
const treeTypes = new Set([2, 5, 10, 13]);

/**
 * From here on the first byte of an overflow page, which is that of a page number, might be one of those: 128 GB with pages
 * of 4,096 bytes.
 */
export const maxPages = 0x0200_0000;

/**
 * @param page of a database with less than {@link maxPages}
 * @param isFirst whether it is the first one, which begins with the header of the database
 * @returns undefined when it is no page of a B-tree
 */
export function findFreeSpace(page: Buffer, isFirst: boolean): FreeSpace | undefined {
  const header = isFirst ? 100 : 0;
  const type = page[header]!;
  if (!treeTypes.has(type)) return undefined;
  const cellCount = page.readUInt16BE(header + 3);
  const start = header + (type < 8 ? 12 : 8) + 2 * cellCount;
  // 0 stands for 65,536.
  const end = page.readUInt16BE(header + 5) || 65_536;
  return start <= end && end <= page.length ? { start, end } : undefined;
}

/**
 * Whether the free space holds more than zeros and pointers to cells that were there once: a pointer's first byte is 16 at
 * most, with pages of 4,096 bytes.
 */
export function holdsContent(page: Buffer, { start, end }: FreeSpace): boolean {
  let previous = 0;
  for (let at = start; at < end; at++) {
    const byte = page[at]!;
    if (byte > 16 && previous > 16) return true;
    previous = byte;
  }
  return false;
}
