import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startServer, type TestServer } from '../../support/server/server';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
  const input = {
    userId: 'ü',
    sessionId: 's',
    actions: [{ time: '2018-10-18T21:37:28-06:00', type: '€' }],
  };
  await server.graphql(
    'mutation ($input: RecordSessionInput!) { recordSession(input: $input) { recordedCount } }',
    { input },
  );
});
afterAll(() => server.stop());

it.each([
  undefined,
  '*/*',
  'application/json',
  'application/json, text/plain, */*',
  'application/graphql-response+json, application/json',
  'application/graphql-response+json,application/json;q=0.9',
  'application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed',
  'application/graphql-response+json',
  'text/html',
])('status, headers and body are the same from the fast path, for accept: %s', async (accept) => {
  const query = `query Q($user: String) { logs(user: $user) { time type userId } __typename }`;
  const ask = async () => {
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(accept && { accept }) },
      body: JSON.stringify({ query: `# ${accept}\n${query}`, variables: { user: 'ü' } }),
    });
    const headers = { ...Object.fromEntries(response.headers), date: '' };
    return { status: response.status, headers, body: await response.text() };
  };
  // Apollo Server answers the first two.
  const expected = await ask();
  await ask();
  expect(await ask()).toEqual(expected);
});
