import type { ChangeStore } from '../../logs/change-store';
import { createChangeReads, toPosition, toUnfinished, type NoticeRow } from '../changes';
import type { ReadExecutor } from '../reads';
import { watchVersion } from '../watch';
import { selectEnd, selectPage } from './change-page';
import { changeStatements } from './change-statements';
import { oneOff, type Query } from './connection';
import type { Writer } from './writer';

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
    ...createChangeReads({ page: selectPage, end: selectEnd }, executor),

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
