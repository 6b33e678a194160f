import type uPlot from 'uplot';
import { resolveColour } from '../design/colour';
import { typeColour } from '../design/type-mark';
import type { Bar } from './bars';
import type { HistogramData } from './use-histogram';

/** CSS pixels of a bar of which the range has only a part, at least. */
const minPartialWidth = 4;

/** Draws stacked bars: the largest type at the bottom, other types in grey on top; partial bars lighter and hatched. */
export function drawBars(plot: uPlot, { bars, groups }: HistogramData): void {
  const { ctx, bbox } = plot;
  const colours = new Map(groups.map(({ key }) => [key, resolveColour(typeColour(key))]));
  const otherColour = resolveColour('--type-other');
  const ground = resolveColour('--surface');
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  for (const bar of bars) {
    if (bar.count === 0) continue;
    const start = Math.max(bbox.left, Math.round(plot.valToPos(bar.start / 1_000, 'x', true)));
    const right = Math.round(plot.valToPos(bar.end / 1_000, 'x', true));
    const gap = right - start > 4 ? Math.max(1, Math.round(devicePixelRatio)) : 0;
    // Just after the beginning of an hour, the bar of this hour is seen too.
    const minWidth = bar.partial ? Math.round(minPartialWidth * devicePixelRatio) : 1;
    const width = Math.max(minWidth, Math.min(right, bbox.left + bbox.width) - start - gap);
    const left = Math.min(start, bbox.left + bbox.width - width);
    let below = 0;
    const stack = (count: number, colour: string): void => {
      if (count === 0) return;
      const bottom = plot.valToPos(below, 'y', true);
      below += count;
      const top = plot.valToPos(below, 'y', true);
      ctx.fillStyle = colour;
      ctx.fillRect(left, top, width, Math.max(1, bottom - top));
    };
    for (const { key } of groups) stack(bar.groups.get(key) ?? 0, colours.get(key)!);
    stack(bar.otherCount, otherColour);
    if (bar.partial) hatch(plot, bar, left, width, ground);
  }
  ctx.restore();
}

function hatch({ ctx, bbox, valToPos }: uPlot, bar: Bar, left: number, width: number, ground: string): void {
  const top = valToPos(bar.count, 'y', true);
  const bottom = bbox.top + bbox.height;
  ctx.save();
  ctx.beginPath();
  ctx.rect(left, top, width, bottom - top);
  ctx.clip();
  ctx.beginPath();
  const distance = 6 * devicePixelRatio;
  for (let x = left - (bottom - top); x < left + width; x += distance) {
    ctx.moveTo(x, bottom);
    ctx.lineTo(x + bottom - top, top);
  }
  ctx.strokeStyle = ground;
  ctx.lineWidth = 2 * devicePixelRatio;
  ctx.stroke();
  ctx.restore();
}
