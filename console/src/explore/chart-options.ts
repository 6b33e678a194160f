import uPlot from 'uplot';
import { resolveColour } from '../design/colour';
import { formatCount, formatTime } from '../time/format';
import { drawBars } from './draw-bars';
import type { HistogramData } from './use-histogram';

interface Listeners {
  readonly onZoom: (start: number, end: number) => void;
  /** @param at milliseconds since 1970, undefined when the pointer leaves; @param left pixels from the chart's edge */
  readonly onHover: (at: number | undefined, left: number) => void;
}

/** Options of uPlot for a chart of stacked bars: uPlot has the scales, axes and the pointer, `drawBars` the bars. */
export function chartOptions(
  data: HistogramData,
  width: number,
  height: number,
  { onZoom, onHover }: Listeners,
): uPlot.Options {
  const text = resolveColour('--muted');
  const grid = { stroke: resolveColour('--line-color'), width: 1 };
  const font = `12px ${resolveColour('--font')}`;
  const highest = data.bars.reduce((max, { count }) => Math.max(max, count), 0);
  return {
    width,
    height,
    // Half of the longest label of the time axis fits at each end: a date with seconds, and seconds.
    padding: [8, 32, 0, 0],
    legend: { show: false },
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1_000), data.timeZone),
    scales: {
      x: { time: true, range: [data.start / 1_000, data.end / 1_000] },
      y: { range: [0, Math.max(1, highest * 1.05)] },
    },
    axes: [
      {
        stroke: text,
        font,
        size: 24,
        gap: 4,
        space: 120,
        grid: { show: false },
        ticks: { ...grid, size: 4 },
        values: (_, splits) => timeLabels(splits, data.timeZone),
      },
      {
        stroke: text,
        font,
        size: 64,
        gap: 4,
        space: 32,
        grid,
        ticks: { show: false },
        incrs: [1, 2, 5]
          .flatMap((n) => Array.from({ length: 12 }, (_, i) => n * 10 ** i))
          .sort((a, b) => a - b),
        values: (_, splits) => splits.map(formatCount),
      },
    ],
    series: [{}, { paths: () => null, points: { show: false } }],
    cursor: {
      y: false,
      x: true,
      points: { show: false },
      drag: { x: true, y: false, setScale: false, dist: 4 },
    },
    hooks: {
      drawAxes: [(plot) => drawBars(plot, data)],
      setCursor: [
        (plot) => {
          const { left = -1 } = plot.cursor;
          if (left < 0) onHover(undefined, 0);
          else onHover(plot.posToVal(left, 'x') * 1_000, left + plot.bbox.left / devicePixelRatio);
        },
      ],
      setSelect: [
        ({ select, posToVal }) => {
          if (select.width < 4) return;
          onZoom(posToVal(select.left, 'x') * 1_000, posToVal(select.left + select.width, 'x') * 1_000);
        },
      ],
    },
  };
}

/** Dates, or times of day with the date where it changes. */
function timeLabels(splits: readonly number[], timeZone: string): string[] {
  const times = splits.map((seconds) => formatTime(seconds * 1_000, timeZone, 0));
  const hasClock = times.some((time) => !time.endsWith(' 00:00:00'));
  const hasSeconds = times.some((time) => !time.endsWith(':00'));
  return times.map((time, i) => {
    const [date, seconds] = time.split(' ') as [string, string];
    const clock = seconds.slice(0, hasSeconds ? 8 : 5);
    if (!hasClock) return date;
    if (i === 0) return `${date} ${clock}`;
    return times[i - 1]!.startsWith(date) ? clock : `${date.replace(/^\d+-/, '')} ${clock}`;
  });
}
