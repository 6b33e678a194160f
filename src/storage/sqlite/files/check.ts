import { BackupError, explainErrors } from './backup-error';
import { withDatabase } from './with-database';

/** Problems, and statements that count them. */
const sums = {
  'entries have properties that are not JSON, or a time that is not a number': `SELECT count(*) AS count
    FROM log_entry WHERE NOT json_valid(properties) OR typeof(time) <> 'integer'`,
  'entries have an id that will be used again': `SELECT count(*) AS count FROM log_entry
    WHERE id > coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'log_entry'), 0)`,
};
const sessionSums = {
  'sessions have another number of entries or another start than their summary says': `SELECT count(*) AS count
    FROM session FULL JOIN (SELECT session_id, user_id, count(*) AS stored, min(time) AS first
      FROM log_entry GROUP BY session_id, user_id)
    USING (session_id, user_id) WHERE entry_count IS NOT stored OR started_at IS NOT first`,
};

/**
 * Looks for damage, while servers may read and write.
 * @returns the number of entries
 * @throws {BackupError} if damage is found, or the database cannot be checked
 */
export async function check(path: string, signal: AbortSignal): Promise<number> {
  return explainErrors(`${path} (DATABASE_URL) was not checked`, signal, () =>
    requireUndamaged(path, signal),
  );
}

/**
 * Looks for damage: in the structure of the file (https://www.sqlite.org/pragma.html#pragma_integrity_check),
 * and in sums. 2,000,000 entries take 17 s.
 * @param name names the database in the message
 * @returns the number of entries
 * @throws {BackupError} listing the damage
 */
export async function requireUndamaged(path: string, signal: AbortSignal, name = path): Promise<number> {
  return withDatabase(path, signal, async (execute) => {
    const found = await execute<{ integrity_check: string }>('PRAGMA integrity_check(20)');
    const problems = found.map(({ integrity_check: problem }) => problem).filter((text) => text !== 'ok');
    // Backups of older versions have no sessions.
    const [hasSessions] = await execute(`SELECT 1 FROM sqlite_schema WHERE name = 'session'`);
    for (const [problem, sql] of Object.entries(hasSessions ? { ...sums, ...sessionSums } : sums)) {
      const [row] = await execute<{ count: number }>(sql);
      if (row!.count > 0) problems.push(`${row!.count} ${problem}`);
    }
    if (problems.length > 0) throw new BackupError(`${name} is damaged:\n  ${problems.join('\n  ')}`);
    const [row] = await execute<{ count: number }>('SELECT count(*) AS count FROM log_entry');
    return row!.count;
  });
}
