import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Number of entries of each session, all of one user. */
const perSession = 20;
/** One entry of so many has the type RARE; the others have one of {@link typeCount} types. */
const perRare = 50_000;
const typeCount = 20;
/** Every second session belongs to `big`, the others to one of these users in turn. */
const userCount = 2_000;
/** Times run from so many days ago until now. */
const spanDays = 300;

const userOf = (n: number): string => {
  const session = Math.floor(n / perSession);
  return session % 2 === 0 ? 'big' : `user-${((session - 1) / 2) % userCount}`;
};

/** What the reads of a test ask for in a filled database. */
export interface Population {
  /** A user with half of all entries. */
  readonly bigUser: 'big';
  /** A type of 1 in 50,000 entries, all of them of the big user. */
  readonly rareType: 'RARE';
  readonly otherUsers: readonly string[];
  readonly types: readonly string[];
}

export const population: Population = {
  bigUser: 'big',
  rareType: 'RARE',
  otherUsers: Array.from({ length: userCount }, (_, at) => userOf((2 * at + 1) * perSession)),
  types: Array.from({ length: typeCount }, (_, at) => `TYPE-${at}`),
};

/** SQL expressions of the columns of entry `n`, and of its session, that both databases take. */
const session = `(n / ${perSession})`;
const user = `CASE WHEN ${session} % 2 = 0 THEN 'big'
  ELSE 'user-' || (${session} / 2 % ${userCount}) END`;
const type = `CASE WHEN n % ${perRare} = 0 THEN 'RARE' ELSE 'TYPE-' || (n * 31 % 97 % ${typeCount}) END`;
const properties = `'{"locationX":' || (n * 37 % 1920) || ',"locationY":' || (n * 53 % 1080)
  || ',"page":"/products/' || (n % 997) || '","ok":true}'`;

/** The statements that insert entries 0 to `count` - 1 and the summaries of their sessions. */
export function fillingStatements(kind: 'sqlite' | 'postgres', count: number): string[] {
  const step = Math.floor((spanDays * 86_400_000_000) / count);
  const start = BigInt(Date.now()) * 1_000n - BigInt(spanDays) * 86_400_000_000n;
  const isSqlite = kind === 'sqlite';
  const micros = `(${start} + n * CAST(${step} AS bigint))`;
  const time = isSqlite ? micros : `to_timestamp(0) + ${micros} * interval '1 microsecond'`;
  const json = isSqlite ? properties : `CAST(${properties} AS jsonb)`;
  const numbers = isSqlite
    ? `WITH RECURSIVE numbers(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${count - 1})`
    : `WITH numbers AS (SELECT n FROM generate_series(0, CAST(${count - 1} AS bigint)) AS n)`;
  return [
    `${numbers} INSERT INTO log_entry (id, time, type, properties, user_id, session_id, received_at)
      SELECT n + 1, ${time}, ${type}, ${json}, ${user}, 'session-' || ${session}, ${time} FROM numbers`,
    `INSERT INTO session (session_id, user_id, started_at, ended_at, entry_count)
      SELECT session_id, min(user_id), min(time), max(time), count(*) FROM log_entry GROUP BY session_id`,
  ];
}

const root = join(__dirname, '..', '..', '..');

/** Changes with all that a filled database depends on: this file, the migrations, and the month of its times. */
export function fillingKey(kind: 'sqlite' | 'postgres', count: number): string {
  const hash = createHash('sha256').update(readFileSync(__filename));
  for (const directory of ['src/storage/schema', `src/storage/${kind}/schema`]) {
    const names = readdirSync(join(root, directory), { recursive: true, encoding: 'utf8' });
    for (const name of names.filter((one) => one.endsWith('.ts')).sort()) {
      hash.update(readFileSync(join(root, directory, name)));
    }
  }
  hash.update(new Date().toISOString().slice(0, 7));
  return `${count}_${hash.digest('hex').slice(0, 12)}`;
}
