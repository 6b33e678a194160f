import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cleanUp, sleep } from '../support/processes/children';
import { freePorts } from '../support/processes/free-ports';
import { Instance } from '../support/processes/instances';
import { Journal, startWriters, type Outcome, type Writers } from '../support/journal/journal';
import { checkJournal } from '../support/journal/journal-check';
import { report } from '../support/processes/programs';
import { storedSessions } from '../support/journal/stored-sessions';
import { askableAt } from './support/askable';
import { createFileChecker, type FileChecker } from './support/opened-file';
import { newSqliteFile, type SqliteFile } from './support/sqlite-file';
import { describeDurability, timesOf } from './support/suites';

const commandLine = join(__dirname, '..', '..', 'dist', 'src', 'cli', 'main.js');
const backups = Array.from({ length: timesOf('BACKUPS', 5) }, (_, at) => at + 1);

describeDurability('a server that is backed up under 8 writers', [], () => {
  const journal = new Journal({ hasKeys: true });
  let file: SqliteFile;
  let instance: Instance;
  let writers: Writers | undefined;
  let checker: FileChecker | undefined;

  beforeAll(async () => {
    file = newSqliteFile();
    const [port] = (await freePorts(1)) as [number];
    instance = new Instance('instance', port, { DATABASE_URL: file.url });
    await instance.start();
    writers = startWriters(journal, [instance.url], { count: 8, pauseMs: 20 });
    checker = await createFileChecker();
  });
  afterAll(async () => {
    await writers?.stop();
    await checker?.close();
    await cleanUp();
  });

  it.each(backups)(
    'puts all that had been acknowledged into backup %i',
    async () => {
      await sleep(500);
      const before = [...journal.outcomes].filter(([, outcome]) => outcome === 'acknowledged');
      const copy = newSqliteFile();
      const { PATH = '' } = process.env;
      const startedAt = performance.now();
      await promisify(execFile)(process.execPath, [commandLine, 'backup', copy.path], {
        env: { PATH, DATABASE_URL: file.url },
      });
      const ms = performance.now() - startedAt;
      // What was acknowledged meanwhile may be there, or not.
      const outcomes = new Map<string, Outcome>();
      for (const sessionId of journal.outcomes.keys()) outcomes.set(sessionId, 'unknown');
      for (const [sessionId, outcome] of before) outcomes.set(sessionId, outcome);
      expect(await checker!.check(copy, { outcomes })).toEqual([]);
      report(`${before.length} sessions backed up in ${Math.round(ms)} ms`);
      expect(before.length).toBeGreaterThan(10);
    },
    60_000,
  );

  it('fails no request meanwhile, and stores each once', async () => {
    await writers!.stop();
    report(journal.summary());
    expect(journal.reasons).toEqual(new Map());
    expect(await checkJournal(journal, storedSessions(askableAt(instance.url)))).toEqual([]);
    expect(instance.ends()).toEqual([]);
  }, 60_000);
});
