import { lazy } from 'react';
import { Switch } from 'react-aria-components';
import type { Entry } from '../api/entry';
import { Button } from '../design/button';
import { Icon } from '../design/icon';
import { TypeMark } from '../design/type-mark';
import { ConditionChips } from './condition-chips';
import { isFiltered, noFilter } from './filter';
import { IdField } from '../filter/id-field';
import { PanelButton } from '../filter/panel-button';
import { TimeButton } from '../filter/time-button';
import type { Explore } from './use-explore';
import '../filter/filter.css';

const importTypes = () => import('./types-panel');
const importCondition = () => import('./condition-panel');
const TypesPanel = lazy(() => importTypes().then(({ TypesPanel }) => ({ default: TypesPanel })));
const ConditionPanel = lazy(() =>
  importCondition().then(({ ConditionPanel }) => ({ default: ConditionPanel })),
);

/** Every part of the search. A change is in the address at once, so that back and forward undo and redo it. */
export function FilterBar({ explore, rows }: { explore: Explore; rows: readonly Entry[] }) {
  const { search, change, refresh, isLive, setLive } = explore;
  return (
    <div role="search" aria-label="Filter" className="filter">
      <div className="filter-row">
        <div className="filter-time">
          <TimeButton range={search.range} now={explore.now} onChange={(range) => change({ range })} />
          <Button kind="icon" aria-label="Refresh" onPress={refresh}>
            <Icon name="refresh" />
          </Button>
        </div>
        <Switch className="filter-live" isSelected={isLive} onChange={setLive}>
          <span className="filter-track" /> Live
        </Switch>
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
      </div>
      {search.properties.length > 0 && <ConditionChips explore={explore} />}
    </div>
  );
}
