import type { ChangeStore } from '../../logs/change-store';
import { createChangeQueries } from '../change-sql';
import { createChangeReads, toPosition, toUnfinished, type NoticeRow } from '../changes';
import type { ReadExecutor } from '../reads';
import { watchVersion } from '../watch';
import { sqliteChanges } from './change-dialect';
import { oneOff, type Query } from './connection';
import { sqlite } from './dialect';
import type { Writer } from './writer';

const columns = `CAST(id AS text) AS position, user_id AS "userId", session_id AS "sessionId",
  CAST(erased_at AS text) AS "erasedAt"`;

/** The statements of the store that are not composed. */
export const changeStatements = {
  /** The trigger of the table takes the id out of the sequence. */
  note: `INSERT INTO erasure (id, user_id, session_id, erased_at, is_finished)
    SELECT coalesce(max(seq), 0) + 1, ?1, nullif(?2, ''), CAST(?3 AS INTEGER), 0
    FROM sqlite_sequence WHERE name = 'log_entry' RETURNING CAST(id AS text) AS position`,
  finish: 'UPDATE erasure SET is_finished = 1 WHERE id = CAST(?1 AS INTEGER)',
  remove: 'DELETE FROM erasure WHERE id = CAST(?1 AS INTEGER)',
  unfinished: `SELECT ${columns} FROM erasure WHERE is_finished = 0 AND erased_at < CAST(?1 AS INTEGER) ORDER BY id`,
  forget: `DELETE FROM erasure WHERE id IN (SELECT id FROM erasure
    WHERE is_finished = 1 AND erased_at < CAST(?1 AS INTEGER) ORDER BY id LIMIT CAST(?2 AS INTEGER)) RETURNING 1`,
  renewEpoch: 'UPDATE feed SET epoch = lower(hex(randomblob(8))) RETURNING epoch',
  /** Changes with every commit of another connection (https://www.sqlite.org/pragma.html#pragma_data_version). */
  version: 'PRAGMA data_version',
  /** Changes with every commit of this connection. */
  ownVersion: 'SELECT total_changes()',
} as const;

export interface SqliteChangesOptions {
  readonly writer: Pick<Writer, 'exclusive'>;
  readonly executor: Pick<ReadExecutor, 'all'>;
  /** Reads on a connection that waits for no read of entries. */
  readonly probe: <Row>(query: Query) => Promise<Row[]>;
  /** Whether the writer is the only connection. */
  readonly isInMemory: boolean;
}

/** The feed of a SQLite database. */
export function createSqliteChanges({
  writer,
  executor,
  probe,
  isInMemory,
}: SqliteChangesOptions): ChangeStore {
  /** One statement, which commits; waits for the lock of another process. */
  const write = <Row>(sql: string, ...parameters: readonly string[]): Promise<Row[]> =>
    writer.exclusive((connection) => connection.all<Row>({ sql, parameters, isOneOff: true }));
  const version = {
    sql: isInMemory ? changeStatements.ownVersion : changeStatements.version,
    parameters: [],
  };

  return {
    ...createChangeReads(createChangeQueries(sqlite, sqliteChanges), executor),

    watch: (onChange) =>
      watchVersion(
        async () => Object.values((await probe<Record<string, number>>(version))[0]!)[0],
        onChange,
      ),

    async noteErasure({ userId, sessionId, erasedAt }) {
      const [row] = await write<{ position: string }>(
        changeStatements.note,
        ...[userId, sessionId ?? '', String(erasedAt)],
      );
      return toPosition(row!.position);
    },

    async finishErasure({ id }, isKept) {
      await write(isKept ? changeStatements.finish : changeStatements.remove, String(id));
    },

    async findUnfinished(before) {
      const rows = await probe<NoticeRow>({
        ...oneOff(changeStatements.unfinished),
        parameters: [String(before)],
      });
      return rows.map(toUnfinished);
    },

    async forgetErasures(before, limit) {
      return (await write(changeStatements.forget, String(before), String(limit))).length;
    },

    async renewEpoch() {
      const [row] = await write<{ epoch: string }>(changeStatements.renewEpoch);
      return row!.epoch;
    },
  };
}
