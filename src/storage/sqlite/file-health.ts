import { statSync } from 'node:fs';
import { DatabaseFaultError, OutcomeUnknownError } from '../../logs/model/errors';
import { codeOf } from '../errors';
import { isDamage } from './errors';

/**
 * Knows whether the database at the path is the opened one, and whether SQLite has reported damage. Files are
 * compared by device and inode. They are never opened: closing one would drop SQLite's locks on it
 * (https://www.sqlite.org/howtocorrupt.html#_posix_advisory_locks_canceled_by_a_separate_thread_doing_close_).
 */
export function createFileHealth(path: string) {
  let opened: string | undefined;
  let damage: DatabaseFaultError | undefined;

  const identifyAll = (): string => `${identify(path)}, -wal ${identify(`${path}-wal`)}`;

  /** @throws {DatabaseFaultError} after damage */
  function checkDamage(): void {
    if (damage) throw damage;
  }

  /** @throws {DatabaseFaultError} after damage, or if the files are not the opened ones */
  function check(): void {
    checkDamage();
    const found = opened && identifyAll();
    if (found === opened) return;
    const cause = new Error(`${path} was opened as device:inode ${opened}; now it is ${found}`);
    throw new DatabaseFaultError('replaced', { cause });
  }

  return {
    /** Call it while a connection has the write-ahead log open. */
    watch(): void {
      opened = identifyAll();
    },

    checkDamage,
    check,

    /** Call it between a commit and its acknowledgement. @throws {OutcomeUnknownError} if `check` fails */
    confirmCommit(): void {
      try {
        check();
      } catch (cause) {
        throw new OutcomeUnknownError({ cause }, 'error');
      }
    },

    /** Remembers damage. Returns undefined for other errors of the driver. */
    toFault(error: unknown, isRead = false): DatabaseFaultError | undefined {
      if (!isDamage(error, isRead)) return undefined;
      return (damage ??= new DatabaseFaultError('damaged', { cause: error }));
    },
  };
}

/** Device and inode, or why there are none. Takes 1 to 2 µs. */
function identify(path: string): string {
  try {
    const { dev, ino } = statSync(path);
    return `${dev}:${ino}`;
  } catch (error) {
    return codeOf(error);
  }
}
