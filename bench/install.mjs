import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const bench = fileURLToPath(new URL('.', import.meta.url));
export const root = fileURLToPath(new URL('..', import.meta.url));

/** Installs and builds Log Manager, then installs the bench's own packages if its lock file has changed. */
export function install() {
  run(root, process.execPath, ['scripts/setup.mjs', '--dev']);
  const stamp = `${bench}node_modules/.setup-stamp`;
  const digest = createHash('sha256')
    .update(process.version)
    .update(readFileSync(`${bench}package-lock.json`))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return;
  console.log('Installing the bench (a minute or two: better-sqlite3 may be compiled) …');
  run(bench, 'npm', ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error']);
  writeFileSync(stamp, digest);
}

function run(cwd, command, args) {
  const { status } = spawnSync(command, args, {
    cwd,
    stdio: 'inherit',
    shell: command === 'npm' && process.platform === 'win32',
  });
  if (status === 0) return;
  console.error(`${command} ${args.join(' ')} failed.`);
  process.exit(1);
}
