import { LRUCache } from 'lru-cache';
import { types } from 'pg';
import { holdBack, OverloadedError, TooManyBytesError } from '../../logs/model/errors';
import type { QueryContext } from '../../logs/model/read-context';
import { releaseMemory } from '../../logs/model/release-memory';
import type { LargeText, Select } from '../dialect';
import { createResultRoom, maxParallelBytes } from '../result-room';
import { createWorkQueue } from '../../logs/model/work-queue';
import type { Query } from './pool';
import { timeouts } from './timeouts';

/** The type of pieces, which no other column has (https://www.postgresql.org/docs/current/datatype-character.html). */
const pieceType = types.builtins.VARCHAR;

/** Smaller results are read in one piece, which takes less time. */
const minPiecedBytes = 400_000;

/** Characters of the statements of which the bytes are known, and of one. */
const maxKnownLength = 1_000_000;
const maxStatementLength = 20_000;

interface LargeRow {
  /** Bytes of the text; null if it is not read for another reason than its bytes. */
  readonly bytes?: number | null;
}

type Execute = <Row>(query: Query) => Promise<Row[]>;

export interface LargeResultsOptions {
  /** Maximum bytes of a result. */
  readonly maxBytes: number;
  /** Milliseconds that a result of more than {@link maxParallelBytes} may wait for its turn. */
  readonly maxWaitMs: number;
  /** Maximum number of bounded statements with large results at a time. */
  readonly maxLargeReads: number;
}

/**
 * Bounds the memory and the CPU time of large results. PostgreSQL sends only the bytes of a text with more than
 * {@link maxParallelBytes}; the statement is then executed again, one at a time. Such a text is sent in pieces that are
 * copied into one buffer: the driver would have one large value in memory three times, and as a string, which is not
 * freed before a garbage collection.
 *
 * A statement that lately had a result of {@link minPiecedBytes} or more is read in pieces at once. Few of those are
 * executed at a time: otherwise a PostgreSQL on the same machine would leave the server little CPU time.
 */
export function createLargeResults({ maxBytes, maxWaitMs, maxLargeReads }: LargeResultsOptions) {
  const usualBytes = Math.min(maxBytes, maxParallelBytes);
  const room = createResultRoom(usualBytes);
  // Otherwise many requests would have a part of their results in memory, and no room for the rest.
  const turns = createWorkQueue({ capacity: 1, maxWaitMs, keepsTogether: true });
  const largeTurns = createWorkQueue({ capacity: maxLargeReads, maxWaitMs: timeouts.queueMs });
  /**
   * Bytes of the last large result of a statement, whatever its values were, less an eighth for each smaller result since:
   * one small result must not let many large ones run at once.
   */
  const knownBytes = new LRUCache<string, number>({
    maxSize: maxKnownLength,
    maxEntrySize: maxStatementLength,
    sizeCalculation: (_, sql) => sql.length,
  });

  /** @throws {OverloadedError} if the result had no room lately, and has none now */
  const checkRoom = ({ sql, values }: Select, context: QueryContext): void =>
    room.check(() => ({ sql, parameters: values }), context);

  /** Executes a statement, and notes the bytes of its result. */
  async function readNow<Row>(
    select: Select,
    largeText: LargeText,
    limit: number,
    execute: Execute,
  ): Promise<Row & LargeRow> {
    const expectedBytes = knownBytes.get(select.sql) ?? 0;
    const row =
      expectedBytes >= minPiecedBytes
        ? await readInPieces<Row>(select, largeText, limit, Math.min(expectedBytes, limit), execute)
        : (await execute<Row & LargeRow>(withLimit(select, largeText, limit)))[0]!;
    const knownNow = knownBytes.get(select.sql) ?? 0;
    // A larger result may have come meanwhile.
    const leastBytes = knownNow > expectedBytes ? knownNow : (expectedBytes * 7) / 8;
    // A text that has too many rows has no bytes here, but PostgreSQL has made it.
    knownBytes.set(select.sql, Math.max(row.bytes ?? (expectedBytes || usualBytes), leastBytes));
    return row;
  }

  /** Executes a bounded statement in its turn if its result may be large. Of expensive ones, few run anyway. */
  async function readInTurn<Result>(
    select: Select,
    context: QueryContext,
    read: () => Promise<Result>,
  ): Promise<Result> {
    try {
      checkRoom(select, context);
      const isSmall = (knownBytes.get(select.sql) ?? Infinity) < minPiecedBytes;
      if (isSmall || select.readClass === 'expensive') return await read();
      return await largeTurns.run(async () => {
        context.check?.();
        checkRoom(select, context);
        return read();
      }, context);
    } catch (error) {
      // Not in its turn, which others wait for; an expensive read is in that of its lane.
      if (error instanceof OverloadedError && select.readClass === 'bounded') await holdBack();
      throw error;
    }
  }

  return {
    /**
     * Executes a statement; one with a text of more than {@link maxParallelBytes} a second time.
     * @throws {TooManyBytesError} if the result exceeds `maxBytes`
     * @throws {OverloadedError} if too many large responses are made or unsent
     */
    async read<Row>(select: Select, context: QueryContext, execute: Execute): Promise<Row[]> {
      const { largeText } = select;
      if (select.hasManyValues === true) return turns.run(() => execute<Row>(select), context);
      if (!largeText) return execute<Row>(select);
      let limit = usualBytes;
      let row = await readInTurn(select, context, () => {
        limit = room.limit(context) ?? usualBytes;
        return readNow<Row>(select, largeText, limit, execute);
      });
      // Repeated if the text becomes longer meanwhile.
      for (let bytes = row.bytes ?? 0; bytes > limit; bytes = row.bytes ?? 0) {
        if (bytes > maxBytes) throw new TooManyBytesError(maxBytes);
        const requireItsRoom = (): void => {
          const statement = { sql: select.sql, parameters: select.values };
          if (bytes > (context.room?.() ?? Infinity)) room.refuse(statement, bytes - 1, context);
        };
        requireItsRoom();
        row = await turns.run(async () => {
          context.check?.();
          requireItsRoom();
          context.admit?.(bytes);
          return readInPieces<Row>(select, largeText, bytes, bytes, execute);
        }, context);
        limit = bytes;
      }
      return [row];
    },
  };
}

