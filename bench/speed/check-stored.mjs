import { canonicalJson } from '../tools/entries.mjs';
import { WrongAnswer } from '../tools/wrong-answer.mjs';

/**
 * Looks into the database of a server that has ended: each session is there as a whole, as often as any of its actions,
 * and what was acknowledged is there. Where actions are committed one by one, those under way at the end may be torn.
 * @param answered requests that were acknowledged; those under way at the end may be stored, too
 * @returns how many sessions were found
 */
export async function checkStored({ name, database, recording }, load, answered) {
  const fail = (expected, actual) => {
    throw new WrongAnswer(name, `${load.name} in the database`, expected, actual);
  };
  const reader = await database.openReader();
  const rows = reader.rows(
    `SELECT session_id AS "sessionId", user_id AS "userId", ${database.micros('time')} AS time, type,
      CAST(properties AS text) AS properties, CAST(count(*) AS integer) AS copies
    FROM log_entry WHERE session_id >= $1 AND session_id < $2 GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 3`,
    `${load.name}-`,
    `${load.name}.`, // the character after -
  );
  const mayBeTorn = recording.isAtomic ? 0 : load.connections;
  let stored = 0;
  let torn = 0;
  let session;
  /** How often each of its actions is there. */
  let copies = [];
  const settle = () => {
    if (!session) return;
    const least = copies.length < session.actions.length ? 0 : Math.min(...copies);
    stored += least;
    torn += Math.max(...copies) - least;
    if (torn > mayBeTorn) fail('whole sessions', session.sessionId);
  };
  for await (const { copies: count, ...row } of rows) {
    if (session?.sessionId !== row.sessionId) {
      settle();
      session = load.sessionOf(Number(row.sessionId.slice(load.name.length + 1)));
      copies = [];
    }
    const action = session.actions[copies.push(count) - 1];
    if (!isStored(row, session, action)) fail(JSON.stringify(action), JSON.stringify(row));
  }
  settle();
  if (stored < answered || stored > answered + load.connections) {
    fail(`${answered} to ${answered + load.connections} sessions`, stored);
  }
  await reader.close();
  return stored;
}

function isStored(row, { userId }, action) {
  return (
    action !== undefined &&
    row.userId === userId &&
    row.time === Date.parse(action.time) * 1_000 &&
    row.type === action.type &&
    (row.properties === JSON.stringify(action.properties) ||
      canonicalJson(JSON.parse(row.properties)) === canonicalJson(action.properties))
  );
}
