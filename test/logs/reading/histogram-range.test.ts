import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openGraphQL, type OpenGraphQL } from '../../graphql/support/graphql';
import { openPrincipal } from '../../../src/logs/access/principal';

/** The clock of the services says 2023-11-14T22:13:20Z. */
const dayAfterNow = '2023-11-15T22:13:20.000Z';

const query = `query ($filter: LogFilter, $interval: HistogramInterval!, $timeZone: String!, $groupBy: LogDimension) {
  logHistogram(filter: $filter, interval: $interval, timeZone: $timeZone, groupBy: $groupBy, topGroups: 1) {
    buckets { start end partial count groups { key count } } outsideCount
  }
}`;

interface Histogram {
  readonly buckets: readonly {
    readonly start: string;
    readonly end: string;
    readonly partial: boolean;
    readonly count: number;
    readonly groups: readonly object[];
  }[];
  readonly outsideCount: number;
}

let graphql: OpenGraphQL;
beforeAll(async () => {
  graphql = await openGraphQL();
  const record = (userId: string, times: readonly string[]) =>
    graphql.services.recorder.recordSession(
      {
        userId,
        sessionId: 's',
        actions: times.map((time) => ({ time, type: time.slice(0, 4) })),
      },
      openPrincipal,
    );
  await record('late', ['2023-11-13T12:00:00Z', '2023-11-14T12:00:00Z', '9999-12-31T23:59:59.999999Z']);
  await record('edge', ['2023-11-15T22:13:19.999999Z', dayAfterNow, '2023-11-16T01:00:00Z']);
  await record('future', ['2030-01-01T00:00:00Z', '2031-01-01T00:00:00Z']);
  await record('past', ['2018-10-18T05:59:59Z', '2018-10-18T06:00:00Z', '2018-10-19T05:59:59.999999Z']);
  await record('samoa', ['2011-12-30T09:59:59Z', '2011-12-30T10:00:00Z']);
});
afterAll(() => graphql.close());

async function ask(variables: object): Promise<{ data: { logHistogram: Histogram }; errors?: [object] }> {
  const defaults = { interval: 'DAY', timeZone: 'UTC' };
  const request = { query, variables: { ...defaults, ...variables }, operationName: undefined };
  return JSON.parse(await graphql.ask(request)) as { data: { logHistogram: Histogram } };
}

async function histogramOf(userId: string, filter: object = {}, more: object = {}) {
  const { data } = await ask({ filter: { userIds: [userId], ...filter }, ...more });
  const { buckets, outsideCount } = data.logHistogram;
  const dayOf = (text: string) => text.replace('T00:00:00.000Z', '');
  return {
    outsideCount,
    buckets: buckets.map(
      ({ start, count, partial }) => `${dayOf(start)} ${count}${partial ? ' partial' : ''}`,
    ),
  };
}

describe('a histogram without an end', () => {
  it('ends a day from now, and counts an entry of the year 9999 outside', async () => {
    expect(await histogramOf('late')).toEqual({
      buckets: ['2023-11-13 1', '2023-11-14 1', '2023-11-15 0 partial'],
      outsideCount: 1,
    });
    for (const interval of ['HOUR', 'WEEK', 'MONTH']) {
      const { outsideCount, buckets } = await histogramOf('late', {}, { interval });
      expect([outsideCount, buckets.at(-1)]).toEqual([1, expect.stringContaining('partial')]);
    }
  });

  it('counts the entry of the last microsecond before that end, and none at it', async () => {
    expect(await histogramOf('edge')).toEqual({ buckets: ['2023-11-15 1 partial'], outsideCount: 2 });
  });

  it('has no buckets if all entries, or its start, are later', async () => {
    expect(await histogramOf('future')).toEqual({ buckets: [], outsideCount: 2 });
    expect(await histogramOf('late', { startTime: '2024-01-01' })).toEqual({ buckets: [], outsideCount: 1 });
    expect(await histogramOf('future', { startTime: '2030-06-01' })).toEqual({
      buckets: [],
      outsideCount: 1,
    });
    expect(await histogramOf('future', { startTime: dayAfterNow })).toEqual({ buckets: [], outsideCount: 2 });
    expect(await histogramOf('future', { startTime: '2032-01-01' })).toEqual({
      buckets: [],
      outsideCount: 0,
    });
  });

  it('leaves entries outside out of its groups', async () => {
    const { data } = await ask({ filter: { userIds: ['late', 'future'] }, groupBy: 'USER' });
    const groups = data.logHistogram.buckets.flatMap((bucket) => bucket.groups);
    expect(groups).toEqual([
      { key: 'late', count: 1 },
      { key: 'late', count: 1 },
    ]);
    expect(data.logHistogram.outsideCount).toBe(3);
  });

  it('counts nothing outside with an end, however late', async () => {
    const filter = { startTime: '2030-01-01', endTime: '2031-01-02' };
    const { buckets, outsideCount } = await histogramOf('future', filter);
    expect([buckets.length, outsideCount]).toEqual([366, 0]);
  });
});

