import { OtherMark, TypeMark } from '../design/type-mark';
import { formatCount, formatSpan, formatTime } from '../time/format';
import type { Bar } from './bars';
import type { HistogramData } from './use-histogram';

const maxTipWidth = 288;

/** The counts of the bar that the pointer is on. */
export function BarTip({
  bar,
  data,
  left,
  width,
}: {
  bar: Bar;
  data: HistogramData;
  left: number;
  width: number;
}) {
  // Beside the pointer, on whichever side of it there is room.
  const tipWidth = Math.min(maxTipWidth, width / 2 - 16);
  const isRight = left + tipWidth + 16 > width;
  const side = isRight ? { right: Math.min(width - left + 12, width - tipWidth) } : { left: left + 12 };
  return (
    <div className="histogram-tip" style={{ ...side, width: tipWidth }} aria-hidden="true">
      <p>{barTimes(bar, data.timeZone)}</p>
      <dl>
        {data.groups.map(({ key }) => {
          const count = bar.groups.get(key);
          return count ? <Row key={key} mark={<TypeMark type={key} />} name={key} count={count} /> : null;
        })}
        {bar.otherCount > 0 && <Row mark={<OtherMark />} name="Other types" count={bar.otherCount} />}
        <Row name="All" count={bar.count} />
      </dl>
      {bar.partial && <p className="muted">Partial: the range begins or ends inside this bar.</p>}
    </div>
  );
}

function Row({ mark, name, count }: { mark?: React.ReactNode; name: string; count: number }) {
  return (
    <div>
      <dt>
        {mark} <span>{name}</span>
      </dt>
      <dd>{formatCount(count)}</dd>
    </div>
  );
}

/** Beginning and end of a bar: without clocks if both are midnight, the end without its date if that is the same. */
export function barTimes({ start, end }: Bar, timeZone: string): string {
  const times = [start, end].map((at) => formatTime(at, timeZone, 0).slice(0, -3)) as [string, string];
  const isDays = times.every((time) => time.endsWith(' 00:00'));
  const [from, to] = times.map((time) => (isDays ? time.slice(0, -6) : time)) as [string, string];
  return formatSpan(from, to);
}
