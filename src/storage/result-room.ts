import { LRUCache } from 'lru-cache';
import type { QueryContext } from '../logs/model/read-context';

/** Characters of all statements that are remembered, and of one. */
const maxKeptLength = 1_000_000;
const maxLength = 100_000;
/** Milliseconds for which a statement is remembered. */
const keptMs = 10_000;

/** Larger results are read one at a time: each takes its bytes several times. */
export const maxParallelBytes = 4_000_000;

/** A statement that reads one large value, and the values of its parameters. */
interface Statement {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/**
 * Keeps results from being read that would be refused, while many bytes of responses are unsent: 1,000 connections
 * that ask for the same list and do not take it would otherwise keep the connections of a database busy for nothing.
 * @param maxBytes with more room, results are read as usual: whether a larger one is RESULT_TOO_LARGE is known then
 */
export function createResultRoom(maxBytes: number) {
  /** Statements whose results had no room, and fewer bytes than these have. */
  const refused = new LRUCache<string, number>({
    maxSize: maxKeptLength,
    maxEntrySize: maxLength,
    sizeCalculation: (_, key) => key.length,
    ttl: keptMs,
  });

  return {
    /** Maximum bytes of a result while there is less room than usual; otherwise undefined. */
    limit(context: QueryContext | undefined): number | undefined {
      const room = context?.room?.() ?? Infinity;
      return room < maxBytes ? room : undefined;
    },

    /**
     * Called when a result exceeds the limit.
     * @throws {OverloadedError} if there is no room yet
     */
    refuse(statement: Statement, limitBytes: number, context: QueryContext | undefined): void {
      refused.set(keyOf(statement), limitBytes);
      context?.admit?.(limitBytes + 1);
    },

    /** @throws {OverloadedError} if the result of the statement had no room lately, and has none now */
    check(toStatement: () => Statement, context: QueryContext | undefined): void {
      if (refused.size === 0) return;
      const room = context?.room?.() ?? Infinity;
      const known = room < maxBytes ? refused.get(keyOf(toStatement())) : undefined;
      if (known !== undefined && known >= room) context!.admit!(known + 1);
    },
  };
}

function keyOf({ sql, parameters }: Statement): string {
  return [sql, ...parameters].join('\0');
}
