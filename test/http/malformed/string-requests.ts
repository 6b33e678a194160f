import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema } from 'graphql';
import { createRandom } from '../../support/journal/random';
import { get, post, withBody, type MalformedRequest } from './request';
import { stringPositions } from './string-positions';

/** https://github.com/minimaxir/big-list-of-naughty-strings, and what JavaScript and databases trip over besides. */
const naughtyStrings: readonly string[] = [
  ...(JSON.parse(readFileSync(require.resolve('big-list-of-naughty-strings'), 'utf8')) as string[]),
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  '\u0000',
  'a\u0000b',
  '\ud800',
  '\udfff\ud800',
  '\ufeff',
  '\uffff',
  '"""',
  '\\',
  '\\u{1F600}',
  '\\ud83d\\ude00',
  '\r\n',
  '{',
  '}',
  '$value',
  '@skip(if: true)',
  '-271821-04-20T00:00:00Z',
  '2018-10-18T21:37:28+23:59',
  '9999-12-31T23:59:59.999999999Z',
  '\u0301'.repeat(300),
  '👨‍👩‍👧‍👦'.repeat(64),
  'x'.repeat(100_000),
];

const schema = buildSchema(readFileSync(join(__dirname, '..', '..', '..', 'schema.graphql'), 'utf8'));
const session = { userId: 'u', sessionId: 's', actions: [{ time: '2018-10-18T21:37:28Z', type: 'T' }] };
const parameters = ['user', 'type', 'start_time', 'end_time', 'limit', 'after', 'format'];

/** Ways to send a string; each returns a request for the string. */
function waysToSend(): ((text: string) => MalformedRequest)[] {
  const positions = stringPositions(schema);
  const graphql = positions.flatMap(({ name, literal, operation, variable }) => [
    (text: string) =>
      post(`${name} literal`, '/graphql', `{"query":${JSON.stringify(literal(JSON.stringify(text)))}}`),
    // Not escaped, so that some strings end the literal.
    (text: string) => post(`${name} raw`, '/graphql', `{"query":${JSON.stringify(literal(`"${text}"`))}}`),
    (text: string) =>
      post(`${name} block`, '/graphql', `{"query":${JSON.stringify(literal(`"""${text}"""`))}}`),
    (text: string) =>
      post(
        `${name} variable`,
        '/graphql',
        `{"query":${JSON.stringify(operation)},"variables":{"value":${variable(text)}}}`,
      ),
    (text: string) => {
      const query = `query=${encode(operation)}&variables=${encode(`{"value":${variable(text)}}`)}`;
      return get(`${name} in the query string`, `/graphql?${query.slice(0, 12_000)}`);
    },
  ]);
  const bodies = positions
    .filter(({ name }) => name.startsWith('recordSession.input.'))
    .map(
      ({ name, variable }) =>
        (text: string) =>
          post(`${name} in REST`, '/logs/', variable(text)),
    );
  const members = [
    (text: string) => post('member of a session', '/logs/', JSON.stringify({ ...session, [text]: text })),
    (text: string) =>
      post('member of a GraphQL request', '/graphql', JSON.stringify({ query: text, [text]: text })),
    (text: string) =>
      post('operationName', '/graphql', JSON.stringify({ query: '{__typename}', operationName: text })),
    (text: string) => {
      const body = JSON.stringify({ ...session, key: text });
      return withBody('key in the body', 'POST /logs/ HTTP/1.1', body, ['content-type: text/plain']);
    },
  ];
  const queries = parameters.flatMap((parameter) => [
    (text: string) =>
      get(`${parameter} of GET /logs/`, `/logs/?${parameter}=${encode(text).slice(0, 12_000)}`),
    // Not encoded, as some programs send it.
    (text: string) =>
      get(
        `${parameter} unencoded`,
        `/logs/?${parameter}=${Buffer.from(text.slice(0, 9_000)).toString('latin1')}`,
      ),
  ]);
  const others = [
    (text: string) => get('name of a parameter', `/logs/?${encode(text).slice(0, 12_000)}=1`),
    (text: string) => get('path', `/${encode(text).slice(0, 12_000)}`),
    (text: string) => get('unencoded path', `/logs/${Buffer.from(text.slice(0, 9_000)).toString('latin1')}`),
  ];
  return [...graphql, ...bodies, ...members, ...queries, ...others];
}

/** Percent-encodes; a lone surrogate becomes U+FFFD. */
function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

/** Every way to send a string in turn, each with one of the naughty strings. */
export function stringRequests(count: number): MalformedRequest[] {
  const random = createRandom(2);
  const ways = waysToSend();
  return Array.from({ length: count }, (_, at) => {
    // In `npm test`, which sends few, any of the ways.
    const way = ways[count < ways.length ? Math.floor(random() * ways.length) : at % ways.length]!;
    const text = naughtyStrings[Math.floor(random() * naughtyStrings.length)]!;
    const request = way(text);
    return { ...request, name: `${JSON.stringify(text.slice(0, 60))} as ${request.name}` };
  });
}
