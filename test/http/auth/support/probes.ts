import fc from 'fast-check';
import { schemaDocuments } from '../../../graphql/support/schema-documents';
import { toProbe, type Probe } from './probe';
import { schema } from './root-fields';
import { nobody, own, secretType, sessionIds, times, types, users } from './similar-users';

const pick = <Item>(items: readonly Item[]): fc.Arbitrary<Item> => fc.constantFrom(...items);
const maybe = <Item>(arbitrary: fc.Arbitrary<Item>) => fc.option(arbitrary, { nil: undefined });
const listOf = (items: readonly string[]) => fc.array(pick(items), { minLength: 1, maxLength: 4 });
const time = pick([...times, '2018-03-03', '2018-03-04T23:00:00+01:00', '2017-01-01']);

const property = fc.record({
  path: pick([['n'], ['secret'], ['locationX']]),
  is: fc.oneof(
    fc.integer({ min: 0, max: 4 }).map((equals) => ({ equals })),
    fc.integer({ min: 0, max: 200 }).map((gt) => ({ gt })),
    fc.boolean().map((exists) => ({ exists })),
  ),
});
const range = { startTime: maybe(time), endTime: maybe(time) };
const logFilter = fc
  .record({
    userIds: maybe(listOf([own, own, own, ...users])),
    sessionIds: maybe(listOf([...sessionIds, 'none'])),
    types: maybe(listOf([...types, secretType])),
    ...range,
    properties: fc.option(fc.array(property, { minLength: 1, maxLength: 2 }), { nil: undefined, freq: 3 }),
  })
  .map(withoutAbsent);
const sessionFilter = fc
  .record({ userIds: maybe(listOf([own, own, own, ...users])), ...range })
  .map(withoutAbsent);

function withoutAbsent(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined));
}

/** A GraphQL literal with commas, as `schemaDocuments` reads it. */
function toLiteral(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(toLiteral).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).map(([name, item]) => `${name}: ${toLiteral(item)}`);
  return `{ ${fields.join(', ')} }`;
}

const samples = (arbitrary: fc.Arbitrary<unknown>): string[] =>
  fc.sample(arbitrary, { numRuns: 300, seed: 16 }).map(toLiteral);
const literalsOf = (items: readonly unknown[]): string[] => items.map(toLiteral);

/** `logChanges` tells the server where the user is alone what was erased of others to make it so. */
const differing = ['viewer', 'logChanges'];
const rootFields = Object.keys(schema.getQueryType()!.getFields()).filter(
  (name) => !differing.includes(name),
);

/** Queries with whatever the schema allows, about the user and about others. */
function documents(cursors: readonly string[]): fc.Arbitrary<Probe> {
  const literals = {
    LogFilter: samples(logFilter),
    SessionFilter: samples(sessionFilter),
    user: literalsOf([own, own, own, ...users]),
    userId: literalsOf([own, own, own, ...users]),
    sessionId: literalsOf(sessionIds),
    type: literalsOf([...types, secretType]),
    DateTime: literalsOf([...times, '2018-03-03']),
    LogOrder: ['TIME_ASC', 'TIME_DESC'],
    first: ['1', '3', '50', '1000'],
    topGroups: ['1', '100'],
    upTo: ['1', '5', '10000'],
    after: ['null', ...literalsOf(cursors)],
    HistogramInterval: ['MINUTE', 'HOUR', 'DAY', 'DAY', 'WEEK', 'MONTH'],
    LogDimension: ['TYPE', 'USER'],
    timeZone: ['"UTC"', '"Europe/London"'],
    x: ['"locationX"', '"n"', '"secret"'],
    y: ['"locationY"', '"n"'],
    cell: ['1', '20'],
  };
  return fc
    .tuple(schemaDocuments(schema, literals, rootFields), fc.boolean())
    .map(([{ query, variables }, isGet]) => toProbe(query, variables, isGet));
}

/** A list that is read page by page, with cursors of others too. */
export interface WalkedList {
  readonly filter: object | undefined;
  readonly order: 'TIME_ASC' | 'TIME_DESC';
}

export const walkedLists: readonly WalkedList[] = [
  undefined,
  { userIds: [own] },
  { userIds: [own, 'Ann'] },
  { userIds: ['anna', nobody] },
  { sessionIds: ['s1'] },
  { types: ['CLICK', secretType] },
  { startTime: times[2], endTime: times[7] },
].flatMap((filter) => (['TIME_ASC', 'TIME_DESC'] as const).map((order) => ({ filter, order })));

export const walk = `query ($filter: LogFilter, $order: LogOrder, $first: Int = 100, $after: String) {
  logsConnection(filter: $filter, order: $order, first: $first, after: $after) {
    edges { cursor node { id time type properties userId sessionId } }
    nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount(upTo: 30) { value exact }
  }
}`;
export const walkSessions = `query ($first: Int = 100, $after: String) {
  sessions(first: $first, after: $after) {
    edges { cursor node { id userId sessionId startedAt endedAt entryCount entries(first: 2) { nodes { id } } } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`;

