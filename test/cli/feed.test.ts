import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '../support/processes/command';
import { openTestStore } from '../support/database/store';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'log-manager-feed-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const urlOf = (name: string): string => `sqlite:${join(directory, name)}`;
const command = async (...args: string[]): Promise<string> => {
  const { exitCode, stdout, stderr } = await runCommand(args, { DATABASE_URL: urlOf('log.sqlite') });
  expect([exitCode, stderr]).toEqual([0, '']);
  return stdout;
};

async function epochOf(name: string): Promise<string> {
  const store = await openTestStore(urlOf(name));
  try {
    return (await store.changes.findEnd({ mustBeLatest: true })).epoch;
  } finally {
    await store.close();
  }
}

it('cursors are of another epoch in each backup, after each restore, and after a reset', async () => {
  const backup = join(directory, 'backup.sqlite');
  const epochs = [await epochOf('log.sqlite')];
  await command('backup', backup);
  copyFileSync(backup, join(directory, 'copy.sqlite'));
  epochs.push(await epochOf('copy.sqlite'));
  // Neither a backup nor a start changes that of the database.
  expect(await epochOf('log.sqlite')).toBe(epochs[0]);
  for (const args of [
    ['restore', backup],
    ['restore', backup],
    ['feed', 'reset'],
  ]) {
    const stdout = await command(...args);
    if (args[0] === 'feed') expect(stdout).toMatch(/^Cursors of the feed of sqlite:.* are refused\.\n$/);
    epochs.push(await epochOf('log.sqlite'));
  }
  expect(new Set(epochs).size).toBe(5);
});

it('feed reset creates no database', async () => {
  const { exitCode, stderr } = await runCommand(['feed', 'reset'], { DATABASE_URL: urlOf('none.sqlite') });
  expect([exitCode, stderr]).toEqual([1, expect.stringMatching(/^error: there is no database at /)]);
});
