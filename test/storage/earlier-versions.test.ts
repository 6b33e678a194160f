import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createEmptyDatabase, dialect, type TestDatabase } from '../support/database/database';
import { runCommand } from '../support/processes/command';
import { canonical } from '../support/server/doors';
import { sendHttp } from '../support/server/http';
import { startServer } from '../support/server/server';

const directory = join(__dirname, '..', 'fixtures', 'databases');
const read = (name: string): string => readFileSync(join(directory, name), 'utf8');

/** What the databases were filled with, by fill.mjs beside them. */
const requests = JSON.parse(read('requests.json')) as {
  readonly record: string;
  readonly read: string;
  readonly sessions: readonly object[];
};

/** Databases of the commit before a migration, from the newest migration to the oldest. */
const versions =
  dialect === 'sqlite'
    ? ['before-feed', 'before-drop_session_user_started', 'before-api_key']
    : ['before-feed', 'before-api_key'];

let database: TestDatabase;
beforeEach(async () => {
  database = await createEmptyDatabase();
});
afterEach(() => database.remove());

/** Puts a database of an earlier version in place. */
async function load(version: string): Promise<void> {
  if (dialect === 'sqlite') {
    const bytes = readFileSync(join(directory, `${version}.sqlite`));
    writeFileSync(database.url.replace('sqlite:', ''), bytes, { mode: 0o600 });
  } else await database.execute(read(`${version}.sql`));
}

/** What the earlier version answered. */
const answerOf = (version: string): string => canonical(JSON.parse(read(`${version}.${dialect}.json`)));

it.each(versions)('a server keeps every entry, session and idempotency key of %s', async (version) => {
  await load(version);
  const server = await startServer({ DATABASE_URL: database.url });
  try {
    expect(canonical((await server.graphql(requests.read)).data)).toBe(answerOf(version));
    for (const input of requests.sessions.filter((session) => 'idempotencyKey' in session)) {
      const { data } = await server.graphql(requests.record, { input });
      expect(data.recordSession.replayed).toBe(true);
    }
    const { errors } = await server.graphql(requests.record, { input: requests.sessions[1] });
    expect(errors).toBeUndefined();
  } finally {
    await server.stop();
  }
});

it.each(versions)('the first key is made in %s, and reads every entry', async (version) => {
  await load(version);
  const command = ['keys', 'create', 'first', '--scopes', 'read'];
  const { exitCode, stdout, stderr } = await runCommand(command, { DATABASE_URL: database.url });
  expect([exitCode, stdout, stderr]).toEqual([
    0,
    expect.stringMatching(/^lm_[\w-]+\n$/),
    expect.stringMatching(/^Made first in .*\n$/),
  ]);
  const server = await startServer({ DATABASE_URL: database.url });
  const body = JSON.stringify({ query: requests.read });
  const send = (headers = {}) => sendHttp(`${server.url}/graphql`, { method: 'POST', body, headers });
  try {
    expect((await send()).status).toBe(401);
    const answer = await send({ authorization: `Bearer ${stdout.trim()}` });
    expect(canonical(answer.body.data)).toBe(answerOf(version));
  } finally {
    await server.stop();
  }
});
