import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useThemeName } from '../design/colour';
import { useTypeSlots } from '../design/type-slots';
import { barAt, type Bar } from './bars';
import { BarTip } from './bar-tip';
import { chartOptions } from './chart-options';
import type { HistogramData } from './use-histogram';

/** The canvas of the histogram. Dragging over it zooms; pointing at a bar shows its counts. */
export function Chart({
  data,
  width,
  height,
  onZoom,
}: {
  data: HistogramData;
  width: number;
  height: number;
  onZoom: (start: number, end: number) => void;
}) {
  const place = useRef<HTMLDivElement>(null);
  const theme = useThemeName();
  const slots = useTypeSlots();
  const [hover, setHover] = useState<{ bar: Bar; left: number }>();
  const zoom = useRef(onZoom);
  useEffect(() => {
    zoom.current = onZoom;
  });

  useLayoutEffect(() => {
    const options = chartOptions(data, width, height, {
      onZoom: (start, end) => zoom.current(start, end),
      onHover: (at, left) => {
        const bar = at === undefined ? undefined : barAt(data.bars, at);
        setHover(bar && { bar, left });
      },
    });
    const times = data.bars.map(({ start }) => start / 1_000);
    const counts = data.bars.map(({ count }) => count);
    const plot = new uPlot(options, [times, counts], place.current!);
    return () => {
      plot.destroy();
      setHover(undefined);
    };
  }, [data, width, height, theme, slots]);

  return (
    <div className="histogram-chart">
      <div ref={place} aria-hidden="true" />
      {hover && <BarTip bar={hover.bar} data={data} left={hover.left} width={width} />}
    </div>
  );
}
