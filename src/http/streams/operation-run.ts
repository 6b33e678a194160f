import { EventEmitter } from 'node:events';
import type { Answer } from '../../graphql/execution/execute';
import { toJsonParts } from '../../graphql/execution/raw-json';
import type { Subscription } from '../../graphql/execution/subscribe';
import type { AnswerState } from '../request-parts';
import { ResultJson } from './message-json';
import type { createTurns } from './turns';

/** Errors as clients see them. */
type FormattedErrors = readonly { readonly message: string }[];

/** Why an operation has no result, or no further one: the errors are a message of their own. */
export class OperationErrors extends Error {
  constructor(readonly errors: FormattedErrors) {
    super('the operation failed');
  }
}

export interface RunOptions {
  readonly takeTurn: ReturnType<typeof createTurns>;
  /** Executes the operation. */
  readonly start: (answer: AnswerState) => Promise<Answer | Subscription>;
  /** Called when the operation has started, or will not start. */
  readonly onStarted: () => void;
  /** Called when the server has ended a subscription whose client may not read the reason. Returns what undoes that. */
  readonly onEnded: () => () => void;
}

const done = { done: true, value: undefined } as const;

/** What the read budget of an operation knows of its answer. */
class OperationAnswer extends EventEmitter implements AnswerState {
  destroyed = false;
  readonly writableEnded = false;

  end(): void {
    if (this.destroyed) return;
    this.destroyed = true;
    this.emit('close');
  }
}

/**
 * Runs an operation of a WebSocket, for graphql-ws, which pulls a result when it has sent the one before. Queries and
 * mutations of a connection have a turn until their answer is sent; subscriptions have it until they have started.
 * @returns results; throws {@link OperationErrors}
 */
export function runOperation({
  takeTurn,
  start,
  onStarted,
  onEnded,
}: RunOptions): AsyncIterableIterator<ResultJson, undefined> {
  const answer = new OperationAnswer();
  let isBegun = false;
  let subscription: Subscription | undefined;
  let undoEnd = (): void => {};
  /** Defined while it has the turn and does not execute. */
  let endTurn: (() => void) | undefined;

  function end(): void {
    answer.end();
    undoEnd();
    endTurn?.();
    endTurn = undefined;
  }

  async function begin(): Promise<IteratorResult<ResultJson, undefined>> {
    const endOwnTurn = await takeTurn();
    let outcome: Answer | Subscription;
    try {
      // The client did not wait for its turn.
      if (answer.destroyed) return done;
      outcome = await start(answer);
    } finally {
      onStarted();
      endTurn = endOwnTurn;
      if (answer.destroyed) end();
    }
    if ('ended' in outcome) {
      endOwnTurn();
      subscription = outcome;
      if (answer.destroyed) {
        await subscription.return();
        return done;
      }
      void subscription.ended.then(() => {
        if (!answer.destroyed) undoEnd = onEnded();
      });
      return pull(subscription);
    }
    if (!('data' in outcome.result)) throw errorsOf(outcome.result);
    return { done: false, value: new ResultJson(toJsonParts(outcome.result), false) };
  }

  async function pull(source: Subscription): Promise<IteratorResult<ResultJson, undefined>> {
    const { value: message } = await source.next();
    if (message?.isLast) throw errorsOf(message.result);
    if (!message || answer.destroyed) return done;
    return { done: false, value: new ResultJson(toJsonParts(message.result), true) };
  }

  const run: AsyncIterableIterator<ResultJson, undefined> = {
    async next() {
      try {
        if (answer.destroyed) return done;
        let result: IteratorResult<ResultJson, undefined>;
        if (!isBegun) {
          isBegun = true;
          result = await begin();
        } else result = subscription ? await pull(subscription) : done;
        if (result.done) end();
        return result;
      } catch (error) {
        // The message of the error follows: graphql-ws pulls no more.
        end();
        throw error;
      }
    },
    async return() {
      if (isBegun && endTurn === undefined && !subscription) answer.end();
      else end();
      await subscription?.return();
      return done;
    },
    [Symbol.asyncIterator]: () => run,
  };
  return run;
}

function errorsOf(result: object): OperationErrors {
  return new OperationErrors((result as { errors: FormattedErrors }).errors);
}
