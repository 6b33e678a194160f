import { entrySeparator } from '../../logs/log-entry-repository';
import type { EntryColumn, EntryField } from '../../logs/model/log-entry';
import type { ChangeDialect } from '../change-sql';

/** Bytes of a field's JSON. */
const bytesOf: Readonly<Record<EntryField, string>> = {
  id: '22',
  time: '29',
  type: 'octet_length(json_quote(type))',
  // SQLite reads the length of a column without its content.
  properties: 'octet_length(properties)',
  userId: 'octet_length(json_quote(user_id))',
  sessionId: 'octet_length(json_quote(session_id))',
  receivedAt: '29',
};

const lengthOf = (text: string): number => Buffer.byteLength(JSON.stringify(text));

/** Bytes of a member: its name, a colon and a comma, and its value. */
function bytesOfMember(column: EntryColumn): string {
  const name = lengthOf(column.key) + 2;
  return 'constant' in column ? `${name + lengthOf(column.constant)}` : `${name} + ${bytesOf[column.field]}`;
}

/** The id is the order of commits: AUTOINCREMENT never gives an id again, and one connection writes at a time. */
export const sqliteChanges: ChangeDialect = {
  position: ['id'],

  bindPosition: (bind, { id }) => `CAST(${bind(String(id))} AS INTEGER)`,

  positionText: 'CAST(id AS text)',

  state: (after) => `SELECT epoch, newest + 1 AS id, ${after} > newest AS is_future
    FROM feed CROSS JOIN (SELECT coalesce(max(seq), 0) AS newest FROM sqlite_sequence WHERE name = 'log_entry')`,

  // Counts ids, beginning with that of an entry: takes no time, and passes ids without entries at once. The order is that
  // of the column, not of the sum with the same name, which no index has.
  lookedAt: (after, count) =>
    `SELECT id + ${count} AS id FROM log_entry WHERE id > ${after} ORDER BY log_entry.id LIMIT 1`,

  bytesOf: (columns) => ['2', String(entrySeparator.length), ...columns.map(bytesOfMember)].join(' + '),

  arrays: (items) => `json_group_array(json_array(${items.join(', ')}))`,
};
