import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginCacheControlDisabled } from '@apollo/server/plugin/disabled';
import { buildSchema } from 'graphql';
import type { GraphQLContext } from './context';
import { checkParameters, checkRequest } from './errors/check-request';
import { formatError } from './errors/format-error';
import { createErrorPlugin, type ErrorObserver } from './errors/report-errors';
import { createExecutionSchema } from './execution/execution-schema';
import { createOperations } from './execution/operations';
import { validationRules } from './execution/parse-document';
import { createStandIns, toJsonParts } from './execution/raw-json';
import { landingPage } from './landing-page';
import { maxTokens } from './limits/document-limits';
import { addResolvers } from './schema/resolvers';
import { addScalars } from './schema/scalars';

/** Apollo Server, started, and the operations that it has found valid. */
export type GraphQLServer = Awaited<ReturnType<typeof createGraphQLServer>>;

/** @param typeDefs the SDL that is served */
export async function createGraphQLServer(typeDefs: string, observer: ErrorObserver) {
  const schema = buildSchema(typeDefs);
  addScalars(schema);
  const executionSchema = createExecutionSchema(typeDefs, schema);
  addResolvers(schema);
  addResolvers(executionSchema);
  const operations = createOperations(schema, executionSchema, observer);
  const standIns = createStandIns();
  const apollo = new ApolloServer<GraphQLContext>({
    schema,
    formatError,
    stringifyResult: (result) => standIns.add(toJsonParts(result)),
    validationRules,
    // http/auth refuses pages of other sites.
    csrfPrevention: false,
    // Sandbox and code generators need it, whatever NODE_ENV says.
    introspection: true,
    includeStacktraceInErrorResponses: false,
    persistedQueries: false,
    parseOptions: { maxLexicalTokens: maxTokens },
    documentStore: null,
    stopOnTerminationSignals: false,
    logger: { debug() {}, info() {}, warn() {}, error: (error) => observer.failed(error, '') },
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      // http/graphql-route adds its Content-Security-Policy.
      { serverWillStart: async () => ({ renderLandingPage: async () => landingPage }) },
      createErrorPlugin(observer),
      operations.plugin,
    ],
  });
  await apollo.start();
  return { apollo, takeParts: standIns.take, operations, typeDefs, checkRequest, checkParameters };
}
