import { types } from 'pg';
import { holdBack, TooManyBytesError } from '../../logs/model/errors';
import type { QueryContext } from '../../logs/model/read-context';
import type { LargeText, Select } from '../dialect';
import { createResultRoom, maxParallelBytes } from '../result-room';
import { createWorkQueue } from '../../logs/model/work-queue';
import type { Query } from './pool';

/** The type of pieces, which no other column has (https://www.postgresql.org/docs/current/datatype-character.html). */
const pieceType = types.builtins.VARCHAR;

interface LargeRow {
  /** Bytes of the text; null if it is not read for another reason than its bytes. */
  readonly bytes?: number | null;
}

type Execute = <Row>(query: Query) => Promise<Row[]>;

/**
 * Bounds the memory of large results. PostgreSQL sends only the bytes of a text with more than
 * {@link maxParallelBytes}; the statement is then executed again, one at a time. Such a text is sent in pieces that are
 * copied into one buffer: the driver would have one large value in memory three times, and as a string, which is not
 * freed before a garbage collection.
 * @param maxBytes of a result
 * @param maxWaitMs milliseconds that a large result may wait for its turn
 */
export function createLargeResults(maxBytes: number, maxWaitMs: number) {
  const usualBytes = Math.min(maxBytes, maxParallelBytes);
  const room = createResultRoom(usualBytes);
  // Otherwise many requests would have a part of their results in memory, and no room for the rest.
  const turns = createWorkQueue({ capacity: 1, maxWaitMs, keepsTogether: true });

  return {
    /**
     * Executes a statement; one with a large text a second time.
     * @throws {TooManyBytesError} if the result exceeds `maxBytes`
     * @throws {OverloadedError} if too many large responses are made or unsent
     */
    async read<Row>(select: Select, context: QueryContext, execute: Execute): Promise<Row[]> {
      const { largeText } = select;
      if (select.hasManyValues === true) return turns.run(() => execute<Row>(select), context);
      if (!largeText) return execute<Row>(select);
      const statement = { sql: select.sql, parameters: select.values };
      try {
        room.check(() => statement, context);
      } catch (error) {
        await holdBack();
        throw error;
      }
      for (;;) {
        const limit = room.limit(context) ?? usualBytes;
        const rows = await execute<Row & LargeRow>(withLimit(select, largeText, limit));
        const bytes = rows[0]!.bytes ?? 0;
        if (bytes <= limit) return rows;
        if (bytes > maxBytes) throw new TooManyBytesError(maxBytes);
        const requireRoom = (): void => {
          if (bytes > (context.room?.() ?? Infinity)) room.refuse(statement, bytes - 1, context);
        };
        requireRoom();
        const row = await turns.run(async () => {
          context.check?.();
          requireRoom();
          context.admit?.(bytes);
          return readInPieces<Row>(select, largeText, bytes, execute);
        }, context);
        if (row) return [row];
        // The text has become longer.
      }
    },
  };
}

function withLimit(select: Select, { maxBytesAt }: LargeText, bytes: number): Select {
  return { ...select, values: select.values.with(maxBytesAt, String(bytes)) };
}

/** @returns undefined if the text has more bytes than before */
async function readInPieces<Row>(
  select: Select,
  largeText: LargeText,
  bytes: number,
  execute: Execute,
): Promise<Row | undefined> {
  const { name, separator, others } = largeText;
  const columns = others.map((column) => `CASE WHEN at = 1 THEN ${column} END AS ${column}`);
  const { sql, values } = withLimit(select, largeText, bytes);
  const text = Buffer.allocUnsafeSlow(bytes);
  let length = 0;
  const rows = await execute<Row>({
    sql: `SELECT ${[...columns, `piece::varchar AS ${name}`].join(', ')} FROM (${sql}) AS result
      CROSS JOIN LATERAL unnest(string_to_array(${name}, '${separator}')) WITH ORDINALITY AS pieces (piece, at)`,
    values,
    types: {
      getTypeParser(type: Parameters<typeof types.getTypeParser>[0]): (value: string) => unknown {
        if (type !== pieceType) return types.getTypeParser(type) as (value: string) => unknown;
        // Called before the first row, also when the statement is repeated on another connection.
        length = 0;
        return (piece: string) => {
          if (length > 0) length += text.write(separator, length);
          length += text.write(piece, length);
        };
      },
    },
  });
  return rows.length === 0 ? undefined : { ...rows[0]!, [name]: text.subarray(0, length) };
}
