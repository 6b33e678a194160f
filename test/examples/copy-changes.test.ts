import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { createDatabase } from '../support/database/database';
import { Journal, startWriters } from '../support/journal/journal';
import { createRandom } from '../support/journal/random';
import { cleanUp, sleep, startChild, waitUntil, type Child } from '../support/processes/children';
import { freePorts } from '../support/processes/free-ports';
import { Instance } from '../support/processes/instances';
import { report } from '../support/processes/programs';
import { startKeyedServer } from '../support/server/keyed-server';
import { startServer } from '../support/server/server';
import { readAllEntries, readCopiedEntries, renewEpoch, sendGraphql } from './support/copies';
import { copyExample, describeInstalled, install, type Example } from './support/example';

/** How often each side is killed. */
const kills = Number(process.env['COPY_KILLS'] ?? 5);

const record = `mutation ($input: RecordSessionInput!) { recordSession(input: $input) { recordedCount } }`;
const sessionInput = (userId: string, sessionId: string) => ({
  input: {
    userId,
    sessionId,
    actions: [
      {
        time: '2018-10-18T21:37:28.123456-06:00',
        type: 'CLICK',
        properties: { '10': [null, 1e-7], '1': '😀' },
      },
      { time: '2018-10-18T21:37:30-06:00', type: 'VIEW' },
    ],
  },
});

describeInstalled('examples/copy-changes', () => {
  let example: Example;
  let environment: Record<string, string>;
  const copyFile = (name: string): string => join(example.directory, name);

  beforeAll(async () => {
    example = copyExample('copy-changes');
    await install(example);
    await example.run('npm', ['run', 'build']);
  });
  afterAll(async () => {
    await cleanUp();
    example?.remove();
  });

  const copyOnce = (file: string): Promise<string> =>
    example.run('node', ['dist/main.js', '--once'], { ...environment, COPY_FILE: copyFile(file) });

  it('copies entries, applies erasures, and says what to do when its cursor is refused', async () => {
    const server = await startKeyedServer({
      app: { scopes: ['record', 'read', 'erase'] },
      reader: { scopes: ['read'] },
    });
    const ask = async (query: string, variables?: object) => (await server.ask('app', query, variables)).body;
    environment = { LOG_MANAGER_URL: server.url, LOG_MANAGER_KEY: server.texts.reader };
    try {
      for (const sessionId of ['1', '2', '3']) await ask(record, sessionInput('a', sessionId));
      await ask(record, sessionInput('b', '1'));
      expect(await copyOnce('first.sqlite')).toBe(`Copied 8 entries to ${copyFile('first.sqlite')}.\n`);
      expect(await readCopiedEntries(copyFile('first.sqlite'))).toEqual(await readAllEntries(ask));

      await ask('mutation { deleteUserData(userId: "b") { deletedCount } }');
      await ask('mutation { deleteSession(userId: "a", sessionId: "2") { deletedCount } }');
      await ask(record, sessionInput('b', '1'));
      expect(await copyOnce('first.sqlite')).toContain('Copied 2 entries');
      const entries = await readAllEntries(ask);
      expect(entries).toHaveLength(6);
      expect(await readCopiedEntries(copyFile('first.sqlite'))).toEqual(entries);

      await renewEpoch(server.store);
      await expect(copyOnce('first.sqlite')).rejects.toThrow(
        /BAD_USER_INPUT: [^]*\nThe database of the server was restored or replaced[^]*delete \S*first.sqlite/,
      );
      await copyOnce('second.sqlite');
      expect(await readCopiedEntries(copyFile('second.sqlite'))).toEqual(entries);
    } finally {
      await server.stop();
    }
  });

  it('names the code of an error', async () => {
    const server = await startKeyedServer({ app: { scopes: ['record'] } });
    environment = { LOG_MANAGER_URL: server.url, LOG_MANAGER_KEY: '' };
    try {
      await expect(copyOnce('none.sqlite')).rejects.toThrow('UNAUTHENTICATED: ');
    } finally {
      await server.stop();
    }
  });

  it('waits for a server that is away', async () => {
    const [port] = (await freePorts(1)) as [number];
    environment = { LOG_MANAGER_URL: `http://127.0.0.1:${port}` };
    const output = copyOnce('late.sqlite');
    const server = await startServer({ PORT: `${port}` });
    try {
      expect(await output).toContain('Copied 0 entries');
    } finally {
      await server.stop();
    }
  });

  it(`has the entries of the server after ${kills} kills of either side`, async () => {
    const database = await createDatabase();
    const [port] = (await freePorts(1)) as [number];
    const instance = new Instance('instance', port, { DATABASE_URL: database.url });
    const random = createRandom(19);
    environment = { LOG_MANAGER_URL: instance.url, COPY_FILE: copyFile('killed.sqlite') };
    const startCopying = (): Child =>
      startChild(process.execPath, [join(example.directory, 'dist', 'main.js')], { environment });
    const acknowledged: string[] = [];
    const journal = new Journal({
      hasKeys: true,
      onReply: ({ sessionId, outcome }) => {
        if (outcome === 'acknowledged') acknowledged.push(sessionId);
      },
    });
    let isDone = false;
    const eraseNowAndThen = async (): Promise<void> => {
      for (let n = 0; !isDone; n++) {
        await sleep(100);
        const sessionId = acknowledged[Math.floor(random() * acknowledged.length)];
        if (sessionId === undefined) continue;
        const userId = `user of ${sessionId}`;
        const query =
          n % 2 === 0
            ? 'mutation ($userId: String!) { deleteUserData(userId: $userId) { deletedCount } }'
            : `mutation ($userId: String!, $sessionId: String!) {
                deleteSession(userId: $userId, sessionId: $sessionId) { deletedCount } }`;
        await sendGraphql(instance.url, query, { userId, sessionId }).catch(() => {});
      }
    };
    /** When the copy last got a page. */
    const modifiedAt = (): number =>
      statSync(copyFile('killed.sqlite-wal'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
    const killCopies = async (): Promise<void> => {
      for (let n = 0; n < kills; n++) {
        const before = modifiedAt();
        const copying = startCopying();
        await waitUntil('the copy gets a page', 60_000, () => {
          if (copying.ended() !== undefined) throw new Error(`the copy has ended: ${copying.output()}`);
          return modifiedAt() > before;
        });
        await sleep(50 * random());
        await copying.kill();
      }
    };
    const killServers = async (): Promise<void> => {
      for (let n = 0; n < kills; n++) {
        await journal.acknowledgedAfter(performance.now(), 20_000);
        await sleep(300 * random());
        await instance.kill9();
        await instance.start();
      }
    };

    await instance.start();
    const writers = startWriters(journal, [instance.url], {
      count: 4,
      pauseMs: 5,
      refusedPauseMs: 50,
      isRetrying: true,
    });
    const erasing = eraseNowAndThen();
    try {
      await Promise.all([killCopies(), killServers()]);
      isDone = true;
      await Promise.all([erasing, writers.stop()]);
      const output = await copyOnce('killed.sqlite');
      const entries = await readAllEntries((query, variables) => sendGraphql(instance.url, query, variables));
      report(`${entries.length} entries; ${journal.summary()}; at last: ${output.trim()}`);
      const lastCount = Number(/^Copied (\d+)/.exec(output)![1]);
      // Else it was never killed between two pages.
      expect(lastCount).toBeLessThan(entries.length);
      expect(await readCopiedEntries(copyFile('killed.sqlite'))).toEqual(entries);
    } finally {
      isDone = true;
      await writers.stop();
      await instance.stop();
      await database.remove();
    }
  });
});
