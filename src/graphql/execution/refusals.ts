import { LRUCache } from 'lru-cache';
import { holdBack, type RefusalError } from '../../logs/model/errors';
import type { GraphQLContext } from '../context';
import type { VariableValues } from './variables';

/** Maximum characters of all requests that are kept, and of one. */
const maxKeptLength = 1_000_000;
const maxLength = 10_000;

/**
 * Remembers requests that were refused as a whole because of their expensive reads. While the database would refuse
 * them again, they are not executed: 1,000 clients that ask again at once would take all CPU time. Whether a read is
 * expensive depends on the request and the user to whom its key is bound, and for `sessions` of a user on their number.
 */
export function createRefusals() {
  const refused = new LRUCache<string, RefusalError>({
    maxSize: maxKeptLength,
    maxEntrySize: maxLength,
    sizeCalculation: ({ readKey = '' }, key) => key.length + readKey.length,
  });
  const keyOf = (document: number, variables: VariableValues, { principal }: GraphQLContext): string =>
    JSON.stringify([document, principal.userId, variables]);

  return {
    /** The refusal of such a request, after the time for which it is held back; undefined if it must be executed. */
    async find(
      document: number,
      variables: VariableValues,
      context: GraphQLContext,
    ): Promise<RefusalError | undefined> {
      const { repository, readContext } = context;
      if (refused.size === 0 || !repository.findRefusal(readContext)) return undefined;
      const known = refused.get(keyOf(document, variables, context));
      const refusal = known && repository.findRefusal(readContext, true, known.readKey);
      if (refusal) await holdBack();
      return refusal;
    },
    add(refusal: RefusalError, document: number, variables: VariableValues, context: GraphQLContext): void {
      refused.set(keyOf(document, variables, context), refusal);
    },
  };
}
