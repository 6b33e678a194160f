#!/usr/bin/env node
import { CommanderError } from 'commander';
import { ConfigError } from '../config/config';
import { readVersion } from '../package-root';
import { BackupError } from '../storage/sqlite/files/backup-error';
import { createProgram } from './program';

/**
 * Prints the error.
 * @returns the exit code: 1, or 2 for wrong arguments or settings
 */
function report(error: unknown): number {
  // Commander has printed the message; --help and --version throw one with exit code 0.
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
