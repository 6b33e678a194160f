import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { startServer, type TestServer } from '../../support/server/server';

const root = join(__dirname, '..', '..', '..');
const example = join('examples', 'typed-client');
const notOfTheExample = ['node_modules', 'dist', 'gql'];

/** Compiles only while the types are what they should be: an unused @ts-expect-error is an error. */
const typeChecks = `
import { execute } from './execute';
import { graphql } from './gql';

const document = graphql(\`
  query ReadLogs($user: String, $startTime: DateTime, $endTime: DateTime) {
    logs(user: $user, startTime: $startTime, endTime: $endTime) {
      time
      type
      properties
    }
  }
\`);

export async function check(): Promise<void> {
  const { logs } = await execute(document, { startTime: '2018-10-19' });
  const time: string | undefined = logs[0]?.time;
  const properties: Record<string, unknown> | undefined = logs[0]?.properties;
  // @ts-expect-error a time is a string
  const wrongTime: number | undefined = logs[0]?.time;
  // @ts-expect-error the values of properties are unknown
  const wrongProperties: Record<string, number> | undefined = logs[0]?.properties;
  // @ts-expect-error the document does not ask for it
  const notAsked: unknown = logs[0]?.userId;
  // @ts-expect-error a bound is a string
  await execute(document, { startTime: 1 });
  console.log(time, properties, wrongTime, wrongProperties, notAsked);
}
`;

describe('the typed client', () => {
  let server: TestServer;
  let directory: string;
  let client: string;

  beforeAll(async () => {
    server = await startServer();
    // As in a clone: the schema two directories up, the packages found on the way there.
    directory = mkdtempSync(join(tmpdir(), 'log-manager-client-'));
    client = join(directory, example);
    cpSync(join(root, 'schema.graphql'), join(directory, 'schema.graphql'));
    symlinkSync(join(root, 'node_modules'), join(directory, 'node_modules'));
    cpSync(join(root, example), client, {
      recursive: true,
      filter: (path) => !notOfTheExample.includes(basename(path)),
    });
  });
  afterAll(async () => {
    await server.stop();
    rmSync(directory, { recursive: true });
  });

  async function run(args: string[], environment: Record<string, string> = {}): Promise<string> {
    const { stdout } = await promisify(execFile)(process.execPath, args, {
      cwd: client,
      env: { PATH: process.env['PATH'], LOG_MANAGER_URL: server.url, ...environment },
    }).catch((error: unknown) => {
      const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
      throw new Error(`${args.join(' ')} failed:\n${stdout}${stderr}`);
    });
    return stdout;
  }
  const tool = (name: string): string => join(root, 'node_modules', '.bin', name);

  it('is generated, compiles under strict, and records and reads a session', async () => {
    await run([tool('graphql-codegen'), '--config', 'codegen.ts']);
    writeFileSync(join(client, 'src', 'type-checks.ts'), typeChecks);
    await run([tool('tsc'), '--strict', '-p', 'tsconfig.json']);
    const output = await run(['dist/src/main.js']);
    expect(output.trim().split('\n')).toEqual([
      'Recorded 3 actions.',
      '2018-10-19T03:37:28.000Z CLICK {"locationX":52,"locationY":11}',
      '2018-10-19T03:37:30.000Z VIEW {"viewedId":"FDJKLHSLD"}',
      '2018-10-19T03:37:30.000Z NAVIGATE {"pageFrom":"communities","pageTo":"inventory"}',
    ]);
    const { data } = await server.graphql('{ logs(user: "ABC123XYZ") { sessionId type } }');
    expect(data.logs).toEqual([
      { sessionId: 'XYZ456ABC', type: 'CLICK' },
      { sessionId: 'XYZ456ABC', type: 'VIEW' },
      { sessionId: 'XYZ456ABC', type: 'NAVIGATE' },
    ]);
  });

  it('sends a key to a server that needs one', async () => {
    const key = 'an-admin-key'.padEnd(32, '!');
    const closed = await startServer({ ADMIN_KEY: key });
    try {
      const environment = { LOG_MANAGER_URL: closed.url, LOG_MANAGER_KEY: key };
      const output = await run(['dist/src/main.js'], environment);
      expect(output).toContain('Recorded 3 actions.');
      await expect(run(['dist/src/main.js'], { ...environment, LOG_MANAGER_KEY: '' })).rejects.toThrow(
        'This server needs a key.',
      );
    } finally {
      await closed.stop();
    }
  });
});
