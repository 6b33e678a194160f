import { Button } from '../design/button';
import { Notice } from '../design/notice';
import { unreadableOf } from '../state/log-search';
import { navigate, useLocation } from '../state/location';
import { parseOpenEntry } from '../state/open-entry';

/** Says which parameters of the address cannot be read, so that a wider answer is not taken for the one meant. */
export function UnreadableAddress() {
  const { path, search } = useLocation();
  const entry = search.get('entry');
  const parts = [
    ...unreadableOf(search),
    ...(entry && !parseOpenEntry(search) ? [{ name: 'entry', value: entry }] : []),
  ];
  if (parts.length === 0) return null;
  const remove = (): void => {
    const next = new URLSearchParams(search);
    for (const { name, value } of parts) next.delete(name, value);
    navigate(next.size === 0 ? path : `${path}?${next.toString()}`, 'replace');
  };
  return (
    <Notice kind="warning">
      <p>
        Part of the address of this page cannot be read, and is ignored:{' '}
        {parts.map(({ name, value }) => (
          <code key={`${name}=${value}`}>
            {name}={value}
          </code>
        ))}
      </p>
      <Button onPress={remove}>Remove it</Button>
    </Notice>
  );
}
