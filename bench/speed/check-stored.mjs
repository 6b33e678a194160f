import { canonicalJson } from '../tools/entries.mjs';
import { WrongAnswer } from '../tools/wrong-answer.mjs';

/**
 * Checks the database of a stopped server: sessions are complete, and all acknowledged ones are stored.
 * A session may be sent more than once; each of its actions is then stored as often. Where each action
 * commits on its own, a session that was in flight at the end may be incomplete.
 * @param answered acknowledged requests; those in flight at the end may be stored too
 * @returns the number of stored sessions
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
    `${load.name}.`, // '.' follows '-'
  );
  const maxIncomplete = recording.isAtomic ? 0 : load.connections;
  let stored = 0;
  let incomplete = 0;
  let session;
  /** How often each action of the session is stored. */
  let copies = [];
  const checkSession = () => {
    if (!session) return;
    const least = copies.length < session.actions.length ? 0 : Math.min(...copies);
    stored += least;
    incomplete += Math.max(...copies) - least;
    if (incomplete > maxIncomplete) fail('complete sessions', session.sessionId);
  };
  for await (const { copies: count, ...row } of rows) {
    if (session?.sessionId !== row.sessionId) {
      checkSession();
      session = load.sessionOf(Number(row.sessionId.slice(load.name.length + 1)));
      copies = [];
    }
    const action = session.actions[copies.push(count) - 1];
    if (!isStored(row, session, action)) fail(JSON.stringify(action), JSON.stringify(row));
  }
  checkSession();
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
