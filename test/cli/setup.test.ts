import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { waitFor } from '../support/wait-for';
import { itLong } from '../support/scale';
import { root } from '../support/processes/command';

const { optionalDependencies, devDependencies } = JSON.parse(
  readFileSync(join(root, 'package.json'), 'utf8'),
) as Record<string, Record<string, string>>;

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'log-manager-setup-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

it('refuses Node before 20.19', () => {
  for (const version of ['20.18.9', '18.99.0']) {
    const fake = `Object.defineProperty(process.versions,'node',{value:'${version}'})`;
    const ended = spawnSync(process.execPath, [join(root, 'scripts', 'setup.mjs')], {
      encoding: 'utf8',
      env: {
        PATH: process.env['PATH'],
        NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(fake)}`,
      },
    });
    expect([ended.status, ended.stderr]).toEqual([1, expect.stringContaining('needs Node 20.19 or newer')]);
  }
});

describe('with an npm that only notes its arguments and makes directories', () => {
  const installing = ['install', 'install with devDependencies'] as const;

  /** Makes what setup.mjs reads. `script` is what `npm install` does after it has noted how it was called. */
  function makeClone(script = ''): void {
    for (const name of ['scripts', 'bin']) mkdirSync(join(directory, name));
    const names = ['scripts/setup.mjs', 'scripts/arguments.mjs', 'package.json', 'package-lock.json'];
    for (const name of names) copyFileSync(join(root, name), join(directory, name));
    writeFileSync(join(directory, 'bin', 'npm'), `#!/bin/sh\n${script}`, { mode: 0o755 });
  }

  function setUp(...args: string[]) {
    return spawnSync(process.execPath, [join(directory, 'scripts', 'setup.mjs'), ...args], {
      env: { PATH: [join(directory, 'bin'), process.env['PATH']].join(delimiter) },
      encoding: 'utf8',
    });
  }

  const log = (): string => join(directory, 'npm.log');
  const packages = ['sqlite3', ...Object.keys(optionalDependencies!)];
  const whole = `
    case "$*" in
      *--omit=dev*) echo '${installing[0]}' >> npm.log;;
      *--include=dev*) echo '${installing[1]}' >> npm.log; mkdir -p node_modules/jest;;
    esac
    if [ -e offline ]; then exit 1; fi
    if [ -e killed ]; then mkdir -p node_modules/half; kill -KILL $$; fi
    for name in ${packages.join(' ')}; do
      if [ -e "without-$(basename $name)" ]; then continue; fi
      mkdir -p node_modules/$name
      echo '{}' > node_modules/$name/package.json
      : > node_modules/$name/index.js
    done`;

  /** What npm was called for by one more run of setup.mjs, and whether that succeeded. */
  function installs(...args: string[]): { readonly status: number | null; readonly calls: string[] } {
    writeFileSync(log(), '');
    const { status } = setUp('--no-build', ...args);
    return { status, calls: readFileSync(log(), 'utf8').split('\n').slice(0, -1) };
  }

  it('installs devDependencies only with --dev, keeps them, and installs nothing twice', () => {
    makeClone(whole);
    expect(installs()).toEqual({ status: 0, calls: [installing[0]] });
    expect(installs()).toEqual({ status: 0, calls: [] });
    expect(installs('--dev')).toEqual({ status: 0, calls: [installing[1]] });
    expect(installs()).toEqual({ status: 0, calls: [] });
    expect(installs('--dev')).toEqual({ status: 0, calls: [] });
    appendFileSync(join(directory, 'package-lock.json'), '\n');
    expect(installs()).toEqual({ status: 0, calls: [installing[1]] });
    expect(installs('--dev')).toEqual({ status: 0, calls: [] });
  });

  it('installs again after an installation that failed, also for the same lock file as before', () => {
    makeClone(whole);
    expect(installs().status).toBe(0);
    const lock = readFileSync(join(directory, 'package-lock.json'));
    appendFileSync(join(directory, 'package-lock.json'), '\n');
    writeFileSync(join(directory, 'offline'), '');
    expect(installs()).toEqual({ status: 1, calls: [installing[0]] });
    writeFileSync(join(directory, 'package-lock.json'), lock);
    rmSync(join(directory, 'offline'));
    expect(installs()).toEqual({ status: 0, calls: [installing[0]] });
  });

  it('waits at Ctrl+C for npm, which removes what it has begun itself', async () => {
    makeClone(`mkdir node_modules/kept || exit 1
      trap 'kill $!; exit 1' INT; sleep 9 & echo waiting >&2; wait`);
    const args = [join(directory, 'scripts', 'setup.mjs')];
    const PATH = [join(directory, 'bin'), process.env['PATH']].join(delimiter);
    const child = spawn(process.execPath, args, { env: { PATH }, detached: true });
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
      if (stderr.endsWith('waiting\n')) process.kill(-child.pid!, 'SIGINT');
    });
    await once(child, 'exit');
    expect(child.exitCode).toBe(1);
    expect(stderr).toContain('npm install failed');
    setUp();
    expect(existsSync(join(directory, 'node_modules', 'kept'))).toBe(true);
  });

  it('removes what is half installed after npm was killed', () => {
    makeClone(whole);
    writeFileSync(join(directory, 'killed'), '');
    expect(installs('--dev')).toEqual({ status: 1, calls: [installing[1]] });
    rmSync(join(directory, 'killed'));
    expect(installs()).toEqual({ status: 0, calls: [installing[0]] });
    expect(existsSync(join(directory, 'node_modules', 'half'))).toBe(false);
  });

  it('leaves node_modules to another setup that is installing', async () => {
    makeClone(`: > started; read line < release; ${whole}`);
    execFileSync('mkfifo', [join(directory, 'release')]);
    const first = spawn(process.execPath, [join(directory, 'scripts', 'setup.mjs'), '--no-build'], {
      env: { PATH: [join(directory, 'bin'), process.env['PATH']].join(delimiter) },
      stdio: 'ignore',
    });
    const ended = once(first, 'exit');
    await waitFor(() => existsSync(join(directory, 'started')));
    const second = setUp('--no-build');
    expect([second.status, second.stderr]).toEqual([
      1,
      expect.stringContaining(`Process ${first.pid} is installing`),
    ]);
    writeFileSync(join(directory, 'release'), '\n');
    expect(await ended).toEqual([0, null]);
    expect(readFileSync(log(), 'utf8')).toBe(`${installing[0]}\n`);
  });

  it('installs again if npm left out a package of the build, which npm does without an error', () => {
    makeClone(whole);
    writeFileSync(join(directory, 'without-typescript'), '');
    expect(installs()).toEqual({ status: 1, calls: [installing[0]] });
    expect(setUp().stderr).toContain('npm could not install typescript. Try again.');
    rmSync(join(directory, 'without-typescript'));
    expect(installs()).toEqual({ status: 0, calls: [installing[0]] });
  });

  itLong('says every 10 s that it still runs while it compiles the SQLite driver', () => {
    // Installs nothing, so that the driver does not load.
    makeClone('if [ "$1" = rebuild ]; then sleep 11; fi\n');
    const { status, stdout, stderr } = setUp();
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toContain('… still running: npm rebuild (10 s)');
    expect(stderr).toContain('could not be compiled');
  });
});

