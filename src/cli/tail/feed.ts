import { setTimeout as sleep } from 'node:timers/promises';
import { CommandError } from '../command';
import { readEventStream, RetryableError, type FeedPage, type FeedRequest } from './event-stream';

const minPauseMs = 100;
const maxPauseMs = 5_000;

/**
 * What is recorded from a cursor on, through lost connections and restarts of the server.
 * @param signal ends it, without an error
 * @param onNotice gets a line when the connection is lost, and when there is one again
 * @throws {CommandError} if the first connection fails, or the server refuses the request
 */
export async function* readFeed(
  request: FeedRequest,
  signal: AbortSignal,
  onNotice: (line: string) => void,
): AsyncGenerator<FeedPage> {
  let { after } = request;
  let hasConnected = false;
  /** Since the last message. */
  let failures = 0;
  for (;;) {
    try {
      for await (const page of readEventStream({ ...request, after }, signal)) {
        if (failures > 0) onNotice('Connected again.');
        failures = 0;
        hasConnected = true;
        after = page.cursor;
        yield page;
      }
      throw new RetryableError('the server ended the stream');
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof CommandError) throw error;
      const reason = describeError(error);
      if (!hasConnected && !(error instanceof RetryableError)) {
        throw new CommandError(`cannot connect to ${request.address}: ${reason}`);
      }
      if (failures++ === 0) onNotice(`Disconnected: ${reason}. Trying again.`);
      const pauseMs = Math.min(maxPauseMs, minPauseMs * 2 ** (failures - 1)) * (0.5 + Math.random() / 2);
      const told = error instanceof RetryableError ? error.retryAfterMs : 0;
      await sleep(Math.max(pauseMs, told), undefined, { signal }).catch(() => {});
      if (signal.aborted) return;
    }
  }
}

/** `fetch` fails with "fetch failed", and has the reason in `cause`; its own may have no message but a code. */
function describeError(error: unknown): string {
  const { cause } = error as Error;
  const { message, code } = (cause instanceof Error ? cause : error) as NodeJS.ErrnoException;
  return (message || (code ?? String(error))).replace(/\.$/, '');
}
