import { describe, expect, it } from '@jest/globals';
import { barAt, chooseStep, stepName, sumGroups, toBars } from '../../console/src/explore/bars';

const minute = 60_000;
const day = 1_440 * minute;
const step = (length: number, maxBars: number): string => stepName(chooseStep(0, length, maxBars));

describe('bars of the console’s histogram', () => {
  it.each([
    [15 * minute, 150, 'minute'],
    [60 * minute, 150, 'minute'],
    [60 * minute, 45, '5 minutes'],
    [6 * 60 * minute, 150, '5 minutes'],
    [day, 150, 'hour'],
    [7 * day, 150, '3 hours'],
    [7 * day, 45, '6 hours'],
    [30 * day, 150, '6 hours'],
    [30 * day, 45, 'day'],
    [365 * day, 45, 'month'],
    [365 * day, 150, 'week'],
    [50 * 365 * day, 45, 'month'],
  ])('cover %i ms with at most %i by the %s', (length, maxBars, name) => {
    expect(step(length, maxBars)).toBe(name);
  });

  it('never ask for more than the 1,000 buckets that the server makes', () => {
    const lengths = { MINUTE: minute, HOUR: 60 * minute, DAY: day, WEEK: 7 * day, MONTH: 28 * day };
    for (let length = minute; length < 60 * 365 * day; length *= 1.1) {
      for (const maxBars of [45, 150, 500]) {
        const { interval } = chooseStep(0, length, maxBars);
        // Two more for a range that begins and ends inside buckets, one for clocks that change.
        expect(length / lengths[interval] + 3).toBeLessThanOrEqual(1_000);
      }
    }
  });

  const bucket = (start: string, ms: number, count: number, partial = false) => ({
    start,
    end: new Date(Date.parse(start) + ms).toISOString(),
    partial,
    count,
    groups: count > 1 ? [{ key: 'A', count: count - 1 }] : [],
    otherCount: count > 1 ? 1 : count,
  });

  it('add up the buckets between whole steps of the zone’s clock', () => {
    // 05:45 ahead of UTC: 00:15 UTC is 06:00 there.
    const buckets = ['00:10', '00:14', '00:15', '00:19', '00:20'].map((time, i) =>
      bucket(`2015-05-17T${time}:00.000Z`, minute, i + 1, i === 0),
    );
    const bars = toBars(buckets, { interval: 'MINUTE', times: 5 }, 'Asia/Kathmandu');
    expect(bars.map(({ count, otherCount, partial }) => [count, otherCount, partial])).toEqual([
      [3, 2, true],
      [7, 2, false],
      [5, 1, false],
    ]);
    expect(sumGroups(bars)).toEqual([{ key: 'A', count: 1 + 2 + 3 + 4 }]);
    expect(new Date(bars[1]!.end).toISOString()).toBe('2015-05-17T00:20:00.000Z');
  });

  it('keep the hour that clocks repeat within its bar', () => {
    const hours = ['23', '00', '01', '02'].map((hour, i) =>
      bucket(`2015-10-2${i === 0 ? 4 : 5}T${hour}:00:00.000Z`, 60 * minute, 1),
    );
    const bars = toBars(hours, { interval: 'HOUR', times: 3 }, 'Europe/Vienna');
    // 01:00, 02:00, and 02:00 again; then 03:00.
    expect(bars.map(({ count }) => count)).toEqual([3, 1]);
  });

  it('are found by an instant, the end excluded', () => {
    const bars = toBars(
      [bucket('2015-05-17T00:00:00.000Z', minute, 1)],
      { interval: 'MINUTE', times: 1 },
      'UTC',
    );
    expect(barAt(bars, bars[0]!.start)).toBe(bars[0]);
    expect(barAt(bars, bars[0]!.end)).toBeUndefined();
  });
});