function withLimit(select: Select, { maxBytesAt }: LargeText, bytes: number): Select {
  return { ...select, values: select.values.with(maxBytesAt, String(bytes)) };
}

/** Executes a statement whose text comes in rows. @returns the row, with a text of at most `maxTextBytes`, or null */
async function readInPieces<Row>(
  select: Select,
  largeText: LargeText,
  maxTextBytes: number,
  expectedBytes: number,
  execute: Execute,
): Promise<Row & LargeRow> {
  const { name, separator, others } = largeText;
  const columns = [...others, 'bytes'].map(
    (column) => `CASE WHEN coalesce(at, 1) = 1 THEN ${column} END AS ${column}`,
  );
  const { sql, values } = withLimit(select, largeText, maxTextBytes);
  const [row] = await execute<Row & LargeRow>({
    sql: `SELECT ${columns.join(', ')}, piece::varchar AS ${name} FROM (${sql}) AS result
      LEFT JOIN LATERAL unnest(string_to_array(${name}, '${separator}')) WITH ORDINALITY AS pieces (piece, at) ON true`,
    values,
    types: {
      getTypeParser(type: Parameters<typeof types.getTypeParser>[0]): (value: string) => unknown {
        if (type !== pieceType) return types.getTypeParser(type) as (value: string) => unknown;
        // Called for each execution. The statement may be repeated, while rows of a replica that was given up still come.
        const text = createText(expectedBytes, separator);
        return (piece: string) => {
          text.add(piece);
          return text;
        };
      },
    },
  });
  const text = Reflect.get(row!, name) as Text | null;
  return { ...row!, [name]: text?.read() ?? (row!.bytes === 0 ? '' : null) };
}

type Text = ReturnType<typeof createText>;

/** A text that is put together in a buffer, which grows when the text has more bytes than expected. */
function createText(expectedBytes: number, separator: string) {
  let buffer: Buffer | undefined;
  let length = 0;

  /** Replaces the buffer by one of another size, and frees it. */
  function resize(bytes: number): Buffer {
    const resized = Buffer.allocUnsafeSlow(bytes);
    if (buffer) {
      buffer.copy(resized, 0, 0, length);
      releaseMemory([buffer]);
    }
    return (buffer = resized);
  }

  function write(text: string): void {
    buffer ??= resize(expectedBytes);
    // A UTF-16 unit takes at most three bytes.
    if (length + 3 * text.length > buffer.length) {
      const bytes = length + Buffer.byteLength(text);
      if (bytes > buffer.length) resize(Math.max(bytes, 2 * buffer.length));
    }
    length += buffer.write(text, length);
  }

  return {
    /** Adds a piece behind a separator. */
    add(piece: string): void {
      if (length > 0) write(separator);
      write(piece);
    },

    /** The text, in a buffer that is not much larger: its bytes are counted while it is sent. */
    read(): Buffer {
      const { length: capacity } = buffer!;
      return (capacity > 1.25 * length ? resize(length) : buffer!).subarray(0, length);
    },
  };
}
