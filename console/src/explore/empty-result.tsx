import { useNewestTime } from '../api/newest';
import { Button } from '../design/button';
import { usePreferences } from '../state/preferences';
import { formatTime, zoneName } from '../time/format';
import { toRfc3339 } from '../time/rfc3339';
import { conditionText } from './conditions';
import { isFiltered, noFilter } from './filter';
import { rangeText } from '../filter/range-text';
import type { Explore } from './use-explore';

/** What stands in place of the entries where none match: the filter in words, and ways out of it. */
export function EmptyResult({ explore }: { explore: Explore }) {
  const { search, change } = explore;
  const { timeZone } = usePreferences();
  const newest = useNewestTime();
  const hasTime = !('preset' in search.range && search.range.preset === 'all');
  const isOnlyTime = hasTime && !isFiltered(search);
  return (
    <div className="empty" role="status">
      <h2>No entries match</h2>
      <ul aria-label="The filter">
        {filterWords(explore, timeZone).map((words) => (
          <li key={words}>{words}</li>
        ))}
      </ul>
      {isOnlyTime && newest && (
        <p>
          The newest entry is from {formatTime(newest, timeZone, 0)}, {zoneName(timeZone, Date.parse(newest))}
          .
        </p>
      )}
      <div className="empty-actions">
        {isOnlyTime && newest && (
          <Button kind="primary" onPress={() => change({ range: dayBefore(newest) })}>
            Go to the newest entry
          </Button>
        )}
        {hasTime && <Button onPress={() => change({ range: { preset: 'all' } })}>Search all time</Button>}
        {isFiltered(search) && <Button onPress={() => change(noFilter)}>Clear filter</Button>}
      </div>
    </div>
  );
}

const hour = 3_600_000;

/** A day that ends with the hour of an instant. */
function dayBefore(time: string) {
  const end = Math.floor(Date.parse(time) / hour + 1) * hour;
  return { startTime: new Date(end - 24 * hour).toISOString(), endTime: toRfc3339(end) };
}

function filterWords({ search }: Explore, timeZone: string): string[] {
  return [
    rangeText(search.range, timeZone),
    ...(search.userId ? [`User ${search.userId}`] : []),
    ...(search.sessionId ? [`Session ${search.sessionId}`] : []),
    ...(search.types.length > 0 ? [`Type ${search.types.join(' or ')}`] : []),
    ...search.properties.map(conditionText),
  ];
}
