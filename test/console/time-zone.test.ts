import { describe, expect, it } from '@jest/globals';
import { parseInstant, parseTime, zoneOffset } from '../../console/src/time/zone';
import { parseInstant as parseOfServer } from '../../src/logs/model/instant';

const hour = 3_600_000;
const iso = (text: string, zone: string, edge: 'start' | 'end' = 'start'): string | undefined => {
  const at = parseTime(text, zone, edge);
  return at === undefined ? undefined : new Date(at).toISOString();
};

describe('times as a person types them in the console', () => {
  it.each([
    ['2015-05-17', '2015-05-16T22:00:00.000Z'],
    ['2015-05-17 10:05', '2015-05-17T08:05:00.000Z'],
    [' 2015-05-17T10:05:03 ', '2015-05-17T08:05:03.000Z'],
    ['2015-05-17 10:05:03.5', '2015-05-17T08:05:03.500Z'],
    ['2015-05-17 10:05:03.123456', '2015-05-17T08:05:03.123Z'],
    ['2015-05-17T10:05:03Z', '2015-05-17T10:05:03.000Z'],
    ['2015-05-17T10:05:03-06:00', '2015-05-17T16:05:03.000Z'],
  ])('reads %s in Vienna', (text, time) => {
    expect(iso(text, 'Europe/Vienna')).toBe(time);
  });

  it.each([
    ['2015-05-17 10:05:03.123456', '2015-05-17T08:05:03.123456Z'],
    ['2015-05-17 10:05:03.1234567', '2015-05-17T08:05:03.123456Z'],
    ['2015-05-17 10:05:03,1235', '2015-05-17T08:05:03.123500Z'],
    ['2015-05-17 10:05:03.123', '2015-05-17T08:05:03.123Z'],
    ['10000-01-01 00:59:59.999999', '9999-12-31T23:59:59.999999Z'],
  ])('reads %s in Vienna to the microsecond', (text, time) => {
    expect(parseInstant(text, 'Europe/Vienna', 'start')).toBe(time);
  });

  it.each(['UTC', 'Europe/Vienna', 'America/Los_Angeles', 'Pacific/Kiritimati'])(
    'takes the last day of 9999 in %s for one that the server reads',
    (zone) => {
      const start = parseTime('9999-12-31', zone, 'start')!;
      expect(parseTime('9999-12-31', zone, 'end')! - start).toBe(24 * hour);
      for (const edge of ['start', 'end'] as const) {
        const text = parseInstant('9999-12-31', zone, edge)!;
        expect(parseOfServer(text)).toBe(1_000n * BigInt(parseTime('9999-12-31', zone, edge)!));
        expect(Date.parse(text)).toBe(parseTime('9999-12-31', zone, edge));
      }
    },
  );

  it('takes a date alone as its end where a range ends', () => {
    expect(iso('2015-05-17', 'Europe/Vienna', 'end')).toBe('2015-05-17T22:00:00.000Z');
    expect(iso('2015-03-29', 'Europe/Vienna', 'end')).toBe('2015-03-29T22:00:00.000Z');
  });

  it.each([
    '',
    'yesterday',
    '2015',
    '2015-02-30',
    '2015-13-01',
    '2015-05-17 24:00',
    '2015-05-17 10:60',
    '1969-12-31',
    '10000-01-02',
    '99999-01-01',
  ])('refuses %p', (text) => {
    expect(iso(text, 'UTC')).toBeUndefined();
  });

  it('takes the first of the hours that clocks repeat', () => {
    expect(iso('2015-10-25 02:30', 'Europe/Vienna')).toBe('2015-10-25T00:30:00.000Z');
  });

  it('reads a time that clocks skip by the offset before', () => {
    expect(iso('2015-03-29 02:30', 'Europe/Vienna')).toBe('2015-03-29T01:30:00.000Z');
  });

  it('knows offsets of zones at an instant', () => {
    expect(zoneOffset(Date.parse('2015-01-01T00:00:00Z'), 'Europe/Vienna')).toBe(hour);
    expect(zoneOffset(Date.parse('2015-07-01T00:00:00Z'), 'Europe/Vienna')).toBe(2 * hour);
    expect(zoneOffset(Date.parse('2015-07-01T00:00:00Z'), 'Asia/Kathmandu')).toBe(5.75 * hour);
    expect(zoneOffset(Date.parse('2015-07-01T00:00:00.123Z'), 'America/New_York')).toBe(-4 * hour);
    expect(zoneOffset(Date.parse('9999-12-31T23:59:59.999Z'), 'Pacific/Kiritimati')).toBe(14 * hour);
  });
});
