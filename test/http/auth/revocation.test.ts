import { expect } from '@jest/globals';
import { createDatabase } from '../../support/database/database';
import { runCommand } from '../../support/processes/command';
import { report } from '../../support/processes/programs';
import { startServerProcess } from '../../support/processes/server-process';
import { itLong } from '../../support/scale';
import { keepAlive, sendHttp } from '../../support/server/http';

const paths = ['/logs/?user=u', '/graphql?query={viewer{name}}'];
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

itLong('a key revoked under load lets no request in after 5 s, on two instances', async () => {
  const database = await createDatabase();
  const environment = { DATABASE_URL: database.url };
  const created = await runCommand(['keys', 'create', 'web', '--scopes', 'read'], environment);
  const authorization = `Bearer ${created.stdout.trim()}`;
  const servers = await Promise.all([1, 2].map(() => startServerProcess(environment)));
  const counts = servers.map(() => new Map<number, number>());
  let lastSuccessAt = 0;
  let isDone = false;
  async function load(at: number, path: string): Promise<void> {
    while (!isDone) {
      const begunAt = performance.now();
      const { status } = await sendHttp(servers[at]!.url + path, {
        headers: { authorization },
        agent: keepAlive,
      });
      counts[at]!.set(status, (counts[at]!.get(status) ?? 0) + 1);
      if (status === 200) lastSuccessAt = Math.max(lastSuccessAt, begunAt);
    }
  }
  try {
    const clients = servers.flatMap((_server, at) =>
      [...paths, ...paths, ...paths, ...paths].map((path) => load(at, path)),
    );
    await sleep(1_000);
    const { exitCode } = await runCommand(['keys', 'revoke', 'web'], environment);
    const revokedAt = performance.now();
    expect(exitCode).toBe(0);
    await sleep(7_000);
    isDone = true;
    await Promise.all(clients);
    const lateMs = Math.round(lastSuccessAt - revokedAt);
    report(
      `revoked under load: the last success began ${lateMs} ms later; ${JSON.stringify(counts.map((count) => [...count]))}`,
    );
    expect(lateMs).toBeLessThan(5_000);
    for (const count of counts) {
      expect([...count.keys()].sort()).toEqual([200, 401]);
      for (const some of count.values()) expect(some).toBeGreaterThan(100);
    }
  } finally {
    isDone = true;
    await Promise.all(servers.map((server) => server.end()));
    await database.remove();
  }
});
