import { ToggleButton, ToggleButtonGroup } from 'react-aria-components';
import { navigate } from '../state/location';
import { sessionsHref, type SessionSearch } from '../state/session-search';
import { formatCount, formatDuration } from '../time/format';
import { pauseMs } from './step-gaps';

/** The head of the steps: how many are shown, and how pauses are drawn. */
export function StepsBar({
  search,
  count,
  isWhole,
}: {
  search: SessionSearch;
  /** undefined: not known. */
  count: number | undefined;
  isWhole: boolean;
}) {
  return (
    <div className="steps-bar">
      <h2>{count !== undefined && isWhole ? stepsText(count) : 'Steps'}</h2>
      <p className="muted">
        {[
          ...(count !== undefined && !isWhole ? [`${formatCount(count)} loaded; scroll for more`] : []),
          ...(search.types.length > 0 ? [`only ${search.types.join(', ')}`] : []),
        ].join(', ')}
      </p>
      <ToggleButtonGroup
        className="switch"
        aria-label={`Pauses of more than ${formatDuration(pauseMs)}`}
        selectionMode="single"
        disallowEmptySelection
        selectedKeys={[search.isToScale ? 'scale' : 'folded']}
        onSelectionChange={(keys) =>
          navigate(sessionsHref({ ...search, isToScale: keys.has('scale') }), 'replace')
        }
      >
        <ToggleButton id="folded">Folded pauses</ToggleButton>
        <ToggleButton id="scale">To scale</ToggleButton>
      </ToggleButtonGroup>
    </div>
  );
}

function stepsText(count: number): string {
  return `${formatCount(count)} ${count === 1 ? 'step' : 'steps'}`;
}
