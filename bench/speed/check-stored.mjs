import Database from 'better-sqlite3';
import { canonicalJson } from '../tools/entries.mjs';
import { WrongAnswer } from '../tools/wrong-answer.mjs';

/**
 * Looks into the file of a server that has ended: each session is there as a whole, as often as any of its actions, and
 * what was acknowledged is there.
 * @param answered requests that were acknowledged; those under way at the end may be stored, too
 * @returns how many sessions were found
 */
export function checkStored({ name, file }, load, answered) {
  const fail = (expected, actual) => {
    throw new WrongAnswer(name, `${load.name} in the database`, expected, actual);
  };
  const database = new Database(file, { readonly: true });
  const copiesOf = new Map();
  let stored = 0;
  try {
    const rows = database
      .prepare(
        `SELECT session_id AS sessionId, user_id AS userId, time, type, properties, count(*) AS copies
        FROM log_entry WHERE session_id GLOB ? GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 3`,
      )
      .iterate(`${load.name}-*`);
    let session;
    let at = 0;
    for (const { copies, ...row } of rows) {
      if (session?.sessionId !== row.sessionId) {
        if (session && at !== session.actions.length) fail('whole sessions', session.sessionId);
        session = load.sessionOf(Number(row.sessionId.slice(load.name.length + 1)));
        at = 0;
        stored += copies;
        copiesOf.set(row.sessionId, copies);
      }
      const action = session.actions[at++];
      if (!isStored(row, session, action)) fail(JSON.stringify(action), JSON.stringify(row));
      if (copies !== copiesOf.get(row.sessionId)) fail('whole sessions', row.sessionId);
    }
    if (session && at !== session.actions.length) fail('whole sessions', session.sessionId);
  } finally {
    database.close();
  }
  if (stored < answered || stored > answered + load.connections) {
    fail(`${answered} to ${answered + load.connections} sessions`, stored);
  }
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
