import { useLayoutEffect, useRef, useState } from 'react';
import { OtherMark, PartialMark } from '../design/type-mark';
import { ExportButton } from '../export/export-button';
import { formatCount } from '../time/format';
import { stepName } from './bars';
import { BarTable } from './bar-table';
import { Chart } from './chart';
import { HistogramError } from './histogram-error';
import { Legend } from './legend';
import { useHistogram } from './use-histogram';
import type { Explore } from './use-explore';
import { ZoomButtons } from './zoom-buttons';
import './histogram.css';

/** How many entries there are over time, by type, with the means to change the range and to export them. */
export function Histogram({ explore }: { explore: Explore }) {
  const [place, width] = useWidth();
  const [isHeld, setHeld] = useState(false);
  const { data, error, isStale, refetch } = useHistogram(explore, width && Math.floor(width / 8), isHeld);
  const setRange = (start: number, end: number): void => {
    const [startTime, endTime] = [start, end].map((at) => new Date(Math.round(at)).toISOString());
    explore.change({ range: { startTime, endTime } });
  };
  const total = data && `${formatCount(data.total)}${data.isExact ? '' : '+'}`;
  return (
    <section
      className={`histogram ${isStale ? 'stale' : ''}`}
      aria-label="Entries over time"
      aria-busy={isStale || (!data && !error)}
    >
      <div className="histogram-head">
        <p role="status" aria-live={explore.isLive ? 'off' : 'polite'}>
          {!data && !error && <span className="muted">Counting…</span>}
          {data && !error && (
            <>
              <strong>
                {total} {data.total === 1 ? 'entry' : 'entries'}
              </strong>{' '}
              <span className="muted">
                by {stepName(data.step)}
                {data.laterCount > 0 &&
                  `, ${formatCount(data.laterCount)} of them after the end of the chart`}
              </span>
            </>
          )}
        </p>
        <ExportButton filter={explore.filter} />
        <ZoomButtons data={data} setRange={setRange} />
      </div>
      <div
        ref={place}
        className="histogram-place"
        onPointerEnter={() => setHeld(true)}
        onPointerLeave={() => setHeld(false)}
      >
        {error ? (
          <HistogramError error={error} explore={explore} onRetry={refetch} />
        ) : (
          data && width && <Chart data={data} width={width} height={chartHeight} onZoom={setRange} />
        )}
      </div>
      <div className="histogram-legend">
        {data && !error && <Legend data={data} explore={explore} />}
        {data && !error && data.otherCount > 0 && (
          <span className="histogram-other">
            <OtherMark /> Other types <span className="muted">{formatCount(data.otherCount)}</span>
          </span>
        )}
        {data && !error && data.bars.some(({ partial, count }) => partial && count > 0) && (
          <span className="histogram-other muted" title="The range begins or ends inside the bar">
            <PartialMark /> Partial
          </span>
        )}
      </div>
      {data && !error && <BarTable data={data} />}
    </section>
  );
}

const chartHeight = 152;

function useWidth(): [React.RefObject<HTMLDivElement | null>, number | undefined] {
  const place = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState<number>();
  useLayoutEffect(() => {
    const element = place.current!;
    setWidth(element.clientWidth);
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [place, width];
}
