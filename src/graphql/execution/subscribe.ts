import {
  createSourceEventStream,
  execute,
  GraphQLError,
  type DocumentNode,
  type GraphQLFormattedError,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import type { ChangesPage } from '../../logs/feed/page';
import type { Subscriber } from '../../logs/feed/subscriber';
import { createReadContext, type ReadContext } from '../../logs/model/read-context';
import type { GraphQLContext } from '../context';
import type { VariableValues } from './variables';

/** A message of a subscription. */
export interface Message {
  /**
   * An execution result: `data`, whose lists are RawJson, or `errors` alone. Write it with `toJsonParts`.
   */
  readonly result: object;
  /** The cursor of the last page: a client goes on after it. Undefined before the first page. */
  readonly cursor: string | undefined;
  /** Whether `result` is the error that ends the subscription: no message follows. */
  readonly isLast: boolean;
}

/**
 * A subscription that has started. A transport pulls a message when the one before is written: a subscription that is
 * not pulled holds no more messages.
 */
export interface Subscription extends AsyncIterableIterator<Message, undefined> {
  /**
   * Settles when the server has ended the subscription: its client is too slow, or the server stops. The message that
   * is pulled next tells why.
   */
  readonly ended: Promise<void>;
  /** Ends the subscription for its client. */
  return(): Promise<IteratorResult<Message, undefined>>;
}

interface Operation {
  readonly document: DocumentNode;
  readonly definition: OperationDefinitionNode;
  readonly schema: GraphQLSchema;
}

type Format = (error: GraphQLError) => GraphQLFormattedError;

/**
 * Starts a subscription of a valid document.
 * @param format reports an error, and gives what the client sees
 * @returns errors if it cannot start
 */
export async function startSubscription(
  { document, definition, schema }: Operation,
  variableValues: VariableValues,
  context: GraphQLContext,
  format: Format,
): Promise<Subscription | readonly GraphQLError[]> {
  const request = { schema, document, operationName: definition.name?.value, variableValues };
  const source = await createSourceEventStream({ ...request, contextValue: context });
  if (!(Symbol.asyncIterator in source)) return source.errors ?? [];
  // The resolver's own object.
  const subscriber = source as Subscriber;

  const toMessage = async (page: ChangesPage): Promise<Message> => {
    const contextValue = { ...context, readContext: createMessageContext(context.readContext) };
    const { errors, data } = await execute({
      ...request,
      rootValue: page,
      contextValue,
    });
    const { cursor } = page;
    if (errors) return toLastMessage(errors, cursor);
    return { result: { data }, cursor, isLast: false };
  };
  const toLastMessage = (errors: readonly GraphQLError[], cursor: string | undefined): Message => ({
    result: { errors: errors.map(format) },
    cursor,
    isLast: true,
  });

  const done = { done: true, value: undefined } as const;
  let isOver = false;
  const subscription: Subscription = {
    ended: subscriber.ended,
    async next() {
      if (isOver) return done;
      let message: Message;
      try {
        const { value: page } = await subscriber.next();
        if (!page) return done;
        message = await toMessage(page);
      } catch (originalError) {
        const error = new GraphQLError('', { nodes: definition, originalError: originalError as Error });
        message = toLastMessage([error], subscriber.cursor);
      }
      if (message.isLast) {
        isOver = true;
        await subscriber.return();
      }
      return { done: false, value: message };
    },
    async return() {
      isOver = true;
      await subscriber.return();
      return done;
    },
    [Symbol.asyncIterator]: () => subscription,
  };
  return subscription;
}

/** The read budget of one message: that of a request, anew. */
function createMessageContext({ mustBeLatest, maxEntries, maxBytes }: ReadContext): ReadContext {
  return createReadContext({ mustBeLatest, maxEntries, maxBytes });
}
