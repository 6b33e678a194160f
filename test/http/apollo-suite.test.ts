/**
 * @jest-environment <rootDir>/test/http/support/expected-failures.cjs
 */
import { ApolloServer } from '@apollo/server';
import { defineIntegrationTestSuite } from '@apollo/server-integration-testsuite';
import { expect, it } from '@jest/globals';
import { readConfig } from '../../src/config/config';
import type { GraphQLServer } from '../../src/graphql/server';
import { createHttpServer } from '../../src/http/server';
import type { Services } from '../../src/logs/services';
import { createLogger } from '../../src/telemetry/logger';
import { createMetrics } from '../../src/telemetry/metrics';

const graphqlHTTP = 'integration tests httpServerTests.ts graphqlHTTP';
const http = `${graphqlHTTP} throws an error if`;
const is415 = 'Bodies other than JSON are refused with 415, where Apollo wants 400.';
const ownWords =
  'Bodies other than JSON are refused with our code UNSUPPORTED_MEDIA_TYPE, also those of GET.';
const isNeverCached = 'Answers are always no-store, since a shared cache would show them to others.';

/** The tests of Apollo's suite that must fail, and why. */
const expectedFailures: Readonly<Record<string, string>> = {
  'integration tests apolloServerTests.ts CSRF prevention default': is415,
  [`${http} POST body is empty`]: is415,
  [`${http} invalid content-type`]: is415,
  [`${http} GET request has a non-application/json content-type`]: ownWords,
  [`${http} GET request has a non-preflighted non-application/json content-type`]: ownWords,
  [`${http} GET request has a malformed content-type`]: ownWords,
  [`${graphqlHTTP} cache-control runs when cache-control is disabled`]: isNeverCached,
  [`${graphqlHTTP} cache-control not set without any hints with if-cacheable`]: isNeverCached,
};
/** Without those that Apollo skips, such as incremental delivery, which needs another version of graphql. */
const testCount = 247;

declare global {
  // Read by expected-failures.cjs, which also writes testNames.
  var expectedFailures: readonly string[];
  var testNames: readonly string[];
}
globalThis.expectedFailures = Object.keys(expectedFailures);

const config = readConfig({ LOG_LEVEL: 'fatal' });
/** What a route needs that never asks our resolvers. */
const services = { serverInfo: { limits: { maxLogsResult: 1 } } } as Services;

defineIntegrationTestSuite(async (options, testOptions) => {
  const apollo = new ApolloServer(options);
  await apollo.start();
  // The suite has contexts of its own.
  const executeHTTPGraphQLRequest: typeof apollo.executeHTTPGraphQLRequest = ({ httpGraphQLRequest }) =>
    apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest,
      context: testOptions?.context ?? (async () => ({})),
    });
  const mounted = Object.assign(Object.create(apollo) as typeof apollo, { executeHTTPGraphQLRequest });
  const app = await createHttpServer({
    ...config,
    graphql: {
      apollo: mounted,
      operations: { answer: () => undefined },
      takeParts: () => undefined,
      // The suite expects the words of Apollo Server.
      checkRequest() {},
      checkParameters() {},
    } as unknown as GraphQLServer,
    services,
    consoleDirectory: '',
    keyring: { isOpen: () => true, find: () => undefined, close: async () => {} },
    logger: createLogger('fatal'),
    metrics: createMetrics(),
    observer: { rejected() {}, failed() {} },
    findUnreadyReason: async () => undefined,
    isStopping: () => false,
    isDropping: () => false,
  });
  // The suite expects the mount at the root.
  app.server.prependListener('request', (request) => {
    request.url = request.url!.replace(/^\//, '/graphql');
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return { server: apollo, url, extraCleanup: () => app.close() };
});

it(`Apollo's suite has ${testCount} tests, and those that we fail are among them`, () => {
  expect(testNames.filter((name) => name.startsWith('integration tests '))).toHaveLength(testCount);
  expect(testNames).toEqual(expect.arrayContaining(Object.keys(expectedFailures)));
});
