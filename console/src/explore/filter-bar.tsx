import { lazy } from 'react';
import { Switch } from 'react-aria-components';
import type { Entry } from '../api/entry';
import { Button } from '../design/button';
import { Icon } from '../design/icon';
import { TypeMark } from '../design/type-mark';
import { usePreferences } from '../state/preferences';
import { zoneName } from '../time/format';
import { ConditionChips } from './condition-chips';
import { isFiltered, noFilter } from './filter';
import { IdField } from './id-field';
import { PanelButton } from './panel-button';
import { rangeText } from './range-text';
import type { Explore } from './use-explore';
import './filter-bar.css';

const importTime = () => import('./time-panel');
const importTypes = () => import('./types-panel');
const importCondition = () => import('./condition-panel');
const TimePanel = lazy(() => importTime().then(({ TimePanel }) => ({ default: TimePanel })));
const TypesPanel = lazy(() => importTypes().then(({ TypesPanel }) => ({ default: TypesPanel })));
const ConditionPanel = lazy(() =>
  importCondition().then(({ ConditionPanel }) => ({ default: ConditionPanel })),
);

/** Every part of the search. A change is in the address at once, so that back and forward undo and redo it. */
export function FilterBar({ explore, rows }: { explore: Explore; rows: readonly Entry[] }) {
  const { search, change, refresh, isLive, setLive } = explore;
  const { timeZone } = usePreferences();
  const at =
    'preset' in search.range ? explore.now : Date.parse(search.range.startTime ?? search.range.endTime!);
  return (
    <div role="search" aria-label="Filter" className="filter">
      <div className="filter-row">
        <div className="filter-time">
          <PanelButton
            title="Time"
            onHover={importTime}
            label={
              <>
                <span className="filter-clip">{rangeText(search.range, timeZone)}</span>
                <span className="muted filter-zone">{zoneName(timeZone, at)}</span>
                <Icon name="down" />
              </>
            }
          >
            {(close) => <TimePanel explore={explore} close={close} />}
          </PanelButton>
          <Button kind="icon" aria-label="Refresh" onPress={refresh}>
            <Icon name="refresh" />
          </Button>
        </div>
        <PanelButton
          title="Types"
          className={search.types.length > 0 ? 'filter-set' : ''}
          onHover={importTypes}
          label={
            <>
              <span className="filter-clip filter-types">
                {search.types.length === 0 && 'All types'}
                {search.types.slice(0, 3).map((type) => (
                  <span key={type}>
                    <TypeMark type={type} /> {type}
                  </span>
                ))}
                {search.types.length > 3 && `+${search.types.length - 3}`}
              </span>
              <Icon name="down" />
            </>
          }
        >
          {() => <TypesPanel explore={explore} />}
        </PanelButton>
        <PanelButton
          title="Filter by a property"
          isDisabled={search.properties.length >= 10}
          onHover={importCondition}
          label={
            <>
              <Icon name="plus" /> Property
            </>
          }
        >
          {(close) => <ConditionPanel explore={explore} rows={rows} close={close} />}
        </PanelButton>
        <IdField label="User" value={search.userId} onChange={(userId) => change({ userId })} />
        <IdField label="Session" value={search.sessionId} onChange={(sessionId) => change({ sessionId })} />
        {isFiltered(search) && (
          <Button kind="quiet" className="filter-clear" onPress={() => change(noFilter)}>
            Clear
          </Button>
        )}
        <Switch className="filter-live" isSelected={isLive} onChange={setLive}>
          <span className="filter-track" /> Live
        </Switch>
      </div>
      {search.properties.length > 0 && <ConditionChips explore={explore} />}
    </div>
  );
}
