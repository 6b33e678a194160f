import { call } from '../../support/journal/api';
import type { Askable } from '../../logs/support/walk';

/** A server that runs somewhere, asked in a way that fails when it gives no answer. */
export function askableAt(url: string): Askable {
  return {
    graphql: async (query, variables = {}) => {
      const reply = await call(url, query, variables);
      if (!reply.isAnswered) throw new Error(reply.error);
      return reply.body;
    },
  };
}
