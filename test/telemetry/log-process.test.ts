import { afterEach, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { freePorts } from '../support/processes/free-ports';
import { sendHttp } from '../support/server/http';
import { originalLog } from '../support/server/original-log';
import { waitFor } from '../support/wait-for';

const main = join(__dirname, '..', '..', 'dist', 'src', 'main.js');
const requestCount = 600;

let child: ChildProcess | undefined;
afterEach(async () => {
  if (child?.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
});

/** Starts a server, and waits until it answers: its log may not be readable. */
async function start(standardOutput: 'pipe' | number): Promise<string> {
  const [port] = (await freePorts(1)) as [number];
  const { PATH = '' } = process.env;
  child = spawn(process.execPath, [main], {
    env: {
      PATH,
      PORT: `${port}`,
      DATABASE_URL: 'sqlite::memory:',
      LOG_LEVEL: 'debug',
      RETENTION_DAYS: '1',
    },
    stdio: ['ignore', standardOutput, 'pipe'],
  });
  const url = `http://127.0.0.1:${port}`;
  await waitFor(async () =>
    sendHttp(`${url}/livez`).then(
      () => true,
      () => false,
    ),
  );
  return url;
}

async function stop(): Promise<number | null> {
  const ended = once(child!, 'exit');
  child!.kill('SIGTERM');
  await ended;
  return child!.exitCode;
}

describe('a log that cannot be written', () => {
  it('on a full disk fails no request, is reported once on standard error, and ends with exit code 0', async () => {
    const full = openSync('/dev/full', 'w');
    const url = await start(full);
    closeSync(full);
    let errors = '';
    child!.stderr!.setEncoding('utf8').on('data', (text: string) => (errors += text));
    for (let count = 0; count < 20; count++) {
      const body = JSON.stringify(originalLog);
      expect((await sendHttp(`${url}/logs/`, { method: 'POST', body })).status).toBe(201);
      const refused = await sendHttp(`${url}/logs?user=`);
      expect([refused.status, refused.body.errors[0].extensions.code]).toEqual([400, 'BAD_USER_INPUT']);
    }
    expect(await stop()).toBe(0);
    expect(errors.match(/ENOSPC/g)).toHaveLength(1);
    expect(errors.trim().split('\n')).toHaveLength(1);
  });

  it('in a pipe that nobody reads stops no request, and ends with exit code 0', async () => {
    const url = await start('pipe');
    child!.stdout!.pause();
    // A route of this length fills the pipe's 64 KB soon.
    for (let count = 0; count < requestCount; count++) {
      expect((await sendHttp(`${url}/livez`)).status).toBe(200);
    }
    const startedAt = performance.now();
    expect(await stop()).toBe(0);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });

  it('in a pipe whose reader has ended fails no request, and ends with exit code 0', async () => {
    const url = await start('pipe');
    child!.stdout!.destroy();
    for (let count = 0; count < 20; count++) {
      expect((await sendHttp(`${url}/livez`)).status).toBe(200);
    }
    expect(await stop()).toBe(0);
  });
});
