import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { Client } from 'pg';
import sqlite3 from 'sqlite3';
import { formatInstant } from '../../../src/logs/model/instant';
import { dialect } from '../../support/database/database';
import type { FilledDatabase } from './filled-database';

/** Entries in their order: how many, and a hash of all that an export shows of them. */
export interface Summary {
  readonly count: number;
  readonly hash: string;
}

type Row = readonly [time: string, type: string, userId: string, sessionId: string, properties: string];

async function summarize(rows: AsyncIterable<Row>): Promise<Summary> {
  const hash = createHash('sha256');
  let count = 0;
  for await (const row of rows) {
    count++;
    // Each text ends before a character that it does not contain.
    for (const text of row) hash.update(text).update('\0');
  }
  return { count, hash: hash.digest('hex') };
}

const pageSize = 50_000;

/** What the database has up to an id, read by another program than the server. */
export async function summarizeStore({ url, path }: FilledDatabase, lastId: string): Promise<Summary> {
  const sql = (limits: string): string =>
    dialect === 'sqlite'
      ? `SELECT time, id, type, user_id, session_id, properties FROM log_entry ${limits}`
      : `SELECT (extract(epoch FROM time) * 1000000)::bigint::text AS time, id::text, type, user_id, session_id,
          properties::text AS properties FROM log_entry ${limits}`;
  const { all, close } = dialect === 'sqlite' ? openSqlite(path!) : await openPostgres(url);
  async function* read(): AsyncGenerator<Row> {
    let after = ['0', '0'];
    for (;;) {
      const [time, id] = after;
      const from = dialect === 'sqlite' ? time : `to_timestamp(0) + ${time} * interval '1 microsecond'`;
      const page = await all(
        sql(`WHERE (time, id) > (${from}, ${id}) AND id <= ${lastId} ORDER BY log_entry.time, log_entry.id
          LIMIT ${pageSize}`),
      );
      for (const row of page) {
        const { type, user_id: userId, session_id: sessionId, properties } = row;
        yield [formatInstant(BigInt(row['time']!)), type!, userId!, sessionId!, properties!];
      }
      if (page.length < pageSize) return;
      after = [String(page.at(-1)!['time']), String(page.at(-1)!['id'])];
    }
  }
  try {
    return await summarize(read());
  } finally {
    await close();
  }
}

type StoredRow = Readonly<Record<string, string>>;

function openSqlite(path: string) {
  const database = new sqlite3.Database(path, sqlite3.OPEN_READONLY);
  return {
    all: (sql: string) =>
      new Promise<StoredRow[]>((resolve, reject) => {
        database.all<StoredRow>(sql, (error, rows) => (error ? reject(error) : resolve(rows)));
      }),
    close: () => new Promise<unknown>((resolve) => database.close(resolve)),
  };
}

async function openPostgres(connectionString: string) {
  const client = new Client({ connectionString });
  await client.connect();
  return {
    all: async (sql: string) => (await client.query<StoredRow>(sql)).rows,
    close: () => client.end(),
  };
}

/** What a file of NDJSON has. The text of the properties is compared as it is. */
export function summarizeNdjson(file: string): Promise<Summary> {
  async function* read(): AsyncGenerator<Row> {
    for await (const line of createInterface({ input: createReadStream(file) })) {
      const { time, type, userId, sessionId } = JSON.parse(line) as Readonly<Record<string, string>>;
      const start = line.indexOf('"properties":') + '"properties":'.length;
      const end = line.lastIndexOf(`,"userId":${JSON.stringify(userId)}`);
      yield [time!, type!, userId!, sessionId!, line.slice(start, end)];
    }
  }
  return summarize(read());
}

/** What a file of CSV has, without the characters that neutralise formulas. */
export function summarizeCsv(file: string): Promise<Summary> {
  const content = '((?:[^"]|"")*)';
  const line = new RegExp(`${Array(5).fill(`"${content}"`).join(',')}\r\n`, 'gy');
  const textOf = (cell: string | undefined): string => cell!.replaceAll('""', '"');
  const undo = (text: string): string => text.replace(/^'(?='*[=+\-@\t\r\n])/, '');
  async function* read(): AsyncGenerator<Row> {
    let rest = '';
    let isHead = true;
    for await (const chunk of createReadStream(file, { encoding: 'utf8', highWaterMark: 1_000_000 })) {
      rest += chunk as string;
      if (isHead) {
        const head = 'time,type,userId,sessionId,properties\r\n';
        if (!rest.startsWith(head)) throw new Error(`no head: ${rest.slice(0, 100)}`);
        rest = rest.slice(head.length);
        isHead = false;
      }
      let end = 0;
      for (const [matched, time, type, userId, sessionId, properties] of rest.matchAll(line)) {
        end += matched.length;
        const texts = [type, userId, sessionId].map((cell) => undo(textOf(cell)));
        yield [time!, texts[0]!, texts[1]!, texts[2]!, textOf(properties)];
      }
      rest = rest.slice(end);
    }
    if (rest !== '') throw new Error(`after the last line: ${rest.slice(0, 100)}`);
  }
  return summarize(read());
}
