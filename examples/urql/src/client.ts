import { retryExchange } from '@urql/exchange-retry';
import { cacheExchange, Client, fetchExchange } from 'urql';

const url = import.meta.env.VITE_LOG_MANAGER_URL ?? 'http://127.0.0.1:4000';
const key = import.meta.env.VITE_LOG_MANAGER_KEY;

export const client = new Client({
  url: `${url}/graphql`,
  fetchOptions: { headers: key ? { authorization: `Bearer ${key}` } : {} },
  preferGetMethod: false,
  exchanges: [
    cacheExchange,
    // Sends a request again if no answer arrives, or one that says that it may help. For mutations this is safe
    // with an `idempotencyKey`.
    retryExchange({
      maxNumberAttempts: 5,
      retryIf: ({ networkError, graphQLErrors }) =>
        networkError !== undefined ||
        graphQLErrors.some(({ extensions }) => extensions['retryable'] === true),
    }),
    fetchExchange,
  ],
});
