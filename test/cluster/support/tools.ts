import { describe } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram, report, setprivPath } from '../../support/processes/programs';

const versions = '/usr/lib/postgresql';

/** The folder of the newest PostgreSQL that Debian's packages have put here. */
const postgresFolder = (existsSync(versions) ? readdirSync(versions) : [])
  .sort((a, b) => Number(b) - Number(a))
  .map((version) => join(versions, version, 'bin'))
  .find((folder) => existsSync(join(folder, 'initdb')));

const haproxyPath = findProgram('haproxy');

/** What PostgreSQL runs as: it refuses root, so root hands over to the user of Debian's package. */
export const postgresUser = process.getuid?.() === 0 ? idsOf('postgres') : undefined;

export function postgresTool(name: 'postgres' | 'initdb' | 'pg_basebackup' | 'pg_dump' | 'psql'): string {
  return join(postgresFolder!, name);
}

export function haproxyTool(): string {
  return haproxyPath!;
}

function idsOf(user: string): { readonly uid: number; readonly gid: number } | undefined {
  if (!existsSync('/etc/passwd')) return undefined;
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((candidate) => candidate.startsWith(`${user}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  return line ? { uid: Number(uid), gid: Number(gid) } : undefined;
}

const missing = [
  ...(postgresFolder ? [] : ['postgresql']),
  ...(haproxyPath ? [] : ['haproxy']),
  ...(setprivPath ? [] : ['util-linux']),
];

/** A suite that needs a real cluster: skipped, with a line that says what is missing, where there can be none. */
export function describeCluster(name: string, suite: () => void): void {
  if (missing.length === 0) return describe(name, suite);
  report(`skipped: ${name}: on Debian, run apt-get install ${missing.join(' ')}`);
  describe.skip(name, suite);
}