/** Cursors of a list, whoever made them. */
export interface CursorPool {
  readonly entries: ReadonlyMap<WalkedList, readonly string[]>;
  readonly sessions: readonly string[];
}

function pages({ entries, sessions }: CursorPool): fc.Arbitrary<Probe> {
  const first = pick([1, 2, 10]);
  const ofEntries = pick(walkedLists).chain((list) =>
    fc.record({ first, after: pick(entries.get(list)!) }).map((page) => toProbe(walk, { ...list, ...page })),
  );
  const ofSessions = fc.record({ first, after: pick(sessions) }).map((page) => toProbe(walkSessions, page));
  return fc.oneof({ weight: 3, arbitrary: ofEntries }, { weight: 1, arbitrary: ofSessions });
}

function rest({ entries }: CursorPool): fc.Arbitrary<Probe> {
  const unfiltered = [...entries].find(([{ filter, order }]) => !filter && order === 'TIME_ASC')![1];
  const parameters = fc.record({
    user: maybe(pick([own, own, ...users])),
    type: maybe(pick([...types, secretType])),
    start_time: maybe(time),
    end_time: maybe(time),
    limit: maybe(pick(['1', '3', '100'])),
    after: fc.option(pick(unfiltered), { nil: undefined, freq: 1 }),
  });
  const path = fc.oneof(
    parameters.map((all) => `/logs/?${new URLSearchParams(withoutAbsent(all) as Record<string, string>)}`),
    pick(unfiltered).map((after) => `/logs/?limit=3&after=${after}`),
  );
  return fc.record({ method: pick(['GET', 'GET', 'GET', 'HEAD'] as const), path });
}

const recordSession = `mutation ($input: RecordSessionInput!) { recordSession(input: $input) { recordedCount replayed } }`;
const recordAndShow = `mutation ($input: RecordSessionInput!) {
  recordSession(input: $input) { recordedCount replayed entries { id time type properties userId sessionId } }
}`;

/** Idempotency keys that clients of several users have used. */
export const idempotencyKeys = ['1', '2', '3', 'k', 'ann', 'ann-1', 'Ann'];

/** Sessions, often with an idempotency key that another client used. @param recorded sessions of others, to repeat */
export function recordings(userIds: readonly string[], recorded: readonly object[]): fc.Arbitrary<Probe> {
  const made = fc.record({
    userId: pick(userIds),
    sessionId: pick(sessionIds),
    actions: fc.array(fc.record({ time: pick(times), type: pick(types), properties: pick([{}, { n: 1 }]) }), {
      maxLength: 2,
    }),
  });
  const session = recorded.length > 0 ? fc.oneof(made, pick(recorded)) : made;
  return fc
    .record({ session, idempotencyKey: maybe(pick(idempotencyKeys)), way: fc.integer({ min: 0, max: 4 }) })
    .map(({ session: sent, idempotencyKey, way }): Probe => {
      const headers = { ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }) };
      const input = { ...sent, ...(idempotencyKey !== undefined && { idempotencyKey }) };
      if (way === 0) return { method: 'POST', path: '/logs/', body: sent, headers };
      if (way === 1) return { ...toProbe(recordSession, { input: sent }), headers };
      if (way === 2) return { method: 'POST', path: '/logs/', body: input, isBeacon: true };
      if (way === 3) return { ...toProbe(recordSession, { input }), isBeacon: true };
      return toProbe(recordAndShow, { input });
    });
}

/** Deletions, most of which only count. */
export function deletions(userIds: readonly string[]): fc.Arbitrary<Probe> {
  const args = fc.record({
    userId: pick(userIds),
    sessionId: pick(sessionIds),
    way: fc.integer({ min: 0, max: 20 }),
  });
  return args.map(({ userId, sessionId, way }) => {
    const user = `userId: ${JSON.stringify(userId)}`;
    const isOne = way % 4 > 0;
    const field = isOne ? `deleteSession(${user}, sessionId: "${sessionId}"` : `deleteUserData(${user}`;
    return toProbe(`mutation { ${field}, dryRun: ${way > 0}) { deletedCount dryRun } }`);
  });
}

/** Everything that a client can read. */
export function reads(pool: CursorPool): fc.Arbitrary<Probe> {
  const some = [...pool.entries.values()].flatMap((cursors) => cursors.slice(0, 3));
  return fc.oneof(
    { weight: 5, arbitrary: documents([...some, ...pool.sessions.slice(0, 5)]) },
    { weight: 3, arbitrary: pages(pool) },
    { weight: 2, arbitrary: rest(pool) },
  );
}