describe('a bucket', () => {
  it('is partial where a bound that is given cuts it', async () => {
    const filter = { startTime: '2018-10-17T00:00:00.000001Z', endTime: '2018-10-19T06:00:00Z' };
    expect((await histogramOf('past', filter)).buckets).toEqual([
      '2018-10-17 0 partial',
      '2018-10-18 2',
      '2018-10-19 1 partial',
    ]);
    const within = { startTime: '2018-10-18T01:00:00Z', endTime: '2018-10-18T06:00:00Z' };
    expect((await histogramOf('past', within)).buckets).toEqual(['2018-10-18 1 partial']);
  });

  it('is whole where the range begins and ends with buckets, or with the entries', async () => {
    const whole = ['2018-10-18 2', '2018-10-19 1'];
    const filter = { startTime: '2018-10-18', endTime: '2018-10-20' };
    expect((await histogramOf('past', filter)).buckets).toEqual(whole);
    expect((await histogramOf('past')).buckets).toEqual(whole);
    expect((await histogramOf('past', { endTime: '2018-10-19' })).buckets).toEqual(whole.slice(0, 1));
  });
});

describe('a date as a bound', () => {
  it('is midnight in the time zone', async () => {
    const filter = { startTime: '2018-10-18', endTime: '2018-10-19' };
    expect((await histogramOf('past', filter, { timeZone: 'America/Denver' })).buckets).toEqual([
      '2018-10-18T06:00:00.000Z 2',
    ]);
    expect((await histogramOf('past', filter, { timeZone: 'Asia/Tokyo' })).buckets).toEqual([
      '2018-10-17T15:00:00.000Z 2',
    ]);
  });

  it('is the clock change where the zone skips that midnight, or the whole day', async () => {
    // Clocks in Havana went from 00:00 to 01:00 on 11 March 2018.
    const havana = { startTime: '2018-03-11', endTime: '2018-03-12' };
    const { data } = await ask({ filter: havana, timeZone: 'America/Havana' });
    expect(data.logHistogram.buckets).toMatchObject([
      { start: '2018-03-11T05:00:00.000Z', end: '2018-03-12T04:00:00.000Z', partial: false },
    ]);
    // Samoa had no 30 December 2011.
    const timeZone = 'Pacific/Apia';
    const samoa = (startTime: string, endTime: string) =>
      histogramOf('samoa', { startTime, endTime }, { timeZone });
    expect(await samoa('2011-12-30', '2011-12-31')).toEqual({ buckets: [], outsideCount: 0 });
    expect((await samoa('2011-12-29', '2011-12-30')).buckets).toEqual(['2011-12-29T10:00:00.000Z 1']);
    expect((await samoa('2011-12-30', '2012-01-01')).buckets).toEqual(['2011-12-30T10:00:00.000Z 1']);
  });

  it.each(['literal', 'variable'])('is compared with a date-time in that zone, as a %s', async (kind) => {
    const askRange = async (startTime: string, endTime: string, field = 'logHistogram') => {
      const rest = field === 'logHistogram' ? 'interval: DAY, timeZone: "America/Denver"' : 'first: 10';
      const below = field === 'logHistogram' ? 'buckets { count }' : 'nodes { id }';
      const literal = `{ startTime: "${startTime}", endTime: "${endTime}" }`;
      const isLiteral = kind === 'literal';
      const document = `query ${isLiteral ? '' : '($filter: LogFilter)'} {
        ${field}(filter: ${isLiteral ? literal : '$filter'}, ${rest}) { ${below} } }`;
      const variables = { filter: { startTime, endTime } };
      const { errors } = JSON.parse(
        await graphql.ask({ query: document, variables, operationName: undefined }),
      ) as {
        errors?: { extensions: { code: string; violations: { path: string }[] } }[];
      };
      return errors?.map(({ extensions: { code, violations } }) => [
        code,
        violations.map(({ path }) => path),
      ]);
    };
    const refused = [['BAD_USER_INPUT', ['filter.startTime']]];
    // Midnight in Denver is 06:00 in UTC.
    expect(await askRange('2018-10-18T05:00:00Z', '2018-10-18')).toBeUndefined();
    expect(await askRange('2018-10-18T06:00:00Z', '2018-10-18')).toBeUndefined();
    expect(await askRange('2018-10-18T06:00:01Z', '2018-10-18')).toEqual(refused);
    expect(await askRange('2018-10-18', '2018-10-18T05:00:00Z')).toEqual(refused);
    // Without a time zone, a date is midnight in UTC, as before.
    expect(await askRange('2018-10-18T00:00:01Z', '2018-10-18', 'logsConnection')).toEqual(refused);
    expect(await askRange('2018-10-18T00:00:00Z', '2018-10-18', 'logsConnection')).toBeUndefined();
    expect(await askRange('2018-10-20T00:00:00Z', '2018-10-18', 'logsConnection')).toEqual(refused);
  });
});
