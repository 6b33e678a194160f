import type { QueryContext } from './read-context';

/** A read that waits for its turn. */
interface WaitingRead {
  readonly context: Pick<QueryContext, 'client'> | undefined;
  /** Reads of lower rounds come first. */
  readonly round: number;
}

/** Maximum number of clients whose last round is known. */
const maxClients = 10_000;

/**
 * Reads in the order of their turns. Clients that have reads in the queue take turns, so that one with 1,000
 * connections keeps no other one waiting: each read of a client is in a later round than the one before, and the first
 * one in the present round (start-time fair queueing, https://doi.org/10.1109/90.649569).
 */
export function createReadQueue<Read extends WaitingRead>() {
  let waiting: Read[] = [];
  /** The round of the last read that was taken. */
  let round = 0;
  /** The last round of each client that has waiting reads, or had some a short time ago. */
  const lastRounds = new Map<string, number>();

  return {
    /** The reads that wait, in order. */
    waiting: (): readonly Read[] => waiting,

    /** The round of a new read. */
    nextRound(context: WaitingRead['context']): number {
      if (waiting.length === 0 || lastRounds.size === maxClients) lastRounds.clear();
      const client = context?.client?.();
      // The server's own reads.
      if (client === undefined) return round;
      const next = Math.max(round, (lastRounds.get(client) ?? -1) + 1);
      lastRounds.set(client, next);
      return next;
    },

    /** Adds a read behind those of its round. */
    add(read: Read): void {
      if (waiting.length === 0 || waiting.at(-1)!.round <= read.round) waiting.push(read);
      else
        waiting.splice(
          waiting.findIndex((other) => other.round > read.round),
          0,
          read,
        );
    },

    /** Adds reads before all others. */
    addFirst(reads: readonly Read[]): void {
      waiting.unshift(...reads);
    },

    /** Takes reads out of the queue, since their turn has come. */
    take(reads: readonly Read[]): void {
      const [first] = reads;
      round = Math.max(round, first!.round);
      if (reads.length === 1 && first === waiting[0]) waiting = waiting.slice(1);
      else {
        const taken = new Set(reads);
        waiting = waiting.filter((read) => !taken.has(read));
      }
    },

    /** Takes a read out of the queue that waits no longer. */
    remove(read: Read): void {
      waiting = waiting.filter((other) => other !== read);
    },
  };
}
