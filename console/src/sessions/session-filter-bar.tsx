import { useId, useState } from 'react';
import { navigate } from '../state/location';
import { presets, type Preset, type Range } from '../state/log-search';
import { usePreferences } from '../state/preferences';
import { sessionsHref, type SessionSearch } from '../state/session-search';
import { formatTime, zoneName } from '../time/format';
import { parseTime } from '../time/zone';

const presetNames: Record<Preset, string> = {
  all: 'At any time',
  '15m': 'In the last 15 minutes',
  '1h': 'In the last hour',
  '6h': 'In the last 6 hours',
  '24h': 'In the last 24 hours',
  '7d': 'In the last 7 days',
  '30d': 'In the last 30 days',
};
const presetOrder = ['all', ...Object.keys(presets).filter((name) => name !== 'all')] as Preset[];

/**
 * The user and the times of a list of sessions. The address holds both.
 * @param users ids to suggest
 */
export function SessionFilterBar({ search, users }: { search: SessionSearch; users: readonly string[] }) {
  const { range } = search;
  const isPreset = 'preset' in range;
  const [isCustom, setCustom] = useState(!isPreset);
  const [user, setUser] = useState(search.userId ?? '');
  const suggestions = useId();
  const go = (changes: Partial<SessionSearch>): void =>
    navigate(sessionsHref({ userId: search.userId, range, ...changes }));
  const goUser = (): void => go({ userId: user.trim() || undefined });

  return (
    <form
      className="sessions-filter"
      role="search"
      aria-label="Filter"
      onSubmit={(event) => {
        event.preventDefault();
        goUser();
      }}
    >
      <label className="field sessions-filter-user">
        <span className="label">User</span>
        <input
          className="input"
          type="search"
          placeholder="Every user"
          value={user}
          maxLength={256}
          spellCheck={false}
          autoComplete="off"
          list={suggestions}
          onChange={(event) => {
            setUser(event.target.value);
            // The cross of a search field and a choice from the suggestions apply at once.
            if (event.target.value === '') go({ userId: undefined });
            else if (users.includes(event.target.value)) go({ userId: event.target.value });
          }}
          onBlur={goUser}
        />
        <datalist id={suggestions}>
          {[...new Set(users)].slice(0, 50).map((id) => (
            <option key={id} value={id} />
          ))}
        </datalist>
      </label>
      <label className="field">
        <span className="label">Began</span>
        <select
          className="input"
          value={isCustom ? 'custom' : isPreset ? range.preset : 'custom'}
          onChange={({ target: { value } }) => {
            if (value === 'custom') setCustom(true);
            else go({ range: { preset: value as Preset } });
          }}
        >
          {presetOrder.map((name) => (
            <option key={name} value={name}>
              {presetNames[name]}
            </option>
          ))}
          <option value="custom">Between two times…</option>
        </select>
      </label>
      {isCustom && <CustomRange range={range} onChange={(range) => go({ range })} />}
    </form>
  );
}

function CustomRange({ range, onChange }: { range: Range; onChange: (range: Range) => void }) {
  const { timeZone } = usePreferences();
  const current = 'preset' in range ? { startTime: undefined, endTime: undefined } : range;
  const textOf = (time: string | undefined): string => (time ? formatTime(time, timeZone, 0) : '');
  const [start, setStart] = useState(textOf(current.startTime));
  const [end, setEnd] = useState(textOf(current.endTime));
  const [from, to] = [parseTime(start, timeZone, 'start'), parseTime(end, timeZone, 'end')];
  const isStartWrong = start.trim() !== '' && from === undefined;
  const isEndWrong = (end.trim() !== '' && to === undefined) || (from ?? -Infinity) > (to ?? Infinity);
  const apply = (): void => {
    if (isStartWrong || isEndWrong || (from === undefined && to === undefined)) return;
    if (start === textOf(current.startTime) && end === textOf(current.endTime)) return;
    onChange({ startTime: isoOf(from), endTime: isoOf(to) });
  };
  const input = (label: string, value: string, set: (value: string) => void, isWrong: boolean) => (
    <label className="field">
      <span className="label">{label}</span>
      <input
        className="input"
        value={value}
        placeholder="2018-10-19 14:30"
        aria-invalid={isWrong}
        data-invalid={isWrong || undefined}
        onChange={(event) => set(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') apply();
        }}
      />
    </label>
  );
  return (
    <div
      className="sessions-filter-range"
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) apply();
      }}
    >
      {input('From', start, setStart, isStartWrong)}
      {input('To (exclusive)', end, setEnd, isEndWrong)}
      <p className="sessions-filter-zone muted">
        {isStartWrong || isEndWrong
          ? 'Write times as 2018-10-19 14:30, the earlier one first.'
          : zoneName(timeZone)}
      </p>
    </div>
  );
}

function isoOf(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : new Date(ms).toISOString();
}
