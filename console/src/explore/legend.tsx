import { ToggleButton } from 'react-aria-components';
import { TypeMark } from '../design/type-mark';
import { formatCount } from '../time/format';
import type { Explore } from './use-explore';
import type { HistogramData } from './use-histogram';

/** The types in the chart. Pressing one filters by it, and again takes the filter away. */
export function Legend({ data, explore }: { data: HistogramData; explore: Explore }) {
  const { types } = explore.search;
  const absent = types.filter((type) => !data.groups.some(({ key }) => key === type));
  const groups = [...data.groups, ...absent.map((key) => ({ key, count: 0 }))];
  return (
    <div role="group" aria-label="Filter by type" className="histogram-types">
      {groups.map(({ key, count }) => (
        <ToggleButton
          key={key}
          className="histogram-type"
          isSelected={types.includes(key)}
          onChange={(isSelected) =>
            explore.change({ types: isSelected ? [...types, key] : types.filter((type) => type !== key) })
          }
        >
          <TypeMark type={key} />
          <span>{key}</span>
          <span className="muted">{formatCount(count)}</span>
        </ToggleButton>
      ))}
    </div>
  );
}
