import { describe } from '@jest/globals';
import { execFileSync, spawnSync, type StdioOptions } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const hasTool = (name: string): boolean => spawnSync('which', [name]).status === 0;
const missing = [
  ...(process.getuid?.() === 0 ? [] : ['root']),
  ...['debootstrap', 'unshare', 'npm'].filter((name) => !hasTool(name)),
];

/** A suite that makes Debian systems of its own: skipped, with a line that says what is missing, where it cannot. */
export function describeDebian(name: string, suite: () => void): void {
  if (missing.length === 0) return describe(name, suite);
  process.stdout.write(`skipped: ${name}: it needs ${missing.join(', ')}\n`);
  describe.skip(name, suite);
}

/** The file system of a Debian, and how its commands run. */
export interface Debian {
  readonly root: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Certificates of authorities that this machine trusts besides those of Node; for npm. */
const extraCertificates = process.env['NODE_EXTRA_CA_CERTS'];
const ownEnv = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  HOME: '/root',
  ...(extraCertificates && { NODE_EXTRA_CA_CERTS: '/etc/extra-certificates.pem' }),
  // Headers to compile drivers with, which npm would fetch from nodejs.org.
  npm_config_nodedir: '/usr/local',
};

function run(command: string, args: readonly string[], stdio: StdioOptions = 'pipe'): string {
  return execFileSync(command, args, { encoding: 'utf8', maxBuffer: 1e8, stdio });
}

/** Makes a minimal system of a release of Debian once, and keeps it in the directory for temporary files (150 MB). */
export function bootstrap(release: string): Debian {
  const root = join(tmpdir(), `log-manager-debian-${release}`);
  if (!existsSync(root)) {
    const partial = `${root}.partial`;
    rmSync(partial, { recursive: true, force: true });
    run('debootstrap', ['--variant=minbase', release, partial]);
    renameSync(partial, root);
  }
  return { root, cwd: '/', env: ownEnv };
}

/** Copies a system; `root` is a new directory. */
export function copySystem(system: Debian, root: string): Debian {
  run('cp', ['--archive', system.root, root]);
  copyFileSync('/etc/resolv.conf', join(root, 'etc/resolv.conf'));
  if (extraCertificates) copyFileSync(extraCertificates, join(root, 'etc/extra-certificates.pem'));
  return { ...system, root };
}

/** Runs a command of a shell in a system, as root. @throws {Error} with its output, if it fails */
export function runIn({ root, cwd, env }: Debian, command: string): string {
  const inside = 'mount -t proc proc "$0/proc" && exec chroot "$0" "$@"';
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const shell = ['env', '-i', ...variables, 'sh', '-c', `cd ${cwd} && ${command}`];
  return run('unshare', ['--mount', '--pid', '--fork', '--kill-child', 'sh', '-c', inside, root, ...shell]);
}

export function installPackages(system: Debian, ...names: readonly string[]): void {
  const install = 'DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends';
  runIn(system, `apt-get update -qq && ${install} ${names.join(' ')} 2>&1`);
}

/** The npm that a version of Node has, by its major version. */
const npmOf: Readonly<Record<string, string>> = { 20: 'npm@10', 22: 'npm@10', 24: 'npm@11' };

/** Installs Node and npm as the image `node` has them: in /usr/local, and a user `node` with the id 1000. */
export function installNode(system: Debian, major: string): void {
  const node = `node-${process.platform}-${process.arch}@${major}`;
  for (const [name, target] of [
    [node, 'usr/local'],
    [npmOf[major]!, 'usr/local/lib/node_modules/npm'],
  ] as const) {
    const directory = join(system.root, target);
    mkdirSync(directory, { recursive: true });
    const file = run('npm', ['pack', '--silent', '--pack-destination', tmpdir(), name]).trim();
    const archive = join(tmpdir(), file);
    run('tar', [
      '--extract',
      '--file',
      archive,
      '--directory',
      directory,
      '--strip-components=1',
      '--no-same-owner',
    ]);
    rmSync(archive);
  }
  for (const name of ['npm', 'npx']) {
    symlinkSync(`../lib/node_modules/npm/bin/${name}-cli.js`, join(system.root, 'usr/local/bin', name));
  }
  runIn(system, 'groupadd --gid 1000 node && useradd --uid 1000 --gid node --create-home node');
}
