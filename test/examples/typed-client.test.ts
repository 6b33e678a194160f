import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { startKeyedServer, type KeyedServer } from '../support/server/keyed-server';
import { copyExample, describeInstalled, install, readGenerated, type Example } from './support/example';
import { findErrors, lines } from './support/mistakes';
import { startUnreliableProxy, type UnreliableProxy } from './support/unreliable-proxy';

describeInstalled('examples/typed-client', () => {
  let server: KeyedServer<'app'>;
  let proxy: UnreliableProxy;
  let example: Example;
  let environment: Record<string, string>;

  beforeAll(async () => {
    server = await startKeyedServer({ app: { scopes: ['record', 'read'] } }, { MAX_LOGS_RESULT: '2' });
    proxy = await startUnreliableProxy(server.url);
    environment = { LOG_MANAGER_URL: proxy.url, LOG_MANAGER_KEY: server.texts.app };
    example = copyExample('typed-client');
    await install(example);
    await example.run('npm', ['run', 'build']);
  });
  afterAll(async () => {
    example?.remove();
    await proxy?.stop();
    await server?.stop();
  });

  it('records a session once, though the first attempts fail, and reads it back', async () => {
    proxy.expect('refused', 'answer lost');
    const output = await example.run('node', ['dist/main.js'], environment);
    expect(output.trim().split('\n')).toEqual([
      'Recorded 3 actions with an earlier attempt.',
      'Pages of 2:',
      '2018-10-19T03:37:28.000Z CLICK, 2018-10-19T03:37:30.000Z VIEW',
      '2018-10-19T03:37:30.000Z NAVIGATE',
      'Clicks left of 100:',
      '52 11',
      'All of the day:',
      '2018-10-19T03:37:28.000Z CLICK {"locationX":52,"locationY":11}',
      '2018-10-19T03:37:30.000Z VIEW {"viewedId":"FDJKLHSLD"}',
      '2018-10-19T03:37:30.000Z NAVIGATE {"pageFrom":"communities","pageTo":"inventory"}',
      'A session that breaks rules:',
      'BAD_USER_INPUT',
      expect.stringMatching(/^ {2}input\.userId must /),
      expect.stringMatching(/^ {2}input\.actions\[0\]\.time must /),
    ]);
  });

  it('reads what is too much for one answer in parts that end at retryEndTime', async () => {
    const script = `
      import { readInParts } from './dist/read.js';
      for await (const entries of readInParts({ user: 'ABC123XYZ' })) console.log(entries.length);
    `;
    const output = await example.run('node', ['--input-type=module', '--eval', script], environment);
    expect(output).toBe('1\n2\n');
  });

  it('names the code of an error', async () => {
    const withoutKey = { ...environment, LOG_MANAGER_KEY: '' };
    await expect(example.run('node', ['dist/main.js'], withoutKey)).rejects.toThrow('UNAUTHENTICATED: ');
  });

  it.each(['/schema.graphql', '/graphql'])('gets the same types from the server at %s', async (path) => {
    const types = readGenerated(example);
    expect(types).toContain('{ equals: ');
    rmSync(join(example.directory, 'src', 'gql'), { recursive: true });
    await example.run('npm', ['run', 'generate'], { ...environment, LOG_MANAGER_SCHEMA: server.url + path });
    expect(readGenerated(example)).toBe(types);
  });

  it('compiles what is right, and refuses what is wrong', async () => {
    expect(await findErrors(example, `ReadLogsQuery['logs'][number]`)).toEqual(lines);
  });
});
