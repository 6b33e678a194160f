import { describe, expect, it } from '@jest/globals';

interface LogSearchModule {
  parseSearch(search: URLSearchParams): object;
  writeSearch(query: object, into: URLSearchParams): URLSearchParams;
  unreadableOf(search: URLSearchParams): object[];
  toLogFilter(query: object, now: number): object;
  isTooBroad(filter: object): boolean;
}

// Its types are generated with the console, which this suite does not build.
const file: string = '../../console/src/state/log-search';
const load = async (): Promise<LogSearchModule> => (await import(file)) as LogSearchModule;

const nothing = {
  userId: undefined,
  sessionId: undefined,
  types: [],
  range: { preset: '24h' },
  properties: [],
};

describe('the console’s search in the address', () => {
  it.each([
    nothing,
    { ...nothing, userId: 'a b&c=+%', sessionId: '#', types: ['A', 'B, C'] },
    { ...nothing, range: { preset: 'all' } },
    { ...nothing, range: { startTime: '2015-05-17T10:05:03+02:00', endTime: undefined } },
    { ...nothing, range: { startTime: undefined, endTime: '2015-05-17T10:05:03.123456Z' } },
    { ...nothing, properties: [{ path: ['a.b', 'c'], is: { in: ['1', 2, true] } }] },
    {
      ...nothing,
      properties: [
        { path: ['a'], is: { exists: false } },
        { path: ['b'], is: { lt: -1 } },
      ],
    },
  ])('reads what it wrote: %j', async (search) => {
    const { parseSearch, unreadableOf, writeSearch } = await load();
    const address = writeSearch(search, new URLSearchParams()).toString();
    expect(parseSearch(new URLSearchParams(address))).toEqual(search);
    expect(unreadableOf(new URLSearchParams(address))).toEqual([]);
  });

  it('keeps parameters that are not its own', async () => {
    const { writeSearch } = await load();
    expect(writeSearch(nothing, new URLSearchParams('live=1&user=x')).toString()).toBe('live=1');
  });

  it.each([
    'range=toString',
    'range=2y',
    'from=1',
    'from=yesterday',
    'to=2015-05-17T10:05:03',
    'property=1',
    'property={}',
    'property={"path":[],"is":{"equals":1}}',
    'property={"path":[1],"is":{"equals":1}}',
    'property={"path":["a"],"is":null}',
    'property={"path":["a"],"is":{}}',
    'property={"path":["a"],"is":{"equals":null}}',
    'property={"path":["a"],"is":{"gt":1,"lt":2}}',
    'property={"path":["a"],"is":{"gt":"1"}}',
    'property={"path":["a"],"is":{"like":"1"}}',
  ])('leaves out what it cannot read, and tells: %s', async (address) => {
    const { parseSearch, unreadableOf } = await load();
    const search = new URLSearchParams(address);
    expect(parseSearch(search)).toEqual(nothing);
    const [name, value] = address.split(/=(.*)/) as [string, string];
    expect(unreadableOf(search)).toEqual([{ name, value }]);
  });

  it('knows which filters the server refuses as too broad', async () => {
    const { isTooBroad, parseSearch, toLogFilter } = await load();
    const filter = (address: string): object => toLogFilter(parseSearch(new URLSearchParams(address)), 0);
    const property = 'property={"path":["a"],"is":{"equals":1}}';
    expect(isTooBroad(filter(`range=all&${property}`))).toBe(true);
    for (const bound of [
      'range=1h',
      'range=all&user=a',
      'range=all&type=a',
      'range=all&session=a',
      'to=2015-05-17',
    ]) {
      expect(isTooBroad(filter(`${bound}&${property}`))).toBe(false);
    }
    expect(isTooBroad(filter('range=all'))).toBe(false);
  });
});
