import { describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../../src/config/config';
import { settings } from '../../src/config/settings';
import { connectionLimits } from '../../src/http/connection-limits';
import { readDeployed, root, toMs } from './support/deploy';
import { environmentOf, linesOf, valueOf } from './support/systemd';

const unit = readDeployed('systemd/log-manager.service');
const isInstalled = spawnSync('systemd-analyze', ['--version']).status === 0;

/** What systemd holds against a unit. Its exit code is 0 even if it ignores a line. */
function findFaults(text: string): string {
  const directory = mkdtempSync(join(tmpdir(), 'log-manager-systemd-'));
  const file = join(directory, 'log-manager.service');
  writeFileSync(file, text.replace('/usr/bin/node', process.execPath));
  const { stdout, stderr } = spawnSync('systemd-analyze', ['verify', file], { encoding: 'utf8' });
  rmSync(directory, { recursive: true });
  return stdout + stderr;
}

describe('log-manager.service', () => {
  (isInstalled ? it : it.skip)('is one that systemd takes without a warning', () => {
    expect(findFaults(unit)).toBe('');
    expect(findFaults(unit.replace('ProtectHome=', 'ProtectHouse='))).toContain('ProtectHouse');
    expect(findFaults(unit.replace('RestartSec=5s', 'RestartSec=soon'))).toContain('soon');
  });

  it('has settings that the server takes, and keeps the database in the directory of its user', () => {
    const environment = environmentOf(unit);
    expect(Object.keys(environment).filter((name) => !(name in settings))).toEqual(['NODE_ENV']);
    const { database } = readConfig(environment);
    expect(database).toMatchObject({
      file: `/var/lib/${valueOf(unit, 'StateDirectory')}/log-manager.sqlite`,
    });
    expect(valueOf(unit, 'User')).toBe('log-manager');
  });

  it('runs the server itself, so that SIGTERM reaches it, and leaves it the time to stop', () => {
    const [node, script, ...others] = valueOf(unit, 'ExecStart').split(' ');
    expect([node, others]).toEqual(['/usr/bin/node', []]);
    expect(existsSync(join(root, script!))).toBe(true);
    expect(toMs(valueOf(unit, 'TimeoutStopSec'))).toBeGreaterThan(10_000);
  });

  it('may open a file for each connection, and some for the database', () => {
    expect(Number(valueOf(unit, 'LimitNOFILE'))).toBeGreaterThan(connectionLimits.maxConnections + 1_000);
  });

  it('is installed by the commands of deploy/README.md', () => {
    const readme = readDeployed('README.md');
    const directory = valueOf(unit, 'WorkingDirectory');
    expect(readme).toContain(`useradd --system --home-dir /var/lib/log-manager`);
    expect(readme).toContain(`${directory}/deploy/systemd/log-manager.service /etc/systemd/system/`);
    expect(linesOf(unit, 'EnvironmentFile')).toEqual(['-/etc/log-manager.env']);
    expect(readme).toContain('/etc/log-manager.env');
  });
});
