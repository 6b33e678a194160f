import { Button } from '../design/button';
import { Icon } from '../design/icon';
import type { HistogramData } from './use-histogram';

const year10000 = Date.parse('9999-12-31T23:59:59.999Z');
/** Milliseconds; bars are a minute long at least. */
const shortest = 60_000;

/** The chart's range without a mouse: earlier, later, closer, wider. */
export function ZoomButtons({
  data,
  setRange,
}: {
  data: HistogramData | undefined;
  setRange: (start: number, end: number) => void;
}) {
  const { start, end } = data ?? { start: 0, end: 1 };
  const length = end - start;
  const move = (from: number, to: number): void =>
    setRange(Math.max(0, from), Math.min(year10000, Math.max(to, from + 1)));
  return (
    <div role="group" aria-label="Range of the chart" className="histogram-zoom">
      <Button
        kind="quiet icon"
        aria-label="Earlier"
        isDisabled={!data || start <= 0}
        onPress={() => move(start - length / 2, end - Math.min(start, length / 2))}
      >
        <Icon name="left" />
      </Button>
      <Button
        kind="quiet icon"
        aria-label="Later"
        isDisabled={!data}
        onPress={() => move(start + length / 2, end + length / 2)}
      >
        <Icon name="right" />
      </Button>
      <Button
        kind="quiet icon"
        aria-label="Zoom in"
        isDisabled={!data || length <= shortest}
        onPress={() => move(start + length / 4, end - length / 4)}
      >
        <Icon name="plus" />
      </Button>
      <Button
        kind="quiet icon"
        aria-label="Zoom out"
        isDisabled={!data}
        onPress={() => move(start - length / 2, end + length / 2)}
      >
        <Icon name="minus" />
      </Button>
    </div>
  );
}
