import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runToEnd, startServerProcess, type LogLine } from '../support/processes/server-process';
import { sendHttp } from '../support/server/http';
import { itLong } from '../support/scale';
import { readDeployed, readStages, root, variablesOf } from './support/deploy';

let directory: string;
let environment: Record<string, string>;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'log-manager-container-'));
  const image = variablesOf(readStages(readDeployed('Dockerfile')).at(-1)!);
  // The directory stands in for the volume.
  const url = image['DATABASE_URL']!.replace('/data/', `${directory}/`);
  environment = { ...image, DATABASE_URL: url, PORT: '0' };
});
afterEach(() => rmSync(directory, { recursive: true }));

/** What the server says when it is started with the environment of the image and nothing else. */
async function refusal(): Promise<string> {
  const { exitCode, output } = await runToEnd(environment);
  expect(exitCode).toBe(1);
  return (JSON.parse(output) as LogLine).msg;
}

/** Starts the server, and expects that it asks for the key. */
async function expectClosed(key: string, settings: Record<string, string> = {}): Promise<void> {
  const server = await startServerProcess({ ...environment, ...settings });
  try {
    const url = `http://127.0.0.1:${new URL(server.url).port}`;
    const headers = { authorization: `Bearer ${key}` };
    const body = '{"userId":"u","sessionId":"s","actions":[{"time":"2018-10-18T21:37:28Z","type":"T"}]}';
    const statuses = [
      await sendHttp(`${url}/logs/`),
      await sendHttp(`${url}/logs/`, { method: 'POST', body }),
      await sendHttp(`${url}/logs/`, { headers }),
      await sendHttp(`${url}/logs/`, { method: 'POST', body, headers }),
      // Those who check its health have no key.
      await sendHttp(`${url}/livez`),
      await sendHttp(`${url}/readyz`),
    ].map(({ status }) => status);
    expect(statuses).toEqual([401, 401, 200, 201, 200, 200]);
  } finally {
    await server.end();
  }
}

describe('a start as a container makes it', () => {
  it('is refused without a key, and serves with the ADMIN_KEY that the refusal asks for', async () => {
    const message = await refusal();
    expect(message).toContain('HOST: everybody who reaches this address could read and erase everything');
    expect(message).toContain('set ADMIN_KEY to a secret of 32 characters or more');
    // What `openssl rand -hex 32` prints.
    expect(message).toContain('`openssl rand -hex 32`');
    const key = randomBytes(32).toString('hex');
    await expectClosed(key, { ADMIN_KEY: `${key}\n` });
  });

  itLong('serves after exactly the command that the refusal names, which prints the key alone', async () => {
    const [, command] = /`([^`]* keys create [^`]*)`/.exec(await refusal())!;
    const { PATH = '', HOME = '' } = process.env;
    const key = execFileSync('sh', ['-c', command!], {
      cwd: root,
      env: { ...environment, PATH, HOME },
      encoding: 'utf8',
    });
    expect(key).toMatch(/^lm_[\w-]{48}\n$/);
    await expectClosed(key.trim());
  });
});
