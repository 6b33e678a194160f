#!/usr/bin/env node
import { CommanderError } from 'commander';
import { ConfigError } from '../config/config';
import { readVersion } from '../package-root';
import { BackupError } from '../storage/sqlite/files/backup-error';
import { createProgram } from './program';

/**
 * Says what went wrong.
 * @returns the exit code: 1, or 2 when arguments or settings are wrong
 */
function report(error: unknown): number {
  // Commander has said so already; help that was asked for comes as one, too.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof ConfigError) {
    console.error(`${error.message}\nSee docs/configuration.md.`);
    return 2;
  }
  console.error(error instanceof BackupError ? `error: ${error.message}` : error);
  return 1;
}

createProgram(readVersion())
  .parseAsync()
  .catch((error: unknown) => {
    process.exitCode = report(error);
  });
