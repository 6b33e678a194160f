import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createKeyText } from '../../../src/logs/access/api-key';
import { createDatabase, dialect, type TestDatabase } from '../../support/database/database';
import { openTestStore } from '../../support/database/store';
import { startServerProcess, type ServerProcess } from '../../support/processes/server-process';
import { caseCount, isAll } from '../../support/scale';
import { toStoredKey } from '../../support/server/keyed-server';
import { bodyRequests } from './body-requests';
import { documentRequests } from './document-requests';
import { headerRequests } from './header-requests';
import { jsonRequests } from './json-requests';
import { sendRaw, type MalformedRequest, type RawAnswer } from './request';
import { stringRequests } from './string-requests';

const requests = [
  ...jsonRequests(caseCount(12, 3_000)),
  ...stringRequests(caseCount(12, 3_000)),
  ...documentRequests(caseCount(12, 1_500)),
  ...bodyRequests(caseCount(12, 1_000)),
  ...headerRequests(caseCount(12, 2_000)),
];

const preload = join(__dirname, 'report-memory.cjs');
const docs = readFileSync(join(__dirname, '..', '..', '..', 'docs', 'errors.md'), 'utf8');
const codes = new Set([...docs.matchAll(/^\| `([A-Z_]+)` /gm)].map(([, code]) => code));
/** Codes with which the server blames itself, in an answer of 200 as well. */
const failures = /"code":"(INTERNAL_SERVER_ERROR|QUERY_TIMEOUT|SERVICE_UNAVAILABLE|STORAGE_FULL)"/;
const maxGrowthBytes = 50e6;
const concurrency = 16;

/** What is wrong with an answer to a malformed request. */
function findFault({ status, contentType, text }: RawAnswer, { line }: MalformedRequest): string | undefined {
  if (!(status >= 200 && status < 500)) return `status ${status}`;
  if (failures.test(text)) return 'an error of the server';
  if (status < 400 || line.startsWith('HEAD ')) return undefined;
  if (!/^application\/(graphql-response\+)?json(;|$)/.test(contentType)) return `content type ${contentType}`;
  try {
    const { errors } = JSON.parse(text) as { errors: { extensions: { code: string } }[] };
    if (errors.length > 0 && errors.every(({ extensions }) => codes.has(extensions.code))) return undefined;
  } catch {
    return 'no JSON';
  }
  return 'no documented code';
}

/** Sends all requests, some at a time, and returns the answers that are wrong. */
async function sendAll(server: ServerProcess, all: readonly MalformedRequest[], key?: string) {
  const faults: string[] = [];
  const statuses: Record<string, number> = {};
  const queue = all.values();
  async function work(): Promise<void> {
    for (const request of queue) {
      const answers = await sendRaw(server.url, request, key);
      if (answers.length === 0) faults.push(`${request.name}: no answer`);
      for (const answer of answers) {
        statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
        const fault = findFault(answer, request);
        if (fault !== undefined) faults.push(`${request.name}: ${fault}: ${answer.text.slice(0, 300)}`);
      }
    }
  }
  await Promise.all(Array.from({ length: concurrency }, work));
  return { faults, statuses };
}

/** Memory in use after garbage collection. */
async function usedBytes(server: ServerProcess): Promise<number> {
  const isReport = ({ msg }: { msg: string }): boolean => msg === 'memory';
  const count = server.log().filter(isReport).length + 1;
  process.kill(server.pid, 'SIGUSR2');
  const lines = await server.waitForLog(isReport, count);
  return lines[count - 1]!['bytes'] as number;
}

// Without a key, and with an unknown one, nothing of a request depends on the kind of database.
const isSqlite = dialect === 'sqlite';
describe.each(isAll && isSqlite ? ['open', 'with keys'] : ['with keys'])('a server %s', (mode) => {
  let database: TestDatabase;
  let server: ServerProcess;
  const key = createKeyText();
  beforeAll(async () => {
    database = await createDatabase();
    const store = await openTestStore(database.url);
    if (mode === 'with keys') await store.keys.insert(toStoredKey(key, { name: 'test', scopes: ['admin'] }));
    await store.close();
    server = await startServerProcess({ DATABASE_URL: database.url, NODE_OPTIONS: `--require=${preload}` });
  });
  afterAll(async () => {
    await server.end();
    await database.remove();
  });

  const withKeys = isSqlite ? ['a valid key', 'an unknown key'] : ['a valid key'];
  const senders = mode === 'open' ? ['nobody'] : withKeys;
  it.each(senders)(
    `answers ${requests.length} malformed requests of %s with their fault`,
    async (sender) => {
      const text = { 'a valid key': key, 'an unknown key': createKeyText() }[sender];
      // Fills caches, which have their limits.
      const some = requests.filter((_, at) => at % 10 === 0);
      await sendAll(server, some, text);
      const before = await usedBytes(server);
      const { faults, statuses } = await sendAll(server, requests, text);
      expect(faults).toEqual([]);
      expect(statuses['400']).toBeGreaterThan(0);
      expect(await usedBytes(server)).toBeLessThan(before + maxGrowthBytes);
      expect(server.log().filter(({ level }) => level === 'error' || level === 'fatal')).toEqual([]);
    },
    300_000,
  );
});
