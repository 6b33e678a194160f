import { canonicalJson } from '../tools/entries.mjs';
import { median, percentile } from '../tools/statistics.mjs';
import { WrongAnswer } from '../tools/wrong-answer.mjs';

const rounds = 5;
const requestsPerQuestion = 200;
const scansPerQuestion = 10;
const pageSize = 100;
const sessionsPerPage = 50;
/** Entries before the 10,000th page; in a smaller database the deep page is the one in the middle. */
const deepEntries = 10_000 * pageSize;
const walkPageSize = 1_000;
const dayMicros = 24 * 60 * 60 * 1_000_000;
const scannedEntries = 100_000;

const pageQuery = `query ($filter: LogFilter, $first: Int!, $after: String) {
  logsConnection(filter: $filter, first: $first, after: $after) {
    nodes { id time type properties userId sessionId } pageInfo { hasNextPage endCursor }
  }
}`;
const sessionsQuery = `query ($filter: SessionFilter, $first: Int!, $after: String) {
  sessions(filter: $filter, first: $first, after: $after) {
    nodes { userId sessionId startedAt endedAt entryCount } pageInfo { hasNextPage endCursor }
  }
}`;
const histogramQuery = `query ($filter: LogFilter) {
  logHistogram(filter: $filter, interval: HOUR) { buckets { start end count } }
}`;

/**
 * Sends each kind of query, one request at a time, and compares each answer with the result of SQL.
 * @param store a store of measureGrowth: { name, server, database, entries, drawn }
 * @returns { measurements, checked }: measurements { question, p50, p99 } in milliseconds, the number of
 *   answers
 */
export async function measureQuestions(store) {
  const reader = await store.database.openReader();
  const measurements = [];
  let checked = 0;
  for (const { question, requests } of await createQuestions(store, reader)) {
    const times = [];
    for (let round = 0; round < rounds; round++) {
      for (const { query, variables, expected, toActual } of requests) {
        const startedAt = performance.now();
        const data = await ask(store.server.url, query, variables);
        times.push(performance.now() - startedAt);
        const actual = canonicalJson(toActual(data));
        if (actual !== canonicalJson(expected)) {
          throw new WrongAnswer(store.name, question, canonicalJson(expected), actual);
        }
        checked++;
      }
    }
    const p99 = percentile(times, 0.99);
    measurements.push({ question, p50: median(times), p99 });
    console.log(`  ${question.padEnd(40)} ${store.name} ${p99.toFixed(1).padStart(7)} ms`);
  }
  await reader.close();
  return { measurements, checked };
}

async function ask(url, query, variables) {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ query, variables });
  const response = await fetch(url, { method: 'POST', headers, body });
  const { data, errors } = await response.json();
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}

