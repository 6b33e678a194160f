import { describe } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const isInstalled = spawnSync('promtool', ['--version']).status === 0;

/** A suite that needs Prometheus' promtool: skipped, with a line that says so, where it is not installed. */
export function describePromtool(name: string, suite: () => void): void {
  if (isInstalled) return describe(name, suite);
  process.stdout.write(`skipped: ${name}: install promtool (apt-get install prometheus)\n`);
  describe.skip(name, suite);
}

/** Runs promtool, with these files in its working directory. Returns its output, empty if it finds no fault. */
export function findFaults(args: readonly string[], files: Readonly<Record<string, string>>): string {
  const directory = mkdtempSync(join(tmpdir(), 'log-manager-promtool-'));
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
    const { status, stdout, stderr } = spawnSync('promtool', args, { cwd: directory, encoding: 'utf8' });
    return status === 0 ? '' : stdout + stderr;
  } finally {
    rmSync(directory, { recursive: true });
  }
}
