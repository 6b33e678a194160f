import { changeStatements } from '../change-statements';
import { createWriter } from '../data-source';

/** Milliseconds to wait for another process's lock. */
const busyTimeoutMs = 1_000;

/**
 * Gives a copy of a database an epoch of its own, since the copy and the original give out the same ids. A database of an
 * older version has none yet.
 */
export async function renewEpoch(path: string): Promise<void> {
  const copy = await createWriter(path, busyTimeoutMs, true).initialize();
  try {
    const tables = await copy.query<unknown[]>(`SELECT 1 FROM sqlite_schema WHERE name = 'feed'`);
    if (tables.length > 0) await copy.query(changeStatements.renewEpoch);
  } finally {
    await copy.destroy();
  }
}
