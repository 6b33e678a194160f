import { bodyOfQuery } from '../tools/requests.mjs';
import { actionsPerSession, createRandom } from './population.mjs';

const entriesPerQuery = 20;
const queriesPerKind = 2_000;

/**
 * Kinds of queries: the column to filter by besides the range, its argument of `logs`, and its value for an
 * action.
 */
const queryKinds = [
  {
    name: 'r20 by user',
    column: 'user_id',
    argument: 'user',
    valueOf: ({ session }) => session.userId,
  },
  {
    name: 'r20 by type',
    column: 'type',
    argument: 'type',
    valueOf: ({ action }) => action.type,
  },
  { name: 'r20 by range' },
];

/** Yields the sessions and adds random actions of theirs to `drawn`, one for each query of a kind. */
export function* drawActions(sessions, entries, drawn) {
  const random = createRandom(2);
  const sessionCount = Math.ceil(entries / actionsPerSession);
  const draws = Array.from({ length: queriesPerKind }, () => ({
    session: Math.floor(random() * sessionCount),
    action: Math.floor(random() * actionsPerSession),
  })).sort((a, b) => a.session - b.session);
  let n = 0;
  let next = 0;
  for (const session of sessions) {
    for (; draws[next]?.session === n; next++) {
      drawn.push({ session, action: session.actions[draws[next].action] });
    }
    n++;
    yield session;
  }
}

/**
 * Creates queries for 20 entries each: from a drawn action on, of its user or of its type where the kind says
 * so.
 * @returns kinds { name, requests }; each request is { body, entries: the result of SQL }
 */
export async function createQueries(database, drawn) {
  const reader = await database.openReader();
  const micros = database.micros('time');
  const kinds = [];
  for (const { name, column, argument, valueOf } of queryKinds) {
    const condition = column ? ` AND ${column} = $2` : '';
    const following = `SELECT ${micros} AS time FROM log_entry WHERE time >= $1${condition}
      ORDER BY log_entry.time LIMIT ${entriesPerQuery}`;
    const inRange = `SELECT ${micros} AS time, type, CAST(properties AS text) AS properties,
        user_id AS "userId", session_id AS "sessionId"
      FROM log_entry WHERE time >= $1${condition} AND time < $${column ? 3 : 2}
      ORDER BY log_entry.time, id`;
    const requests = [];
    for (const one of drawn) {
      const filter = column ? [valueOf(one)] : [];
      const start = database.toTime(Date.parse(one.action.time) * 1_000);
      let last;
      for await (const { time } of reader.rows(following, start, ...filter)) last = time;
      const end = last + 1_000;
      const entries = [];
      for await (const row of reader.rows(inRange, start, ...filter, database.toTime(end))) {
        entries.push({ ...row, time: toIso(row.time), properties: JSON.parse(row.properties) });
      }
      const variables = { startTime: one.action.time, endTime: toIso(end) };
      if (column) variables[argument] = filter[0];
      requests.push({ body: bodyOfQuery(variables), entries });
    }
    kinds.push({ name, requests });
  }
  await reader.close();
  return kinds;
}

function toIso(micros) {
  return new Date(micros / 1_000).toISOString();
}
