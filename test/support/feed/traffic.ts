import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { createRandom } from '../journal/random';
import { call } from '../journal/api';

/** Types of entries; the last one is rare. */
export const types = ['CLICK', 'VIEW', 'NAVIGATE', 'RARE'] as const;
const userCount = 20;
/** Their entries are never erased. */
export const keptUsers = Array.from({ length: userCount }, (_, at) => `kept-${at}`);
export const erasedUsers = Array.from({ length: userCount }, (_, at) => `erased-${at}`);
/** Whose entries are recorded by another program, in transactions that stay open. */
export const heldUser = 'held';

const record = `mutation ($input: RecordSessionInput!) { recordSession(input: $input) { recordedCount } }`;
const eraseUser = `mutation ($userId: String!) { deleteUserData(userId: $userId) { deletedCount } }`;
const eraseSession = `mutation ($userId: String!, $sessionId: String!) {
  deleteSession(userId: $userId, sessionId: $sessionId) { deletedCount }
}`;

export interface Traffic {
  /** Entries of users that are never erased, which were acknowledged. */
  keptCount: number;
  erasings: number;
  /** Entries of {@link heldUser}. */
  heldCount: number;
  /** Answers other than those of a server that is away. */
  readonly faults: string[];
}

/** Sends an operation to one instance after the other until it is acknowledged, however often they are killed. */
async function insist(urls: readonly string[], at: number, query: string, variables: object): Promise<void> {
  for (let attempt = at; ; attempt++) {
    const reply = await call(urls[attempt % urls.length]!, query, variables);
    if (reply.isAnswered && reply.body?.data) return;
    const { code, retryable } = (reply.isAnswered && reply.body?.errors?.[0]?.extensions) || {};
    if (reply.isAnswered && !retryable) {
      throw new Error(`status ${reply.status} ${code}: ${JSON.stringify(reply.body).slice(0, 300)}`);
    }
    await sleep(50);
  }
}

/** Records sessions, one after the other, until the signal is aborted. */
export async function write(
  writer: number,
  urls: readonly string[],
  traffic: Traffic,
  signal: AbortSignal,
): Promise<void> {
  const random = createRandom(writer + 1);
  for (let n = 0; !signal.aborted; n++) {
    const isKept = random() < 0.5;
    const users = isKept ? keptUsers : erasedUsers;
    const sessionId = `${writer}-${n}`;
    const actions = Array.from({ length: 1 + Math.floor(30 * random() ** 2) }, (_, at) => ({
      time: new Date(Date.UTC(2024 + Math.floor(3 * random()), 0, 1) + n * 1_000 + at).toISOString(),
      type: random() < 0.02 ? types[3] : types[Math.floor(3 * random())]!,
      properties: { at, text: 'é😀'.repeat(Math.floor(20 * random())) },
    }));
    const userId = users[Math.floor(random() * users.length)]!;
    const input = { userId, sessionId, idempotencyKey: sessionId, actions };
    await insist(urls, writer + n, record, { input });
    if (isKept) traffic.keptCount += actions.length;
    await sleep(5);
  }
}

/** Erases users and sessions, one after the other. */
export async function erase(urls: readonly string[], traffic: Traffic, signal: AbortSignal): Promise<void> {
  const random = createRandom(99);
  for (let n = 0; !signal.aborted; n++) {
    await sleep(200);
    const userId = erasedUsers[Math.floor(random() * erasedUsers.length)]!;
    // Sessions of any user: most of these are not there, and their notice travels all the same.
    const sessionId = `${n % 4}-${Math.floor(n * 5 * random())}`;
    if (n % 2 === 0) await insist(urls, n, eraseUser, { userId });
    else await insist(urls, n, eraseSession, { userId, sessionId });
    traffic.erasings++;
  }
}

/** Another program: records an entry in a transaction that stays open, again and again. */
export async function holdTransactions(
  connectionString: string,
  heldMs: number,
  traffic: Traffic,
  signal: AbortSignal,
): Promise<void> {
  await withClient(connectionString, async (client) => {
    while (!signal.aborted) {
      await client.query('BEGIN');
      await client.query(
        `INSERT INTO log_entry (id, time, type, properties, user_id, session_id, received_at)
         VALUES (nextval('log_entry_id'), now(), 'CLICK', '{}', $1, $1, now())`,
        [heldUser],
      );
      await sleep(heldMs);
      await client.query('COMMIT');
      traffic.heldCount++;
    }
  });
}

/** Ends the connections that last asked for what is new. @returns how many there were */
export async function killReaders(connectionString: string): Promise<number> {
  return withClient(connectionString, async (client) => {
    const { rowCount } = await client.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND pid <> pg_backend_pid() AND query LIKE '%pg_snapshot_xmin%'`,
    );
    return rowCount ?? 0;
  });
}

async function withClient<Result>(
  connectionString: string,
  work: (client: Client) => Promise<Result>,
): Promise<Result> {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
