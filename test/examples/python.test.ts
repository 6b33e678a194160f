import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { report } from '../support/processes/programs';
import { startKeyedServer, type KeyedServer } from '../support/server/keyed-server';
import { copyExample, type Example } from './support/example';
import { startUnreliableProxy, type UnreliableProxy } from './support/unreliable-proxy';

const isThere = spawnSync('python3', ['-c', 'import requests']).status === 0;
if (!isThere) report('skipped: examples/python: install requests (apt-get install python3-requests)');

(isThere ? describe : describe.skip)('examples/python', () => {
  let server: KeyedServer<'app'>;
  let proxy: UnreliableProxy;
  let example: Example;

  beforeAll(async () => {
    server = await startKeyedServer({ app: { scopes: ['record', 'read'] } });
    proxy = await startUnreliableProxy(server.url);
    example = copyExample('python');
  });
  afterAll(async () => {
    example?.remove();
    await proxy?.stop();
    await server?.stop();
  });

  it('records a session once, though the first attempts fail, and reads it back', async () => {
    proxy.expect('refused', 'answer lost');
    const environment = { LOG_MANAGER_URL: proxy.url, LOG_MANAGER_KEY: server.texts.app };
    const output = await example.run('python3', ['-B', 'main.py'], environment);
    expect(output.trim().split('\n')).toEqual([
      'Recorded 3 actions.',
      'Pages of 2:',
      '2018-10-19T03:37:28.000Z CLICK, 2018-10-19T03:37:30.000Z VIEW',
      '2018-10-19T03:37:30.000Z NAVIGATE',
      'Entries by type:',
      'CLICK 1',
      'NAVIGATE 1',
      'VIEW 1',
      'A session that breaks rules:',
      'BAD_USER_INPUT',
      expect.stringMatching(/^ {2}userId must /),
      expect.stringMatching(/^ {2}actions\[0\]\.time must /),
    ]);
  });

  it('names the code of an error', async () => {
    const script = `
from log_manager import LogManagerError, graphql
try:
    graphql("{ logs { time } }")
except LogManagerError as error:
    print(error.code, error.retryable)
`;
    const environment = { LOG_MANAGER_URL: server.url, LOG_MANAGER_KEY: '' };
    expect(await example.run('python3', ['-B', '-c', script], environment)).toBe('UNAUTHENTICATED False\n');
  });
});
