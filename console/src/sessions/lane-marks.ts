/** Entries of one type at an instant, or in an interval. Without a type: those of the types that are not counted. */
export interface Mark {
  readonly start: number;
  readonly end: number;
  readonly type: string | undefined;
  readonly count: number;
}

/** Width of a lane in its own units; a column is one unit. */
export const laneWidth = 1_000;
export const laneHeight = 16;

/**
 * The path of an SVG element for the marks of one lane, to scale. The more entries a column has, the higher it is.
 * @param start milliseconds since 1970 at the left edge
 * @param duration milliseconds from there to the right edge
 */
export function lanePath(marks: readonly Mark[], start: number, duration: number): string {
  const columns = new Map<number, { count: number; width: number }>();
  const scale = duration === 0 ? 0 : laneWidth / duration;
  for (const mark of marks) {
    const left = Math.max(0, (mark.start - start) * scale);
    const width = Math.max(1, Math.min(laneWidth, (mark.end - start) * scale) - left);
    const column = Math.min(laneWidth - 1, Math.floor(left));
    const old = columns.get(column);
    columns.set(column, { count: (old?.count ?? 0) + mark.count, width: Math.max(old?.width ?? 1, width) });
  }
  let most = 1;
  for (const { count } of columns.values()) most = Math.max(most, count);
  return [...columns]
    .map(([column, { count, width }]) => {
      const height = 6 + (laneHeight - 8) * Math.sqrt(count / most);
      return `M${column} ${laneHeight - 1}h${round(width)}v${-round(height)}h${-round(width)}z`;
    })
    .join('');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
