import { describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, runCommand } from '../support/processes/command';

const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  version: string;
};

describe('log-manager', () => {
  it('tells its version, with npm as well', async () => {
    expect(await runCommand(['--version'])).toEqual({
      exitCode: 0,
      stdout: `${version}\n`,
      stderr: '',
    });
    const args = ['run', '--silent', 'log-manager', '--', '--version'];
    expect(execFileSync('npm', args, { cwd: root, encoding: 'utf8' })).toBe(`${version}\n`);
  });

  it('tells what it does, in lines that fit a terminal', async () => {
    const { exitCode, stdout, stderr } = await runCommand(['--help']);
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^Usage: log-manager \[options\] \[command\]\n/);
    expect(stdout).toMatch(/^ {2}backup <file> {2,}copy the database/m);
    expect(stdout).toMatch(/^Exit codes: /m);
    const backup = await runCommand(['backup', '--help']);
    expect([backup.exitCode, backup.stderr]).toEqual([0, '']);
    expect(backup.stdout).toMatch(/^Usage: log-manager backup \[options\] <file>\n/);
    expect(backup.stdout).toContain('docs/backup.md');
    const lines = `${stdout}${backup.stdout}`.split('\n');
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
  });

  it.each([
    [[], 'Usage: log-manager'],
    [['vacuum'], "error: unknown command 'vacuum'"],
    [['restore'], "error: missing required argument 'backup'"],
    [['backup'], "error: missing required argument 'file'"],
    [['backup', 'a', 'b'], 'error: too many arguments'],
    [['backup', '--force', 'a'], "error: unknown option '--force'"],
  ])('ends with exit code 2 when its arguments are %j', async (args, message) => {
    const { exitCode, stdout, stderr } = await runCommand(args);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
    expect(stderr).toContain('--help');
  });
});
