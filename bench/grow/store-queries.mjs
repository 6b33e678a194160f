import Database from 'better-sqlite3';
import { bodyOfQuery } from '../tools/requests.mjs';
import { createRandom } from './population.mjs';

const entriesPerQuery = 20;
const queriesPerKind = 2_000;

/** What a query filters by besides its range: the column, the argument of `logs`. */
export const queryKinds = [
  { name: 'r20 by user', column: 'user_id', argument: 'user' },
  { name: 'r20 by type', column: 'type', argument: 'type' },
  { name: 'r20 by range', column: undefined, argument: undefined },
];

/**
 * Draws queries all over a store: from a random entry on, as far as there are 20 entries, of its user or type if wanted.
 * @returns for each kind its requests: { body, entries: what SQL finds }
 */
export function drawQueries(file) {
  const database = new Database(file, { readonly: true });
  const random = createRandom(2);
  const last = database.prepare('SELECT max(id) FROM log_entry').pluck().get();
  const entry = database.prepare('SELECT * FROM log_entry WHERE id = ?');
  const drawKind = ({ column, argument }) => {
    const condition = column ? `${column} = ? AND ` : '';
    const select = (rest) =>
      database.prepare(
        `SELECT time, type, properties, user_id AS userId, session_id AS sessionId
        FROM log_entry WHERE ${condition} time >= ? ${rest}`,
      );
    const following = select(`ORDER BY time LIMIT ${entriesPerQuery}`);
    const inRange = select('AND time < ? ORDER BY time, id');
    return Array.from({ length: queriesPerKind }, () => {
      const drawn = entry.get(1 + Math.floor(random() * last));
      const filter = column ? [drawn[column]] : [];
      const { time: lastTime } = following.all(...filter, drawn.time).at(-1);
      const end = lastTime + 1_000;
      const variables = { startTime: toIso(drawn.time), endTime: toIso(end) };
      if (column) variables[argument] = drawn[column];
      const entries = inRange.all(...filter, drawn.time, end).map((row) => ({
        ...row,
        time: toIso(row.time),
        properties: JSON.parse(row.properties),
      }));
      return { body: bodyOfQuery(variables), entries };
    });
  };
  const requests = queryKinds.map((kind) => ({ name: kind.name, requests: drawKind(kind) }));
  database.close();
  return requests;
}

function toIso(micros) {
  return new Date(micros / 1_000).toISOString();
}
