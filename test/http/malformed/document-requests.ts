import { getIntrospectionQuery } from 'graphql';
import { createRandom } from '../../support/journal/random';
import { get, post, type MalformedRequest } from './request';

const documents: readonly string[] = [
  `query First($filter: LogFilter, $first: Int = 5, $after: String, $all: Boolean!) {
    page: logsConnection(filter: $filter, order: TIME_DESC, first: $first, after: $after) {
      nodes { ...Entry receivedAt @include(if: $all) } pageInfo { hasNextPage endCursor } totalCount(upTo: 9) { value }
    }
  }
  fragment Entry on LogEntry { id time type properties @skip(if: $all) ... on LogEntry { userId sessionId } }`,
  `mutation ($input: RecordSessionInput!) { recordSession(input: $input) { recordedCount entries { id time } } }`,
  `mutation { recordSession(input: { userId: "u", sessionId: """s""", idempotencyKey: "k", actions: [
    { time: "2018-10-18T21:37:28Z", type: "T", properties: { a: [1, -2.5e3, null, true], b: { c: "\\u00fc" } } }
  ] }) { recordedCount replayed } } # comment`,
  `{ logHistogram(filter: { types: ["T"], startTime: "2018-10-18", properties: [{ path: ["a"], is: { gte: 1 } }] },
    interval: DAY, timeZone: "Europe/London", groupBy: USER, topGroups: 3) { buckets { start count groups { key } } } }`,
  `query A { logTypes(first: 3) { types { type count } } } query B { clickMap(cell: 5) { cells { x y count } } }`,
  `mutation { deleteSession(userId: "nobody", sessionId: "s", dryRun: true) { deletedCount } }`,
  `{ session(userId: "u", sessionId: "s") { id entries(first: 2) { edges { cursor node { id } } } } viewer { scopes } }`,
  getIntrospectionQuery(),
];
const variables = {
  filter: { userIds: ['u'] },
  first: 3,
  all: true,
  input: { userId: 'u', sessionId: 's', actions: [] },
};

/** What GraphQL gives a meaning, and what programs trip over. */
const insertions = [
  ...Array.from('{}()[]:!$@&|="#,.-\\\n\r\t\0\ufeff\ud800'),
  '...',
  '"""',
  '😀',
  'on',
  'null',
  '1e999',
  '0x1',
  '\\u{',
];

/** Texts with characters deleted, duplicated, swapped and inserted. */
function mutate(text: string, random: () => number): string {
  const below = (end: number): number => Math.floor(random() * end);
  for (let edits = 1 + below(6); edits > 0; edits--) {
    const at = below(text.length + 1);
    const end = at + 1 + below(random() < 0.1 ? 200 : 4);
    const [before, part, after] = [text.slice(0, at), text.slice(at, end), text.slice(end)];
    text = [
      before + after,
      before + part + part + after,
      before + part.slice(1) + part.slice(0, 1) + after,
      before + insertions[below(insertions.length)]! + part + after,
      before + part.repeat(1 + below(50)) + after,
    ][below(5)]!;
  }
  return text;
}

/** Documents with mistakes, every fourth with GET; some stay valid. */
export function documentRequests(count: number): MalformedRequest[] {
  const random = createRandom(3);
  return Array.from({ length: count }, (_, at) => {
    const query = mutate(documents[Math.floor(random() * documents.length)]!, random);
    const operationName = random() < 0.1 ? 'B' : undefined;
    const name = `document ${JSON.stringify(query)}`;
    if (at % 4 > 0) return post(name, '/graphql', JSON.stringify({ query, variables, operationName }));
    const search = new URLSearchParams({ query, variables: mutate(JSON.stringify(variables), random) });
    return get(name, `/graphql?${search}`);
  });
}
