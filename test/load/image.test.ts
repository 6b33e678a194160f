import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readDeployed, readStages, root } from '../deploy/support/deploy';
import { freePorts } from '../support/processes/free-ports';
import { waitFor } from '../support/wait-for';
import {
  bootstrap,
  copySystem,
  describeDebian,
  installNode,
  installPackages,
  runIn,
  type Debian,
} from './support/debian';
import { buildImage } from './support/image';

const key = 'an-admin-key'.padEnd(32, '!');
const session = {
  userId: 'u',
  sessionId: 's',
  actions: [{ time: '2018-10-18T21:37:28-06:00', type: 'CLICK', properties: { locationX: 52 } }],
};

describeDebian('on a bare Debian', () => {
  const directory = mkdtempSync(join(tmpdir(), 'log-manager-image-'));
  const stages = readStages(readDeployed('Dockerfile'));
  const [, major, release] = /^node:(\d+)-([a-z]+)/.exec(stages[0]!.base)!;
  let slim: Debian;
  let image: Debian;

  beforeAll(() => {
    slim = copySystem(bootstrap(release!), join(directory, 'slim'));
    installNode(slim, major!);
    // The image without `-slim` has what compiles native modules.
    const full = copySystem(slim, join(directory, 'full'));
    installPackages(full, 'python3', 'make', 'g++', 'ca-certificates');
    image = buildImage(stages, directory, (base) => (base.endsWith('-slim') ? slim : full));
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  const jsonOf = (keyword: string): string[] => {
    const { text } = stages.at(-1)!.instructions.findLast((instruction) => instruction.keyword === keyword)!;
    return JSON.parse(/\[.*\]$/.exec(text)![0]) as string[];
  };
  /** The arguments that run a command in the image as Docker does: as its user, with its environment. */
  const inImage = (command: readonly string[], variables: Record<string, string>): string[] => {
    const { text } = stages.at(-1)!.instructions.findLast(({ keyword }) => keyword === 'USER')!;
    const pairs = Object.entries({ ...image.env, ...variables }).map(([name, value]) => `${name}=${value}`);
    const inDirectory = ['sh', '-c', `cd ${image.cwd} && exec "$0" "$@"`, ...command];
    return [`--userspec=${text}`, image.root, 'env', '-i', ...pairs, ...inDirectory];
  };

  it('every step of the Dockerfile runs, and the server of the image records and reads', async () => {
    const [port] = await freePorts(1);
    const variables = { HOST: '127.0.0.1', PORT: `${port}`, ADMIN_KEY: key };
    const server = spawn('chroot', inImage(jsonOf('ENTRYPOINT'), variables), { stdio: 'inherit' });
    try {
      await expectService(`http://127.0.0.1:${port}`, key);
      const check = inImage(jsonOf('HEALTHCHECK'), variables);
      expect(spawnSync('chroot', check).status).toBe(0);
      const data = statSync(join(image.root, 'data/log-manager.sqlite'));
      expect([data.uid, data.mode & 0o777]).toEqual([1_000, 0o600]);
    } finally {
      expect(await end(server)).toBe(0);
    }
    expect(spawnSync('chroot', inImage(jsonOf('HEALTHCHECK'), variables)).status).toBe(1);
  });

  it('the driver of this machine loads there', () => {
    const driver = join(image.root, 'driver');
    for (const name of ['sqlite3', 'bindings', 'file-uri-to-path']) {
      const target = join(driver, 'node_modules', name);
      cpSync(join(root, 'node_modules', name), target, { recursive: true, dereference: true });
    }
    const print = "console.log(process.version); new (require('sqlite3').Database)(':memory:')";
    expect(runIn({ ...image, cwd: '/driver' }, `node -e "${print}"`)).toMatch(`v${major}.`);
  });

  it('systemd starts the unit with all its limits, and the server records, reads, restarts and stops', async () => {
    const system = copySystem(slim, join(directory, 'systemd'));
    installPackages(system, 'systemd', 'dbus');
    symlinkSync('/usr/local/bin/node', join(system.root, 'usr/bin/node'));
    const opt = join(system.root, 'opt/log-manager');
    cpSync(join(image.root, image.cwd), opt, { recursive: true, verbatimSymlinks: true });
    cpSync(join(root, 'deploy'), join(opt, 'deploy'), { recursive: true });
    const boot = join(__dirname, 'support', 'boot-systemd.sh');
    const check = readFileSync(join(__dirname, 'support', 'check-service.sh'), 'utf8');
    writeFileSync(join(system.root, 'check-service.sh'), check, { mode: 0o755 });
    const unit = '[Service]\nType=oneshot\nExecStart=/check-service.sh\n[Unit]\nAfter=network.target\n';
    writeFileSync(join(system.root, 'etc/systemd/system/check.service'), unit);
    const command = ['sh', boot, system.root];
    const namespaces = [
      '--mount',
      '--pid',
      '--uts',
      '--ipc',
      '--net',
      '--cgroup',
      '--fork',
      '--kill-child=KILL',
    ];
    const child = spawn('unshare', [...namespaces, ...command], { stdio: 'ignore' });
    const result = join(system.root, 'result');
    try {
      for (let attempt = 0; attempt < 10 && !existsSync(result); attempt++) {
        await waitFor(() => existsSync(result)).catch(() => {});
      }
      const output = readFileSync(join(system.root, 'output'), 'utf8');
      expect([readFileSync(result, 'utf8').trim(), output]).toEqual(['0', expect.anything()]);
    } finally {
      child.kill('SIGKILL');
      await once(child, 'close');
    }
  });
});

async function end(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null) return child.exitCode;
  const closed = once(child, 'close');
  child.kill('SIGTERM');
  await closed;
  return child.exitCode;
}

/** Waits for a server, and expects that it records a session and gives it back. */
async function expectService(url: string, bearer: string): Promise<void> {
  await waitFor(() =>
    fetch(`${url}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    ),
  );
  const headers = { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' };
  const body = JSON.stringify(session);
  const recorded = await fetch(`${url}/logs/`, { method: 'POST', headers, body });
  expect(recorded.status).toBe(201);
  const read = await fetch(`${url}/logs/`, { headers });
  expect(await read.json()).toHaveLength(1);
}
