import { LRUCache } from 'lru-cache';
import { types } from 'pg';
import { holdBack, TooManyBytesError } from '../../logs/model/errors';
import type { QueryContext } from '../../logs/model/read-context';
import { releaseMemory } from '../../logs/model/release-memory';
import type { LargeText, Select } from '../dialect';
import { createResultRoom, maxParallelBytes } from '../result-room';
import { createWorkQueue } from '../../logs/model/work-queue';
import type { Query } from './pool';

/** The type of pieces, which no other column has (https://www.postgresql.org/docs/current/datatype-character.html). */
const pieceType = types.builtins.VARCHAR;

/** Smaller results are read in one piece, which takes less time. */
const minPiecedBytes = 400_000;
/** Ten backends at a time that render large results leave too little CPU time to a server on the same machine. */
const maxLargeReads = 2;

/** Characters of the statements of which the last bytes are known, and of one. */
const maxKnownLength = 1_000_000;
const maxStatementLength = 20_000;

interface LargeRow {
  /** Bytes of the text; null if it is not read for another reason than its bytes. */
  readonly bytes?: number | null;
}

type Execute = <Row>(query: Query) => Promise<Row[]>;

/**
 * Bounds the memory of large results. PostgreSQL sends only the bytes of a text with more than
 * {@link maxParallelBytes}; the statement is then executed again, one at a time. Such a text is sent in pieces that are
 * copied into one buffer: the driver would have one large value in memory three times, and as a string, which is not
 * freed before a garbage collection. So is a text of a statement whose last result had more than
 * {@link minPiecedBytes}; few of those are read at a time.
 * @param maxBytes of a result
 * @param maxWaitMs milliseconds that a large result may wait for its turn
 */
export function createLargeResults(maxBytes: number, maxWaitMs: number) {
  const usualBytes = Math.min(maxBytes, maxParallelBytes);
  const room = createResultRoom(usualBytes);
  // Otherwise many requests would have a part of their results in memory, and no room for the rest.
  const turns = createWorkQueue({ capacity: 1, maxWaitMs, keepsTogether: true });
  const largeTurns = createWorkQueue({ capacity: maxLargeReads, maxWaitMs });
  /** Bytes of the last result of a statement, whatever its values were. */
  const lastBytes = new LRUCache<string, number>({
    maxSize: maxKnownLength,
    maxEntrySize: maxStatementLength,
    sizeCalculation: (_, sql) => sql.length,
  });

  /** Executes a statement once, and notes the bytes of its result. */
  async function readOnce<Row>(
    select: Select,
    largeText: LargeText,
    maxTextBytes: number,
    execute: Execute,
  ): Promise<Row & LargeRow> {
    const expectedBytes = lastBytes.get(select.sql) ?? 0;
    const isPieced = expectedBytes >= minPiecedBytes && expectedBytes <= maxTextBytes;
    const pieced = isPieced
      ? await readInPieces<Row>(select, largeText, { maxTextBytes, expectedBytes }, execute)
      : undefined;
    const row = pieced ?? (await execute<Row & LargeRow>(withLimit(select, largeText, maxTextBytes)))[0]!;
    lastBytes.set(select.sql, row.bytes ?? 0);
    return row;
  }

  /** Executes a bounded statement in its turn if its result is large, or unknown. Of expensive ones, few run anyway. */
  function readInTurn<Row>(select: Select, context: QueryContext, read: () => Promise<Row>): Promise<Row> {
    const isSmall = (lastBytes.get(select.sql) ?? Infinity) < minPiecedBytes;
    if (isSmall || select.readClass === 'expensive') return read();
    return largeTurns.run(async () => {
      context.check?.();
      return read();
    }, context);
  }

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
        const row = await readInTurn(select, context, () => readOnce<Row>(select, largeText, limit, execute));
        const bytes = row.bytes ?? 0;
        if (bytes <= limit) return [row];
        if (bytes > maxBytes) throw new TooManyBytesError(maxBytes);
        const requireRoom = (): void => {
          if (bytes > (context.room?.() ?? Infinity)) room.refuse(statement, bytes - 1, context);
        };
        requireRoom();
        const pieced = await turns.run(async () => {
          context.check?.();
          requireRoom();
          context.admit?.(bytes);
          const sizes = { maxTextBytes: bytes, expectedBytes: bytes };
          return readInPieces<Row>(select, largeText, sizes, execute);
        }, context);
        if (pieced) return [pieced];
        // The text has become longer.
      }
    },
  };
}

function withLimit(select: Select, { maxBytesAt }: LargeText, bytes: number): Select {
  return { ...select, values: select.values.with(maxBytesAt, String(bytes)) };
}

interface TextSizes {
  readonly maxTextBytes: number;
  readonly expectedBytes: number;
}

/** @returns undefined if the text has more bytes than it may, or none */
async function readInPieces<Row>(
  select: Select,
  largeText: LargeText,
  { maxTextBytes, expectedBytes }: TextSizes,
  execute: Execute,
): Promise<(Row & LargeRow) | undefined> {
  const { name, separator, others } = largeText;
  const columns = others.map((column) => `CASE WHEN at = 1 THEN ${column} END AS ${column}`);
  const { sql, values } = withLimit(select, largeText, maxTextBytes);
  const text = createText(expectedBytes);
  const rows = await execute<Row>({
    sql: `SELECT ${[...columns, `piece::varchar AS ${name}`].join(', ')} FROM (${sql}) AS result
      CROSS JOIN LATERAL unnest(string_to_array(${name}, '${separator}')) WITH ORDINALITY AS pieces (piece, at)`,
    values,
    types: {
      getTypeParser(type: Parameters<typeof types.getTypeParser>[0]): (value: string) => unknown {
        if (type !== pieceType) return types.getTypeParser(type) as (value: string) => unknown;
        // Called before the first row, also when the statement is repeated on another connection.
        text.clear();
        return (piece: string) => {
          if (text.length() > 0) text.write(separator);
          text.write(piece);
        };
      },
    },
  });
  return rows.length === 0 ? undefined : { ...rows[0]!, [name]: text.read(), bytes: text.length() };
}

/** A buffer to which text is appended. It grows when it has more bytes than expected. */
function createText(expectedBytes: number) {
  let buffer = Buffer.allocUnsafeSlow(expectedBytes);
  let length = 0;

  function grow(minBytes: number): void {
    const larger = Buffer.allocUnsafeSlow(Math.max(minBytes, 2 * buffer.length));
    buffer.copy(larger, 0, 0, length);
    releaseMemory([buffer]);
    buffer = larger;
  }

  return {
    length: (): number => length,
    clear(): void {
      length = 0;
    },
    write(text: string): void {
      // A UTF-16 unit takes at most three bytes.
      if (length + 3 * text.length > buffer.length) {
        const bytes = length + Buffer.byteLength(text);
        if (bytes > buffer.length) grow(bytes);
      }
      length += buffer.write(text, length);
    },
    read: (): Buffer => buffer.subarray(0, length),
  };
}
