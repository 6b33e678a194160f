import fc from 'fast-check';
import { microsOf, textOf } from './instants';
import { oddKeys, oddNumbers, oddScalars, oddTypes, oddUsers } from './odd-sessions';
import type { RecordedEntry } from './recorded';

/** A `PropertyFilter` as it is sent. */
export interface SentProperty {
  readonly path: readonly string[];
  readonly is: SentPredicate;
}
export type SentPredicate = Readonly<
  Partial<{
    equals: unknown;
    in: readonly unknown[];
    exists: boolean;
    isNull: boolean;
    gt: number;
    gte: number;
    lt: number;
    lte: number;
  }>
>;

/** A `LogFilter` as it is sent. */
export interface SentFilter {
  readonly userIds?: readonly string[];
  readonly sessionIds?: readonly string[];
  readonly types?: readonly string[];
  readonly startTime?: string;
  readonly endTime?: string;
  readonly properties?: readonly SentProperty[];
}

/** A `SessionFilter` as it is sent. */
export type SentSessionFilter = Pick<SentFilter, 'userIds' | 'startTime' | 'endTime'>;

const pick = <Value>(values: readonly Value[]): fc.Arbitrary<Value> => fc.constantFrom(...values);
const weighted = <Value>(...parts: [weight: number, arbitrary: fc.Arbitrary<Value>][]) =>
  fc.oneof(...parts.map(([weight, arbitrary]) => ({ weight, arbitrary })));

/** Some values, the wanted one mostly among them; others need not be there, or are there twice. */
function listWith(wanted: string, others: readonly string[]): fc.Arbitrary<readonly string[]> {
  const one = weighted([2, fc.constant(wanted)], [2, pick(others)], [1, fc.constant('nobody')]);
  return weighted<readonly string[]>(
    [3, fc.constant([wanted])],
    [3, fc.array(one, { minLength: 1, maxLength: 8 })],
    [1, fc.tuple(fc.constant(wanted), pick(others)).map(([a, b]) => [a, b, a])],
  );
}

const second = 1_000_000n;
const day = 86_400n * second;

/** Of the bounds made here: days that end later would have no end that can be written. */
const latest = microsOf('9999-12-30T23:59:59.999999Z');

/** The same instant, or a bit before or after, in one of the ways to write it. */
const written = (wanted: bigint): fc.Arbitrary<string> => {
  const micros = wanted < 0n ? 0n : wanted > latest ? latest : wanted;
  const utc = textOf(micros);
  const digits = /\.(\d+)/.exec(utc)![1]!.padEnd(6, '0');
  const inParis = textOf(micros + 7_200n * second).replace('Z', '+02:00');
  const whole = utc.slice(0, 19);
  return pick([utc, utc, `${whole}.${digits}Z`, inParis, `${whole}.${digits}001Z`, utc.slice(0, 10)]);
};

/** Bounds around an instant mostly, sometimes without it, or with nothing between. */
function rangeAround(micros: bigint) {
  const before = pick([0n, 0n, 1n, second, 600n * second, day, 2n * day, 2n * day, -1n]);
  const after = pick([1n, 2n, second, 3_600n * second, day, day, 2n * day, 3n * day, 3n * day, 0n, -1n]);
  return {
    startTime: before.chain((distance) => written(micros - distance)),
    endTime: after.chain((distance) => written(micros + distance)),
  };
}

/** What paths lead to in an object, with those that end in arrays and scalars, where nothing is. */
function pathsOf(value: unknown, outer: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return [...Array.from({ length: 8 }, () => outer), [...outer, '0'], [...outer, 'length']];
  }
  const inner = Object.entries(value).flatMap(([key, item]) => pathsOf(item, [...outer, key]));
  return outer.length > 0 ? [outer, ...inner] : inner;
}

export function valueAt(value: unknown, path: readonly string[]): unknown {
  let at = value;
  for (const key of path) {
    if (typeof at !== 'object' || at === null || Array.isArray(at)) return undefined;
    if (!Object.hasOwn(at, key)) return undefined;
    at = (at as Record<string, unknown>)[key];
  }
  return at;
}

/** Scalars that are easily taken for this value, and itself. */
function near(value: unknown): readonly unknown[] {
  if (typeof value === 'number') {
    const close = [value, value, value, value + 1, -value, value * (1 + 2 ** -52), String(value)];
    return close.filter((other) => typeof other === 'string' || isSendable(other));
  }
  if (typeof value === 'string') {
    const asNumber = Number(value);
    const others = [`${value} `, value.toUpperCase(), value.normalize('NFD'), JSON.stringify(value)];
    return [value, value, value, value, ...others, ...(isSendable(asNumber) ? [asNumber] : [])];
  }
  if (typeof value === 'boolean') return [value, value, !value, String(value), Number(value)];
  return ['null', '', 0, false, JSON.stringify(value) ?? 'undefined'];
}

