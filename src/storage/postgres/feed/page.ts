import type { ChangesQuery } from '../../../logs/change-store';
import { entrySeparator } from '../../../logs/log-entry-repository';
import { filterNotices, maxLookedAt, maxNotices } from '../../changes';
import type { Bind, Select, Value } from '../../dialect';
import { filterInAnyOrder, where } from '../../filter-sql';
import { postgres } from '../dialect';

const inOrder = 'ORDER BY commit_id, id';
const place = `commit_id || ':' || id`;
const placeAfter = `commit_id || ':' || id + 1`;

/** Positions from which on nothing can be read yet; the snapshot is that of the statement. */
const state = `SELECT epoch, commit_offset + pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS horizon
  FROM feed`;

/** The position after the newest entry or notice that can be read. */
export const selectEnd: Select = {
  sql: `WITH state AS MATERIALIZED (${state}),
    newest AS (
      (SELECT commit_id, id FROM log_entry WHERE commit_id < (SELECT horizon FROM state)
        ORDER BY commit_id DESC, id DESC LIMIT 1)
      UNION ALL
      (SELECT commit_id, 0 FROM erasure WHERE commit_id < (SELECT horizon FROM state)
        ORDER BY commit_id DESC LIMIT 1))
    SELECT epoch, coalesce(
      (SELECT ${placeAfter} FROM newest ORDER BY commit_id DESC, id DESC LIMIT 1), '0:0') AS stop FROM state`,
  values: [],
  readClass: 'bounded',
};

/**
 * One row, see `ChangesRow`. Each partition has its index of positions, and PostgreSQL merges them. The end of a page is
 * never beyond what was read: after a crash, PostgreSQL may give the id of a transaction that left no trace again.
 */
export function selectPage({ filter, columns, after, first, maxBytes }: ChangesQuery): Select {
  const values: Value[] = [];
  const bind: Bind = (value) => postgres.placeholder(values.push(value));
  // As subqueries, so that their values do not choose the plan: entries that were there before the feed share a commit, of
  // which the statistics say that nothing follows, so that PostgreSQL would sort all of them for each page.
  const [commit, id] = [
    `(SELECT ${bind(String(after.commit))}::bigint)`,
    `(SELECT ${bind(String(after.id))}::bigint)`,
  ];
  const conditions = filterInAnyOrder(postgres, bind, filter);
  const hasFilter = conditions.length > 0;
  const noticeConditions = filterNotices(postgres, bind, filter);
  const range = `FROM log_entry
    WHERE (commit_id, id) > (${commit}, ${id}) AND commit_id < (SELECT commit_id FROM stop)`;
  // The entries that a filter looks at are taken in order first: the index of a user or type has another order.
  const lookedAt = hasFilter
    ? `(SELECT * ${range} ${inOrder} LIMIT ${maxLookedAt}) AS log_entry ${where(conditions)} LIMIT ${first + 1}`
    : `(SELECT * ${range} ${inOrder} LIMIT ${first + 1}) AS log_entry`;
  const bytes = `octet_length(entry) + ${entrySeparator.length}`;
  const window = `(${inOrder} ROWS UNBOUNDED PRECEDING)`;
  const beyond = hasFilter
    ? `CASE WHEN NOT has_rest THEN (SELECT ${place} ${range} ${inOrder} OFFSET ${maxLookedAt} LIMIT 1) END`
    : 'NULL';
  const newest = hasFilter
    ? `(SELECT ${placeAfter} FROM log_entry WHERE commit_id < (SELECT commit_id FROM stop)
        ORDER BY commit_id DESC, id DESC LIMIT 1)`
    : `(SELECT ${placeAfter} FROM taken ORDER BY commit_id DESC, id DESC LIMIT 1)`;
  const sql = `WITH state AS MATERIALIZED (${state}),
    erased AS MATERIALIZED (SELECT min(commit_id) AS commit_id FROM erasure
      ${where([`commit_id > ${commit}`, 'commit_id < (SELECT horizon FROM state)', ...noticeConditions])}),
    stop AS MATERIALIZED (SELECT coalesce(commit_id, horizon) AS commit_id FROM state CROSS JOIN erased),
    matched AS MATERIALIZED (
      SELECT *, row_number() OVER entries AS number,
        sum(pg_column_size(properties)) OVER entries - pg_column_size(properties) AS stored_before
      FROM (SELECT * FROM ${lookedAt}) AS found WINDOW entries AS ${window}),
    -- Stored bytes need no rendering, but may be compressed.
    rendered AS MATERIALIZED (
      SELECT commit_id, id, ${postgres.renderEntry(columns)} AS entry
      FROM matched WHERE number <= ${first} AND stored_before < ${maxBytes}),
    taken AS MATERIALIZED (
      SELECT commit_id, id, entry
      FROM (SELECT *, ${bytes} AS bytes, sum(${bytes}) OVER entries AS all_bytes
        FROM rendered WINDOW entries AS ${window}) AS sums
      WHERE all_bytes <= ${maxBytes} OR all_bytes = bytes),
    rest AS MATERIALIZED (SELECT (SELECT count(*) FROM matched) > (SELECT count(*) FROM taken) AS has_rest),
    beyond AS MATERIALIZED (SELECT ${beyond} AS stop FROM rest),
    next_entry AS MATERIALIZED (
      SELECT commit_id FROM log_entry
      WHERE commit_id > (SELECT commit_id FROM erased) AND commit_id < (SELECT horizon FROM state)
      ${inOrder} LIMIT 1),
    notices AS MATERIALIZED (
      SELECT ${place} AS place, user_id, session_id, ${postgres.micros('erased_at')}::text AS erased_at
      FROM erasure ${where([
        'commit_id >= (SELECT commit_id FROM erased)',
        'commit_id < coalesce((SELECT commit_id FROM next_entry), (SELECT horizon FROM state))',
        ...noticeConditions,
      ])}
      ORDER BY commit_id LIMIT ${maxNotices + 1})
    SELECT epoch, ${commit} >= horizon AS "isFuture", has_rest AS "hasRest",
      CASE WHEN beyond.stop IS NOT NULL THEN 'lookedAt'
        WHEN erased.commit_id IS NOT NULL THEN 'erasure' ELSE 'end' END AS reason,
      CASE WHEN has_rest THEN '' ELSE coalesce(beyond.stop, ${newest}, '0:0') END AS stop,
      (SELECT coalesce(string_agg(entry, '${entrySeparator}' ${inOrder}), '') FROM taken) AS objects,
      (SELECT coalesce(string_agg(${place}, ' ' ${inOrder}), '') FROM taken) AS positions,
      CASE WHEN erased.commit_id IS NOT NULL AND NOT has_rest THEN
        (SELECT jsonb_agg(jsonb_build_array(place, user_id, session_id, erased_at)) FROM notices) END AS notices,
      erased.commit_id IS NOT NULL AND EXISTS (SELECT FROM next_entry) AS "isFollowed"
    FROM state CROSS JOIN erased CROSS JOIN rest CROSS JOIN beyond`;
  return { sql, values, readClass: hasFilter ? 'expensive' : 'bounded' };
}
