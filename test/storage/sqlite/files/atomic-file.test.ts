import { afterEach, expect, it, jest } from '@jest/globals';
import { mkdtempSync, promises, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { backUp } from '../../../../src/storage/sqlite/files/backup';
import { restore } from '../../../../src/storage/sqlite/files/restore';
import { openTestStore } from '../../../support/database/store';

const directory = mkdtempSync(join(tmpdir(), 'log-manager-atomic-'));
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(directory, { recursive: true });
});

it('a backup and a restored database are synced before they get their name, and their name after', async () => {
  const file = join(directory, 'log.sqlite');
  const backup = join(directory, 'backup.sqlite');
  await (await openTestStore(`sqlite:${file}`)).close();
  const calls: string[] = [];
  const { open, rename } = promises;
  jest.spyOn(promises, 'open').mockImplementation(async (path, ...args) => {
    const handle = await open(path, ...args);
    const sync = handle.sync.bind(handle);
    handle.sync = async () => {
      calls.push(`sync ${basename(String(path))}`);
      await sync();
    };
    return handle;
  });
  jest.spyOn(promises, 'rename').mockImplementation(async (from, to) => {
    await rename(from, to);
    calls.push(`rename ${basename(String(from))} ${basename(String(to))}`);
  });
  const { signal } = new AbortController();
  await backUp(file, backup, signal);
  await restore(file, backup, signal);
  const ofDatabase = calls.filter((call) => !call.includes('-shm'));
  expect(ofDatabase).toEqual([
    'sync backup.sqlite.partial',
    'rename backup.sqlite.partial backup.sqlite',
    `sync ${basename(directory)}`,
    'sync log.sqlite.partial',
    'rename log.sqlite.partial log.sqlite',
    `sync ${basename(directory)}`,
  ]);
});
