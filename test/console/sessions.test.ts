import { describe, expect, it } from '@jest/globals';
import { laneHeight, lanePath, laneWidth } from '../../console/src/sessions/lane-marks';
import { gapHeight, pauseMs, scaleOf } from '../../console/src/sessions/step-gaps';
import { exploreHref, parseSessionSearch, sessionsHref } from '../../console/src/state/session-search';

const parse = (href: string) => parseSessionSearch(new URL(href, 'http://localhost').searchParams);

describe('the address of the page of sessions', () => {
  it('has all times without a range', () => {
    expect(parse('/sessions')).toEqual({
      userId: undefined,
      sessionId: undefined,
      range: { preset: 'all' },
      types: [],
      isToScale: false,
    });
    expect(sessionsHref({})).toBe('/sessions');
  });

  it.each([
    { range: { preset: '24h' } },
    { range: { startTime: '2015-05-17T00:00:00.000Z', endTime: undefined } },
    { userId: 'a&b=ü', sessionId: 's/1 ', types: ['GET', 'x,y'], isToScale: true },
  ] as const)('holds all of %j', (query) => {
    expect(parse(sessionsHref(query))).toMatchObject(query);
  });

  it('leads to Explore at all times, with the session as the filter', () => {
    expect(exploreHref({ userId: 'u', sessionId: 's' })).toBe('/?user=u&session=s&range=all');
  });
});

describe('marks of a lane', () => {
  const mark = (time: number, count = 1) => ({ start: time, end: time, type: 'a', count });
  const columns = (path: string): number[] => [...path.matchAll(/M(\d+)/g)].map(([, x]) => Number(x));

  it('are at their part of the time', () => {
    expect(columns(lanePath([mark(5_000), mark(7_500), mark(9_000)], 5_000, 10_000))).toEqual([0, 250, 400]);
  });

  it('are one for each column, and inside of the lane at its end', () => {
    const many = Array.from({ length: 5_000 }, (_, at) => mark(at));
    const found = columns(lanePath([...many, mark(5_000)], 0, 5_000));
    expect(found).toHaveLength(laneWidth);
    expect(Math.max(...found)).toBe(laneWidth - 1);
  });

  it('are higher where there are more entries, and never higher than the lane', () => {
    const path = lanePath([mark(0, 1), mark(500, 100)], 0, 1_000);
    const [low, high] = [...path.matchAll(/v-([\d.]+)/g)].map(([, height]) => Number(height));
    expect(low).toBeLessThan(high!);
    expect(high).toBeLessThan(laneHeight);
  });

  it('show a session of one instant', () => {
    expect(columns(lanePath([mark(7)], 7, 0))).toEqual([0]);
  });
});

describe('the room between two steps', () => {
  it('is in proportion to the time when it is to scale', () => {
    const scale = scaleOf(3_600_000);
    expect(gapHeight(1_200_000, true, scale)).toBe(2 * gapHeight(600_000, true, scale));
    expect(gapHeight(3_600_000, true, scale)).toBeLessThanOrEqual(12_000);
  });

  it('is the same for all pauses when they are folded, and none for less than a pause', () => {
    expect(gapHeight(pauseMs, false, 1)).toBe(0);
    expect(gapHeight(pauseMs + 1, false, 1)).toBe(gapHeight(86_400_000, false, 1));
  });
});
