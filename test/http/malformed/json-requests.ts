import { createRandom } from '../../support/journal/random';
import { readJsonCases } from '../support/json-cases';
import { post, withBody, type MalformedRequest } from './request';

const mutation =
  'mutation ($input: RecordSessionInput!) { recordSession(input: $input) { entries { properties } } }';
const sessionWith = (properties: string): string =>
  `{"userId":"u","sessionId":"s","actions":[{"time":"2018-10-18T21:37:28Z","type":"T","properties":${properties}}]}`;

/** Where a JSON text, which may be no JSON, stands in a request. */
const places: readonly ((name: string, json: string) => MalformedRequest)[] = [
  (name, json) => post(`${name} as the body of GraphQL`, '/graphql', json),
  (name, json) => post(`${name} as the body of POST /logs/`, '/logs/', json),
  (name, json) =>
    withBody(`${name} as the body of GET /logs/`, 'GET /logs/ HTTP/1.1', json, [
      'content-type: application/json',
    ]),
  (name, json) =>
    post(`${name} as variables`, '/graphql', `{"query":${JSON.stringify(mutation)},"variables":${json}}`),
  (name, json) =>
    post(
      `${name} as a variable`,
      '/graphql',
      `{"query":${JSON.stringify(mutation)},"variables":{"input":${json}}}`,
    ),
  (name, json) => post(`${name} as query`, '/graphql', `{"query":${json}}`),
  (name, json) =>
    post(`${name} as operationName`, '/graphql', `{"query":"{__typename}","operationName":${json}}`),
  (name, json) => post(`${name} as extensions`, '/graphql', `{"query":"{__typename}","extensions":${json}}`),
  (name, json) => post(`${name} as properties in REST`, '/logs/', sessionWith(json)),
  (name, json) => {
    const body = `{"query":${JSON.stringify(mutation)},"variables":{"input":${sessionWith(json)}}}`;
    return post(`${name} as properties in GraphQL`, '/graphql', body);
  },
];

/** The JSON texts of JSONTestSuite, each in every place. */
export function jsonRequests(count: number): MalformedRequest[] {
  const random = createRandom(1);
  return readJsonCases()
    .flatMap(({ name, input }) => places.map((place) => place(name, input)))
    .map((request) => ({ request, order: random() }))
    .sort((a, b) => a.order - b.order)
    .map(({ request }) => request)
    .slice(0, count);
}
