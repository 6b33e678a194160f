import { lazy } from 'react';
import { Icon } from '../design/icon';
import type { Range } from '../state/log-search';
import { usePreferences } from '../state/preferences';
import { zoneName } from '../time/format';
import { PanelButton } from './panel-button';
import { rangeText } from './range-text';
import './filter.css';

const importTime = () => import('./time-panel');
const TimePanel = lazy(() => importTime().then(({ TimePanel }) => ({ default: TimePanel })));

/**
 * Shows the times of a list and their zone, and opens a panel that changes them.
 * @param now milliseconds since 1970, the end of presets
 */
export function TimeButton({
  range,
  now,
  onChange,
}: {
  range: Range;
  now: number;
  onChange: (range: Range) => void;
}) {
  const { timeZone } = usePreferences();
  // In a zone that changes its clocks, all time has no one offset.
  const isAll = 'preset' in range && range.preset === 'all';
  const at = 'preset' in range ? now : Date.parse(range.startTime ?? range.endTime!);
  return (
    <PanelButton
      title="Time"
      onHover={importTime}
      label={
        <>
          <span className="filter-clip">{rangeText(range, timeZone)}</span>
          <span className="muted filter-zone">{isAll ? timeZone : zoneName(timeZone, at)}</span>
          <Icon name="down" />
        </>
      }
    >
      {(close) => <TimePanel range={range} now={now} onChange={onChange} close={close} />}
    </PanelButton>
  );
}
