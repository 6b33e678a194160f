import { lazy, Suspense, useRef, useState } from 'react';
import type { Entry } from '../api/entry';
import type { EntryListProps } from '../table/entry-list-props';
import { EntryTable } from '../table/entry-table';
import { ErrorNotice, Notice } from '../design/notice';
import { DetailsPane } from './details-pane';
import { EmptyResult } from './empty-result';
import { FilterBar } from './filter-bar';
import { isTooBroad } from '../state/log-search';
import { Histogram } from './histogram';
import { TooBroad } from './too-broad';
import { useExplore } from './use-explore';
import { useOpenEntry } from './use-open-entry';
import './explore.css';

const LiveEntries = lazy(() =>
  import('../live/live-entries').then(({ LiveEntries }) => ({ default: LiveEntries })),
);
const EntryDetails = lazy(() =>
  import('../details/entry-details').then(({ EntryDetails }) => ({ default: EntryDetails })),
);

/** The page `/`: a filter, a histogram, and the entries, recorded or live, with one entry's details beside them. */
export function ExplorePage() {
  const explore = useExplore();
  const { id: openId, entry, error, retry, open } = useOpenEntry();
  const steps: EntryListProps['steps'] = useRef(null);
  const [rows, setRows] = useState<readonly Entry[]>([]);
  const list = { filter: explore.filter, openId, onOpen: open, onRows: setRows, steps };
  const isBroad = isTooBroad(explore.filter);
  return (
    <div className="explore">
      <h1 className="visually-hidden">Explore</h1>
      <FilterBar explore={explore} rows={rows} />
      {isBroad ? <TooBroad explore={explore} /> : <Histogram explore={explore} />}
      <div className="explore-body">
        <section className="explore-entries" aria-label="Entries">
          <Suspense fallback={null}>
            {explore.isLive ? (
              <LiveEntries {...list} />
            ) : (
              !isBroad && <EntryTable {...list} empty={<EmptyResult explore={explore} />} />
            )}
          </Suspense>
        </section>
        {openId !== undefined && (
          <DetailsPane
            onClose={() => open(undefined)}
            onStep={explore.isLive ? undefined : (by) => steps.current?.(by)}
          >
            <Suspense fallback={null}>{entry && <EntryDetails entry={entry} explore={explore} />}</Suspense>
            {entry === null && (
              <Notice>
                <p>This entry is not stored: it was erased, or it is another server's.</p>
              </Notice>
            )}
            {error && !entry && <ErrorNotice error={error} onRetry={retry} />}
          </DetailsPane>
        )}
      </div>
    </div>
  );
}