function isSendable(value: number): boolean {
  return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));
}

function predicateFor(value: unknown): fc.Arbitrary<SentPredicate> {
  const isScalar = typeof value !== 'object' && value !== undefined;
  const scalar = weighted(
    [isScalar ? 4 : 0, fc.constant(value)],
    [4, pick(near(value))],
    [1, pick(oddScalars)],
  );
  const close = near(value).filter((other) => typeof other === 'number');
  const bound = weighted(
    [4, pick(close.length > 0 ? close : oddNumbers)],
    [1, pick(oddNumbers)],
    [1, pick([1e308, -1e308, 2 ** 53, 200, 304.5, 0])],
  );
  const flag = (isTrue: boolean) => weighted([6, fc.constant(isTrue)], [1, fc.constant(!isTrue)]);
  const comparisons = (['gt', 'gte', 'lt', 'lte'] as const).map((name) =>
    bound.map((number): SentPredicate => ({ [name]: number })),
  );
  return fc.oneof(
    { weight: isScalar ? 12 : 2, arbitrary: scalar.map((equals): SentPredicate => ({ equals })) },
    {
      weight: isScalar ? 8 : 2,
      arbitrary: fc.array(scalar, { minLength: 1, maxLength: 5 }).map((list) => ({ in: list })),
    },
    { weight: 6, arbitrary: flag(value !== undefined).map((exists) => ({ exists })) },
    { weight: 6, arbitrary: flag(value === null).map((isNull) => ({ isNull })) },
    ...comparisons.map((arbitrary) => ({
      weight: typeof value === 'number' ? 4 : 1,
      arbitrary,
    })),
  );
}

function propertyFor(properties: unknown): fc.Arbitrary<SentProperty> {
  const known = pathsOf(properties);
  const key = pick([...oddKeys, 'path', 'status', 'bytes', 'locationX']);
  const path = weighted<readonly string[]>(
    [6, pick(known.length > 0 ? known : [['a']])],
    [1, fc.array(key, { minLength: 1, maxLength: 3 })],
  );
  return path.chain((keys) => predicateFor(valueAt(properties, keys)).map((is) => ({ path: keys, is })));
}

/** Filters that are made around one of the entries, so that they often let it pass. */
export function logFilters(entries: readonly RecordedEntry[]): fc.Arbitrary<SentFilter> {
  const users = [...new Set(entries.map(({ userId }) => userId)), ...oddUsers, ...oddUsers];
  const sessions = [...new Set(entries.map(({ sessionId }) => sessionId)), 's1', 's2', 'S1'];
  const odd = entries.filter(({ properties }) => !Object.hasOwn(properties, 'agent'));
  return weighted([1, pick(entries)], [2, pick(odd)]).chain((entry) => {
    const maybe = <Value>(arbitrary: fc.Arbitrary<Value>) =>
      weighted<Value | undefined>([1, arbitrary], [2, fc.constant(undefined)]);
    const { startTime, endTime } = rangeAround(entry.micros);
    const property = propertyFor(entry.properties);
    return fc
      .record({
        userIds: maybe(listWith(entry.userId, users)),
        sessionIds: maybe(listWith(entry.sessionId, sessions)),
        types: maybe(listWith(entry.type, oddTypes)),
        startTime: maybe(startTime),
        endTime: maybe(endTime),
        properties: weighted<readonly SentProperty[] | undefined>(
          [6, property.map((one) => [one])],
          [1, fc.array(property, { minLength: 2, maxLength: 4 })],
          [2, fc.constant(undefined)],
        ),
      })
      .map(withoutAbsent<SentFilter>);
  });
}

export function sessionFilters(
  sessions: readonly { readonly userId: string; readonly startedAt: bigint }[],
): fc.Arbitrary<SentSessionFilter> {
  const users = sessions.map(({ userId }) => userId);
  return pick(sessions).chain(({ userId, startedAt }) => {
    const { startTime, endTime } = rangeAround(startedAt);
    return fc
      .record({
        userIds: fc.option(listWith(userId, users), { nil: undefined }),
        startTime: fc.option(startTime, { nil: undefined }),
        endTime: fc.option(endTime, { nil: undefined }),
      })
      .map(withoutAbsent<SentSessionFilter>);
  });
}

function withoutAbsent<Filter extends object>(filter: {
  readonly [Field in keyof Filter]: Filter[Field] | undefined;
}): Filter {
  const given = Object.entries(filter).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as Filter;
}
