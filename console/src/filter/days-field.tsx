import { CalendarDate } from '@internationalized/date';
import { useState } from 'react';
import {
  Button,
  CalendarCell,
  CalendarGrid,
  CalendarGridBody,
  CalendarGridHeader,
  CalendarHeaderCell,
  Heading,
  I18nProvider,
  RangeCalendar,
} from 'react-aria-components';
import { Icon } from '../design/icon';
import { formatTime } from '../time/format';

/**
 * A calendar that chooses whole days.
 * @param start milliseconds since 1970; the end is exclusive
 * @param onChange gets the first day and the day after the last one, such as `2015-05-17`
 */
export function DaysField({
  start,
  end,
  timeZone,
  onChange,
}: {
  start: number | undefined;
  end: number | undefined;
  timeZone: string;
  onChange: (from: string, to: string) => void;
}) {
  const day = (at: number): CalendarDate => {
    const [year, month, date] = formatTime(at, timeZone, 0).split(/\D/).map(Number) as [
      number,
      number,
      number,
    ];
    // The calendar has no year 10000, which begins earlier in zones that are ahead of UTC.
    return year > 9_999 ? new CalendarDate(9_999, 12, 31) : new CalendarDate(year, month, date);
  };
  const hasRange = start !== undefined && end !== undefined && start < end;
  const last = end === undefined ? start : end - 1;
  const [shown, setShown] = useState(last);
  const [focused, setFocused] = useState(() => day(last ?? Date.now()));
  if (shown !== last) {
    // Another time was typed: the calendar turns to it.
    setShown(last);
    if (last !== undefined) setFocused(day(last));
  }
  return (
    // Weeks begin on Monday, as they do in the histogram.
    <I18nProvider locale="en-GB">
      <RangeCalendar
        aria-label="Days"
        className="filter-days"
        value={hasRange ? { start: day(start), end: day(end - 1) } : null}
        focusedValue={focused}
        onFocusChange={(date) => setFocused(date)}
        onChange={(days) => {
          if (days) onChange(days.start.toString(), days.end.add({ days: 1 }).toString());
        }}
      >
        <header>
          <Button slot="previous" className="button quiet icon">
            <Icon name="left" />
          </Button>
          <Heading />
          <Button slot="next" className="button quiet icon">
            <Icon name="right" />
          </Button>
        </header>
        <CalendarGrid>
          <CalendarGridHeader>{(name) => <CalendarHeaderCell>{name}</CalendarHeaderCell>}</CalendarGridHeader>
          <CalendarGridBody>{(date) => <CalendarCell date={date} className="filter-day" />}</CalendarGridBody>
        </CalendarGrid>
      </RangeCalendar>
    </I18nProvider>
  );
}