async function createQuestions({ server, database, entries, drawn }, reader) {
  const points = drawn.slice(0, requestsPerQuestion);
  const select = async (sql, ...values) => {
    const rows = [];
    for await (const row of reader.rows(sql, ...values)) rows.push(row);
    return rows;
  };
  const idsOf = (rows) => rows.map(({ id }) => String(id));
  const toTime = (time) => database.toTime(Date.parse(time) * 1_000);
  const page = async (filter, condition, values, cursor) => {
    const place = cursor
      ? ` AND (time > $${values.length + 1} OR (time = $${values.length + 1} AND id > $${values.length + 2}))`
      : '';
    const all = cursor ? [...values, toTime(cursor.time), Number(cursor.id)] : values;
    const rows = await select(
      `SELECT id FROM log_entry WHERE ${condition}${place} ORDER BY log_entry.time, id LIMIT ${pageSize}`,
      ...all,
    );
    return {
      query: pageQuery,
      variables: { filter, first: pageSize, after: cursor?.after },
      expected: idsOf(rows),
      toActual: ({ logsConnection }) => logsConnection.nodes.map(({ id }) => id),
    };
  };
  /** Follows cursors to the 10,000th page, or to the middle of a smaller result. */
  const walk = async (filter, available) => {
    const target = Math.min(deepEntries, Math.floor(available / 2));
    let after;
    let last;
    for (let walked = 0; walked < target;) {
      const first = Math.min(walkPageSize, target - walked);
      const { logsConnection } = await ask(server.url, pageQuery, { filter, first, after });
      last = logsConnection.nodes.at(-1);
      after = logsConnection.pageInfo.endCursor;
      walked += logsConnection.nodes.length;
    }
    return { after, time: last.time, id: last.id };
  };
  const countOf = async (column, value) => {
    const [{ count }] = await select(
      `SELECT CAST(count(*) AS integer) AS count FROM log_entry WHERE ${column} = $1`,
      value,
    );
    return count;
  };

  const kinds = [
    { by: 'user', key: 'userIds', column: 'user_id', valueOf: ({ session }) => session.userId },
    { by: 'type', key: 'types', column: 'type', valueOf: ({ action }) => action.type },
    {
      by: 'session',
      key: 'sessionIds',
      column: 'session_id',
      valueOf: ({ session }) => session.sessionId,
    },
  ];
  const questions = [];
  for (const { by, key, column, valueOf } of kinds) {
    const requests = [];
    for (const one of points) {
      const value = valueOf(one);
      requests.push(await page({ [key]: [value] }, `${column} = $1`, [value]));
    }
    questions.push({ question: `page by ${by}`, requests });
    if (by === 'session') continue;
    // The user and the type with the most entries.
    const value = by === 'user' ? 'user-0' : 'VIEW';
    const filter = { [key]: [value] };
    const cursor = await walk(filter, await countOf(column, value));
    const deep = await page(filter, `${column} = $1`, [value], cursor);
    questions.push({
      question: `page by ${by}, deep`,
      requests: Array(requestsPerQuestion).fill(deep),
    });
  }
  const byRange = [];
  for (const { action } of points) {
    byRange.push(await page({ startTime: action.time }, 'time >= $1', [toTime(action.time)]));
  }
  questions.push({ question: 'page by range', requests: byRange });
  const deep = await page({}, '1 = 1', [], await walk({}, entries));
  questions.push({
    question: 'page of all, deep',
    requests: Array(requestsPerQuestion).fill(deep),
  });

  const toSessions = ({ sessions }) => sessions.nodes.map(({ sessionId }) => sessionId);
  const sessionIds = async (condition, ...values) =>
    (
      await select(
        `SELECT session_id AS id FROM session WHERE ${condition}
          ORDER BY started_at DESC, session_id DESC, user_id DESC LIMIT ${sessionsPerPage}`,
        ...values,
      )
    ).map(({ id }) => id);
  const sessions = (filter, expected) => ({
    query: sessionsQuery,
    variables: { filter, first: sessionsPerPage },
    expected,
    toActual: toSessions,
  });
  const bySessions = [];
  const bySessionsOfUser = [];
  for (const { session } of points) {
    const [{ time: endTime }] = session.actions;
    bySessions.push(sessions({ endTime }, await sessionIds('started_at < $1', toTime(endTime))));
    const { userId } = session;
    bySessionsOfUser.push(sessions({ userIds: [userId] }, await sessionIds('user_id = $1', userId)));
  }
  questions.push({ question: 'sessions', requests: bySessions });
  questions.push({ question: 'sessions by user', requests: bySessionsOfUser });

  const histograms = [];
  for (const { action } of points.slice(0, requestsPerQuestion / rounds)) {
    const start = Date.parse(action.time) * 1_000;
    const range = [start, start + dayMicros].map((micros) => database.toTime(micros));
    const [{ count }] = await select(
      'SELECT CAST(count(*) AS integer) AS count FROM log_entry WHERE time >= $1 AND time < $2',
      ...range,
    );
    const endTime = new Date((start + dayMicros) / 1_000).toISOString();
    histograms.push({
      query: histogramQuery,
      variables: { filter: { startTime: action.time, endTime } },
      expected: count,
      toActual: ({ logHistogram }) => logHistogram.buckets.reduce((sum, bucket) => sum + bucket.count, 0),
    });
  }
  questions.push({ question: 'histogram of a day by hour', requests: histograms });

  const scans = [];
  for (const { action } of drawn.slice(0, scansPerQuestion)) {
    // A range of scannedEntries entries, or up to the last entry.
    const micros = database.micros('time');
    const [{ end }] = await select(
      `SELECT max(${micros}) AS end FROM (SELECT time FROM log_entry WHERE time >= $1
        ORDER BY time LIMIT ${scannedEntries}) AS entries`,
      toTime(action.time),
    );
    const endTime = new Date(end / 1_000).toISOString();
    const rows = await select(
      `SELECT id, CAST(properties AS text) AS properties FROM log_entry
        WHERE time >= $1 AND time < $2 ORDER BY log_entry.time, id`,
      toTime(action.time),
      toTime(endTime),
    );
    const matching = rows.filter(({ properties }) => JSON.parse(properties).status === 500);
    scans.push({
      query: pageQuery,
      variables: {
        filter: {
          startTime: action.time,
          endTime,
          properties: [{ path: ['status'], is: { equals: 500 } }],
        },
        first: pageSize,
      },
      expected: idsOf(matching.slice(0, pageSize)),
      toActual: ({ logsConnection }) => logsConnection.nodes.map(({ id }) => id),
    });
  }
  questions.push({ question: 'property among up to 100,000 entries', requests: scans });
  return questions;
}
