import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cleanUp, sleep, waitUntil } from '../support/processes/children';
import { freePorts } from '../support/processes/free-ports';
import { sendHttp } from '../support/server/http';
import { sessionOf } from '../support/journal/sessions';
import { createSmallDisk, type SmallDisk } from './support/small-disk';
import { describeDurability } from './support/suites';

const main = join(__dirname, '..', '..', 'dist', 'src', 'main.js');
const refusalCount = 300;

describeDurability('a server whose log is on the same full disk', ['a small disk'], () => {
  let disk: SmallDisk;
  let child: ChildProcess;
  let url: string;
  let errors = '';
  let makeRoom: () => void;
  const logFile = () => join(disk.directory, 'server.log');

  beforeAll(async () => {
    disk = createSmallDisk(16);
    const [port] = (await freePorts(1)) as [number];
    const log = openSync(logFile(), 'a');
    const { PATH = '' } = process.env;
    child = spawn(process.execPath, [main], {
      env: {
        PATH,
        PORT: `${port}`,
        DATABASE_URL: `sqlite:${join(disk.directory, 'x.sqlite')}`,
        LOG_LEVEL: 'debug',
        RETENTION_DAYS: '1',
      },
      stdio: ['ignore', log, 'pipe'],
    });
    closeSync(log);
    child.stderr!.setEncoding('utf8').on('data', (text: string) => (errors += text));
    url = `http://127.0.0.1:${port}`;
    await waitUntil('it serves', 20_000, () =>
      sendHttp(`${url}/readyz`).then(
        ({ status }) => status === 200,
        () => false,
      ),
    );
  });
  afterAll(async () => {
    if (child.exitCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    await cleanUp();
  });

  it('refuses every write with STORAGE_FULL in the same form, and answers reads', async () => {
    makeRoom = disk.fill();
    let refused = 0;
    for (let at = 0; refused < refusalCount; at++) {
      const body = JSON.stringify(sessionOf(`s-${at}`));
      const answer = await sendHttp(`${url}/logs/`, { method: 'POST', body });
      if (answer.status === 201) continue;
      refused++;
      expect(answer.status).toBe(507);
      expect(answer.body.errors[0].extensions).toEqual({ code: 'STORAGE_FULL', retryable: false });
    }
    expect((await sendHttp(`${url}/logs/?user=none`)).status).toBe(200);
    expect(errors.match(/ENOSPC/g)).toHaveLength(1);
  }, 60_000);

  it('writes and logs again when there is space, and ends with exit code 0', async () => {
    makeRoom();
    await sleep(1_500);
    const body = JSON.stringify(sessionOf('last'));
    expect((await sendHttp(`${url}/logs/`, { method: 'POST', body })).status).toBe(201);
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
    expect(child.exitCode).toBe(0);
    const log = readFileSync(logFile(), 'utf8');
    expect(log.match(/StorageFullError/g)!.length).toBeLessThan(10);
    expect(log).toContain('"stopped"');
    const lines = log.trim().split('\n');
    for (const line of lines) expect(() => JSON.parse(line) as unknown).not.toThrow();
  }, 60_000);
});