describe('a fresh clone', () => {
  itLong(
    'is installed, built and served by npm start, without devDependencies, and then offline',
    async () => {
      const clone = join(directory, 'clone');
      execFileSync('git', ['clone', '--quiet', root, clone]);
      const { PATH = '', HOME = '' } = process.env;
      // Compiling the driver takes more than a minute: npm is to take the one of this clone.
      const driver = 'node_modules/sqlite3';
      const { version } = JSON.parse(readFileSync(join(root, driver, 'package.json'), 'utf8')) as {
        version: string;
      };
      const archive = `sqlite3-v${version}-napi-v6-${process.platform}-${process.arch}.tar.gz`;
      const binary = 'build/Release/node_sqlite3.node';
      execFileSync('tar', ['-czf', join(directory, archive), '-C', join(root, driver), binary]);
      const npm_config_sqlite3_local_prebuilds = directory;

      const start = async (settings: Record<string, string>): Promise<string> => {
        const own = {
          PATH,
          HOME,
          PORT: '0',
          DATABASE_URL: 'sqlite::memory:',
          npm_config_sqlite3_local_prebuilds,
        };
        const env = { ...own, ...settings };
        const child = spawn('npm', ['start'], { cwd: clone, env, detached: true });
        const closed = once(child, 'close');
        let output = '';
        const collect = (chunk: Buffer): void => {
          output += chunk.toString();
          if (output.includes('Log Manager serves')) process.kill(-child.pid!, 'SIGTERM');
        };
        child.stdout.on('data', collect);
        child.stderr.on('data', collect);
        await closed;
        return output;
      };
      const missing = (): string[] =>
        Object.keys(devDependencies!).filter((name) => !existsSync(join(clone, 'node_modules', name)));

      const first = await start({ NODE_ENV: 'production' });
      expect(first).toContain('Installing dependencies');
      expect(first).toContain('Log Manager serves http://127.0.0.1:');
      // Fastify depends on ajv.
      expect(missing()).toEqual(Object.keys(devDependencies!).filter((name) => name !== 'ajv'));
      const megabytes = execFileSync('du', ['-sm', join(clone, 'node_modules')], { encoding: 'utf8' });
      expect(Number.parseInt(megabytes, 10)).toBeLessThanOrEqual(250);

      const again = await start({ npm_config_offline: 'true' });
      expect(again).not.toMatch(/Installing|Building/);
      expect(again).toContain('Log Manager serves http://127.0.0.1:');
    },
    600_000,
  );
});
