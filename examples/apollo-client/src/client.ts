import { ApolloClient, ApolloLink, CombinedGraphQLErrors, HttpLink, InMemoryCache } from '@apollo/client';
import { RetryLink } from '@apollo/client/link/retry';
import { relayStylePagination } from '@apollo/client/utilities';
import { map } from 'rxjs';

const url = import.meta.env.VITE_LOG_MANAGER_URL ?? 'http://127.0.0.1:4000';
const key = import.meta.env.VITE_LOG_MANAGER_KEY;

/** RetryLink retries what fails. An answer that says that the same request may succeed later is made to fail. */
const failIfRetryable = new ApolloLink((operation, forward) =>
  forward(operation).pipe(
    map((result) => {
      if (result.errors?.some(({ extensions }) => extensions?.['retryable'] === true)) {
        throw new CombinedGraphQLErrors(result);
      }
      return result;
    }),
  ),
);

export const client = new ApolloClient({
  link: ApolloLink.from([
    // Also retries if no answer arrives. For mutations this is safe with an `idempotencyKey`.
    new RetryLink({ attempts: { max: 5 } }),
    failIfRetryable,
    new HttpLink({ uri: `${url}/graphql`, headers: key ? { authorization: `Bearer ${key}` } : {} }),
  ]),
  cache: new InMemoryCache({
    typePolicies: {
      // Joins the pages of one list. It needs `edges` and `pageInfo`; `nodes` are not joined.
      Query: { fields: { logsConnection: relayStylePagination(['filter', 'order']) } },
    },
  }),
});
