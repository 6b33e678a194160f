import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { execute, LogManagerError } from './execute.js';
import { graphql } from './gql/index.js';
import type { RecordSessionInput, RecordSessionMutation } from './gql/graphql.js';

const recordSession = graphql(`
  mutation RecordSession($input: RecordSessionInput!) {
    recordSession(input: $input) {
      recordedCount
      replayed
    }
  }
`);

const maxAttempts = 6;

/**
 * Records a session, and sends it again while that may help. All attempts bear the same idempotency key, so that
 * the session is stored once, even if it was stored and only the answer was lost.
 */
export async function record(
  session: Omit<RecordSessionInput, 'idempotencyKey'>,
): Promise<RecordSessionMutation['recordSession']> {
  const input = { ...session, idempotencyKey: randomUUID() };
  for (let attempt = 1; ; attempt++) {
    try {
      return (await execute(recordSession, { input })).recordSession;
    } catch (error) {
      const details = error instanceof LogManagerError ? error.details : undefined;
      // Without details, no answer arrived: the connection broke, or a proxy answered.
      const mayRetry = details?.retryable ?? true;
      if (!mayRetry || attempt === maxAttempts) throw error;
      await setTimeout(details?.retryAfterMs ?? 100 * 2 ** attempt);
    }
  }
}
