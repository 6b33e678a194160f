import Database from 'libsql';
import type { Changes } from './feed.js';

/** A copy of the log in a SQLite database, and the cursor up to which it is complete. */
export class Copy {
  private readonly database: Database.Database;

  /** Opens the file, or creates it. */
  constructor(path: string) {
    this.database = new Database(path);
    // Readers of the copy do not block the copying.
    this.database.pragma('journal_mode = WAL');
    this.database.pragma('busy_timeout = 10000');
    // What is erased is overwritten.
    this.database.pragma('secure_delete = ON');
    this.database.exec(`
      CREATE TABLE IF NOT EXISTS log_entry (
        id INTEGER PRIMARY KEY,
        time TEXT NOT NULL,
        type TEXT NOT NULL,
        properties TEXT NOT NULL,
        user_id TEXT NOT NULL,
        session_id TEXT NOT NULL,
        received_at TEXT NOT NULL
      ) STRICT;
      CREATE INDEX IF NOT EXISTS log_entry_user ON log_entry (user_id, session_id);
      CREATE TABLE IF NOT EXISTS feed (id INTEGER PRIMARY KEY CHECK (id = 1), cursor TEXT NOT NULL) STRICT;
    `);
  }

  /** Where to go on; null: the copy is empty. */
  get cursor(): string | null {
    const row = this.database.prepare('SELECT cursor FROM feed').get() as { cursor: string } | undefined;
    return row?.cursor ?? null;
  }

  /**
   * Stores a page and its cursor in one transaction: a process that is killed leaves both or neither, and goes on
   * where it was.
   */
  store({ entries, erasures, cursor }: Changes): void {
    // Not INSERT OR IGNORE: an entry that came twice would be a bug, and is not to be hidden.
    const insert = this.database.prepare('INSERT INTO log_entry VALUES (?, ?, ?, ?, ?, ?, ?)');
    const eraseUser = this.database.prepare('DELETE FROM log_entry WHERE user_id = ?');
    const eraseSession = this.database.prepare('DELETE FROM log_entry WHERE user_id = ? AND session_id = ?');
    const setCursor = this.database.prepare('INSERT OR REPLACE INTO feed VALUES (1, ?)');
    this.database.transaction(() => {
      for (const { id, time, type, properties, userId, sessionId, receivedAt } of entries) {
        insert.run(BigInt(id), time, type, JSON.stringify(properties), userId, sessionId, receivedAt);
      }
      // After the entries: what is erased was recorded before.
      for (const { userId, sessionId } of erasures) {
        if (sessionId === null) eraseUser.run(userId);
        else eraseSession.run(userId, sessionId);
      }
      setCursor.run(cursor);
    })();
  }
}
