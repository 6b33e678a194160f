import { Button } from '../design/button';
import { Icon } from '../design/icon';
import { conditionText } from './conditions';
import type { Explore } from './use-explore';

/** The conditions on properties, each with a button that takes it away. */
export function ConditionChips({ explore }: { explore: Explore }) {
  const { properties } = explore.search;
  return (
    <ul className="filter-chips" aria-label="Property conditions">
      {properties.map((property) => {
        const text = conditionText(property);
        return (
          <li key={JSON.stringify(property)} className="filter-chip">
            <span title={text}>{text}</span>
            <Button
              kind="quiet icon"
              aria-label={`Remove ${text}`}
              onPress={() => explore.change({ properties: properties.filter((other) => other !== property) })}
            >
              <Icon name="close" />
            </Button>
          </li>
        );
      })}
    </ul>
  );
}
