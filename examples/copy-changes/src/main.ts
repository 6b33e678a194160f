import { setTimeout as sleep } from 'node:timers/promises';
import { Copy } from './copy.js';
import { LogManagerError, readChanges } from './feed.js';

/** How often an up-to-date copy asks for more. */
const intervalMs = 1_000;

const file = process.env['COPY_FILE'] ?? 'copy.sqlite';
/** Ends when the copy is up to date, for a job that a clock starts. */
const isOnce = process.argv.includes('--once');

const restored = `The database of the server was restored or replaced, or LOG_MANAGER_URL is that of another server.
The copy may hold entries that the database does not have. Check LOG_MANAGER_URL. If it is right,
delete ${file}, ${file}-wal and ${file}-shm, and start again: everything is copied anew.`;

async function main(): Promise<void> {
  const copy = new Copy(file);
  let count = 0;
  for (;;) {
    const changes = await readChanges(copy.cursor);
    copy.store(changes);
    count += changes.entries.length;
    if (changes.hasMore) continue;
    if (count > 0 || isOnce) console.log(`Copied ${count} entries to ${file}.`);
    if (isOnce) return;
    count = 0;
    await sleep(intervalMs);
  }
}

main().catch((error: unknown) => {
  process.exitCode = 1;
  if (!(error instanceof LogManagerError)) {
    console.error(error);
    return;
  }
  console.error(`${error.details.code}: ${error.message}`);
  if (error.details.reason?.startsWith('CURSOR_')) console.error(restored);
});
