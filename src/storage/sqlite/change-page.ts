import type { ChangesQuery } from '../../logs/change-store';
import { entrySeparator } from '../../logs/log-entry-repository';
import type { EntryColumn, EntryField } from '../../logs/model/log-entry';
import { filterNotices, maxLookedAt, maxNotices } from '../changes';
import type { Bind, Select, Value } from '../dialect';
import { filterInAnyOrder, where } from '../filter-sql';
import { sqlite } from './dialect';

/** Bytes of a field's JSON, or a little more. */
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
const newest = `(SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'log_entry')`;

/** One row: `epoch`, and `stop`, the first position that cannot be read yet. */
export const selectEnd: Select = {
  sql: `SELECT epoch, CAST(${newest} + 1 AS text) AS stop FROM feed`,
  values: [],
  readClass: 'bounded',
};

/** One row, see `ChangesRow`: a snapshot of the database. */
export function selectPage({ filter, columns, after, first, maxBytes }: ChangesQuery): Select {
  const values: Value[] = [];
  const bind: Bind = (value) => sqlite.placeholder(values.push(value));
  const start = `CAST(${bind(String(after.id))} AS INTEGER)`;
  const entryFilter = filterInAnyOrder(sqlite, bind, filter);
  const noticeFilter = filterNotices(sqlite, bind, filter);
  // Every entry looked at is on the page if there is no filter. Counts ids, beginning with that of an entry: takes no
  // time, and passes ids without entries at once. The order is that of the column, not of the sum with the same name,
  // which no index has.
  const lookedAt = `UNION ALL SELECT id, 'lookedAt' AS reason
    FROM (SELECT id + ${maxLookedAt} AS id FROM log_entry WHERE id > ${start} ORDER BY log_entry.id LIMIT 1)`;
  const bytes = ['2', String(entrySeparator.length), ...columns.map(bytesOfMember)].join(' + ');
  const sql = `WITH state AS MATERIALIZED (
      SELECT epoch, newest + 1 AS id, ${start} > newest AS is_future FROM feed CROSS JOIN (SELECT ${newest} AS newest)),
    bound AS MATERIALIZED (SELECT * FROM (SELECT id, 'end' AS reason FROM state
      ${entryFilter.length > 0 ? lookedAt : ''}) ORDER BY id LIMIT 1),
    erased AS MATERIALIZED (SELECT id, 'erasure' AS reason FROM erasure
      ${where([`id > ${start}`, 'id < (SELECT id FROM bound)', ...noticeFilter])} ORDER BY id LIMIT 1),
    stop AS MATERIALIZED (
      SELECT * FROM (SELECT * FROM bound UNION ALL SELECT * FROM erased) ORDER BY id LIMIT 1),
    matched AS MATERIALIZED (
      SELECT *, sum(bytes) OVER (ORDER BY id ROWS UNBOUNDED PRECEDING) AS all_bytes
      FROM (SELECT id, ${bytes} AS bytes FROM log_entry
        ${where([`id > ${start}`, 'id < (SELECT id FROM stop)', ...entryFilter])}
        ORDER BY id LIMIT ${first + 1})),
    taken AS MATERIALIZED (
      SELECT id, CAST(id AS text) AS place, ${sqlite.renderEntry(columns)} AS entry
      FROM matched JOIN log_entry USING (id)
      WHERE all_bytes <= ${maxBytes} OR all_bytes = bytes
      ORDER BY id LIMIT ${first}),
    next_entry AS MATERIALIZED (
      SELECT id FROM log_entry WHERE id > (SELECT id FROM erased) AND id < (SELECT id FROM state) ORDER BY id LIMIT 1),
    notices AS MATERIALIZED (
      SELECT CAST(id AS text) AS place, user_id, session_id, erased_at
      FROM erasure ${where([
        'id >= (SELECT id FROM erased)',
        'id < (SELECT min(id) FROM (SELECT id FROM bound UNION ALL SELECT id FROM next_entry))',
        ...noticeFilter,
      ])}
      ORDER BY id LIMIT ${maxNotices + 1}),
    rest AS MATERIALIZED (SELECT (SELECT count(*) FROM matched) > (SELECT count(*) FROM taken) AS has_rest)
    SELECT epoch, is_future AS "isFuture", has_rest AS "hasRest",
      (SELECT CAST(id AS text) FROM stop) AS stop, (SELECT reason FROM stop) AS reason,
      (SELECT ${sqlite.join('entry', entrySeparator)} FROM taken) AS objects,
      (SELECT CAST(${sqlite.join('place', ' ')} AS text) FROM taken) AS positions,
      CASE WHEN NOT has_rest THEN
        (SELECT json_group_array(json_array(place, user_id, session_id, CAST(erased_at AS text))) FROM notices)
      END AS notices,
      EXISTS (SELECT 1 FROM next_entry) AS "isFollowed"
    FROM state CROSS JOIN rest`;
  return { sql, values, readClass: entryFilter.length > 0 ? 'expensive' : 'bounded' };
}
