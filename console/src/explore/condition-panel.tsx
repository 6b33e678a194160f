import { useId, useMemo, useState, type FormEvent } from 'react';
import type { Entry } from '../api/entry';
import { Button } from '../design/button';
import { formatCount } from '../time/format';
import { operators, parsePath, parseValue, suggestionsOf, toPredicate, type OperatorKey } from './conditions';
import { SuggestField } from './suggest-field';
import type { Explore } from './use-explore';

/** Adds a condition on a property. Suggestions come from the rows in view, which the panel says. */
export function ConditionPanel({
  explore,
  rows,
  close,
}: {
  explore: Explore;
  rows: readonly Entry[];
  close: () => void;
}) {
  const selectId = useId();
  const [path, setPath] = useState('');
  const [operator, setOperator] = useState<OperatorKey>('equals');
  const [value, setValue] = useState('');
  const [isTried, setTried] = useState(false);
  const suggestions = useMemo(() => suggestionsOf(rows), [rows]);
  const keys = parsePath(path);
  const predicate = toPredicate(operator, value);
  const kind = operators[operator].value;

  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    if (typeof keys === 'string' || typeof predicate === 'string') return;
    const { properties } = explore.search;
    const property = { path: keys, is: predicate };
    const isThere = properties.some((other) => JSON.stringify(other) === JSON.stringify(property));
    if (!isThere) explore.change({ properties: [...properties, property] });
    close();
  };

  return (
    <form className="filter-panel filter-condition" onSubmit={submit} noValidate>
      <SuggestField
        label="Property"
        value={path}
        onChange={setPath}
        suggestions={[...suggestions.keys()]}
        placeholder="cart.total"
        error={isTried && typeof keys === 'string' ? keys : undefined}
        autoFocus
      />
      <div className="field">
        <label htmlFor={selectId}>Condition</label>
        <select
          id={selectId}
          className="input"
          value={operator}
          onChange={(event) => setOperator(event.target.value as OperatorKey)}
        >
          {Object.entries(operators).map(([key, { name }]) => (
            <option key={key} value={key}>
              {name}
            </option>
          ))}
        </select>
      </div>
      {kind !== 'none' && (
        <SuggestField
          // Suggestions are taken when the field is made.
          key={`${path} ${kind}`}
          label={kind === 'list' ? 'Values, separated by commas' : 'Value'}
          value={value}
          onChange={setValue}
          suggestions={kind === 'list' ? [] : (suggestions.get(path.trim()) ?? [])}
          error={isTried && typeof predicate === 'string' ? predicate : undefined}
        />
      )}
      {kind === 'scalar' && value !== '' && <p className="muted filter-hint">{hint(value)}</p>}
      <p className="muted filter-hint">
        {rows.length === 0
          ? 'No suggestions: there are no rows in view.'
          : `Suggestions from the ${formatCount(rows.length)} ${rows.length === 1 ? 'row' : 'rows'} in view.`}
      </p>
      <div className="filter-actions">
        <Button type="submit" kind="primary">
          Add
        </Button>
      </div>
    </form>
  );
}

function hint(text: string): string {
  const value = parseValue(text);
  if (typeof value === 'string') return 'Compared as text.';
  return `Compared as a ${typeof value === 'number' ? 'number' : 'boolean'}. For text write "${String(value)}".`;
}
