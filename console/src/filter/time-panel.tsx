import { useState, type FormEvent } from 'react';
import { FieldError, Input, Label, TextField } from 'react-aria-components';
import { Button } from '../design/button';
import { timesOf, type Range } from '../state/log-search';
import { usePreferences } from '../state/preferences';
import { toRfc3339 } from '../time/rfc3339';
import { parseInstant, parseTime } from '../time/zone';
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
  const [from, setFrom] = useState(() => timeText(timesOf(range, now).startTime, timeZone));
  const [to, setTo] = useState(() => {
    const { startTime, endTime } = timesOf(range, now);
    return timeText(endTime ?? ('preset' in range && startTime ? toRfc3339(now) : undefined), timeZone);
  });
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
  const [startTime, endTime] = [parseInstant(from, timeZone, 'start'), parseInstant(to, timeZone, 'end')];
  const isEmpty = start !== undefined && end !== undefined && (end < start || startTime === endTime);
  const toError = to && end === undefined ? wrongTime : isEmpty ? 'To must be after From.' : undefined;

  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    if (fromError || toError) return;
    onChange(from || to ? { startTime, endTime } : { preset: 'all' });
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
  const time = parseInstant(text, zone, edge);
  return time === undefined ? text : timeText(time, next);
}

const wrongTime = 'Write 2015-05-17 or 2015-05-17 10:05:03.';

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
