import { Button } from '../design/button';
import { Icon } from '../design/icon';
import { IdField } from '../filter/id-field';
import { TimeButton } from '../filter/time-button';
import { navigate } from '../state/location';
import { sessionsHref, type SessionSearch } from '../state/session-search';
import '../filter/filter.css';

interface Props {
  readonly search: SessionSearch;
  /** Milliseconds since 1970, the end of presets. */
  readonly now: number;
  readonly onRefresh: () => void;
}

/** The times at which the sessions of a list began, and their user. The address holds both. */
export function SessionFilterBar({ search: { userId, range }, now, onRefresh }: Props) {
  const go = (changes: Partial<SessionSearch>): void => navigate(sessionsHref({ userId, range, ...changes }));
  return (
    <div role="search" aria-label="Filter" className="filter">
      <div className="filter-row">
        <div className="filter-time">
          <TimeButton
            range={range}
            now={now}
            onChange={(range) => {
              if ('preset' in range) onRefresh();
              go({ range });
            }}
          />
          <Button kind="icon" aria-label="Refresh" onPress={onRefresh}>
            <Icon name="refresh" />
          </Button>
        </div>
        <IdField label="User" value={userId} onChange={(userId) => go({ userId })} />
      </div>
    </div>
  );
}
