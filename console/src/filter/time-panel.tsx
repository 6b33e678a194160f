import { useState, type FormEvent } from 'react';
import { FieldError, Input, Label, TextField } from 'react-aria-components';
import { Button } from '../design/button';
import { timesOf, type Range } from '../state/log-search';
import { usePreferences } from '../state/preferences';
import { parseTime } from '../time/zone';
import { DaysField } from './days-field';
import { presetKeys, presetNames, timeText } from './range-text';
import { ZoneField } from './zone-field';
import './time-panel.css';

interface TimePanelProps {
  readonly range: Range;
  /** Milliseconds since 1970, the end of presets. */
  readonly now: number;
  readonly onChange: (range: Range) => void;
  readonly close: () => void;
}

/** Chooses the time: a preset, or from and to as typed or as days of a calendar, in a zone. */
export function TimePanel(props: TimePanelProps) {
  const { range, onChange, close } = props;
  return (
    <div className="filter-panel time">
      <div role="group" aria-label="Presets" className="time-presets">
        {presetKeys.map((preset) => {
          const isCurrent = 'preset' in range && range.preset === preset;
          return (
            <Button
              key={preset}
              kind="quiet"
              className={isCurrent ? 'filter-set' : ''}
              aria-pressed={isCurrent}
              onPress={() => {
                onChange({ preset });
                close();
              }}
            >
              {presetNames[preset]}
            </Button>
          );
        })}
      </div>
      <Absolute {...props} />
    </div>
  );
}

function Absolute({ range, now, onChange, close }: TimePanelProps) {
  const { timeZone } = usePreferences();
  const { startTime, endTime } = timesOf(range, now);
  const initial = (time: string | undefined): string => timeText(time, timeZone);
  const [from, setFrom] = useState(() => initial(startTime));
  const [to, setTo] = useState(() =>
    initial(endTime ?? ('preset' in range && startTime ? new Date(now).toISOString() : undefined)),
  );
  const [isTried, setTried] = useState(false);
  const [zone, setZone] = useState(timeZone);
  if (zone !== timeZone) {
    // The instants stay, their clocks change.
    setZone(timeZone);
    setFrom(inZone(from, 'start', zone, timeZone));
    setTo(inZone(to, 'end', zone, timeZone));
  }
  const start = parseTime(from, timeZone, 'start');
  const end = parseTime(to, timeZone, 'end');
  const fromError = from && start === undefined ? wrongTime : undefined;
  const toError = errorOfTo(from, to, start, end);

  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    if (fromError || toError) return;
    const iso = (at: number | undefined): string | undefined =>
      at === undefined ? undefined : new Date(at).toISOString();
    onChange(from || to ? { startTime: iso(start), endTime: iso(end) } : { preset: 'all' });
    close();
  };

  return (
    <form className="time-absolute" onSubmit={submit} noValidate>
      <div className="time-fields">
        <TimeField label="From" value={from} onChange={setFrom} error={isTried ? fromError : undefined} />
        <TimeField label="To" value={to} onChange={setTo} error={isTried ? toError : undefined} />
        <ZoneField at={start ?? end ?? now} />
        <Button type="submit" kind="primary">
          Apply
        </Button>
      </div>
      <DaysField
        start={start}
        end={end}
        timeZone={timeZone}
        onChange={(first, after) => {
          setFrom(`${first} 00:00:00`);
          setTo(`${after} 00:00:00`);
        }}
      />
    </form>
  );
}

function inZone(text: string, edge: 'start' | 'end', zone: string, next: string): string {
  const at = parseTime(text, zone, edge);
  return at === undefined ? text : timeText(new Date(at).toISOString(), next);
}

const wrongTime = 'Write 2015-05-17 or 2015-05-17 10:05:03.';

function errorOfTo(from: string, to: string, start: number | undefined, end: number | undefined) {
  if (to && end === undefined) return wrongTime;
  if (from && to && start !== undefined && end !== undefined && end <= start) {
    return 'To must be after From.';
  }
  return undefined;
}

function TimeField({
  label,
  value,
  onChange,
  error,
}: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  error: string | undefined;
}) {
  return (
    <TextField className="field" value={value} onChange={onChange} isInvalid={error !== undefined}>
      <Label>{label}</Label>
      <Input className="input" placeholder="open" spellCheck="false" autoComplete="off" />
      <FieldError className="filter-error">{error}</FieldError>
    </TextField>
  );
}
