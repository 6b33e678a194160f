import { expect, it } from '@jest/globals';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { dialect } from '../support/database/database';
import { report } from '../support/processes/programs';
import { startServerProcess } from '../support/processes/server-process';
import { sendHttp } from '../support/server/http';
import { createAddresses, createKeys } from './support/clients';
import { expensiveReads } from './support/expensive-reads';
import { openFilledDatabase } from './support/filled-database';
import { startGenerator } from './support/generator';
import { measureOthers } from './support/others';
import { describeRun, findFaults, type Run } from './support/run';
import { lookAt, startWatch } from './support/watch';

const entries = Number(process.env['PRESSURE_ENTRIES'] ?? 5_000_000);
const seconds = Number(process.env['PRESSURE_SECONDS'] ?? 120);
const idleSeconds = Math.min(30, seconds);
const connections = 1_000;
const clientCount = 200;

const probe = join(__dirname, 'support', 'statement-times.cjs');
const count = `query ($user: String!) { logTypes(filter: { userIds: [$user] }) { types { count } } }`;

interface Scenario {
  /** Whether clients have keys or addresses of their own. */
  readonly by: 'keys' | 'addresses';
  /** Whether a client that is refused waits as long as it is told. */
  readonly obeys: boolean;
}

/** Sends bounded reads, probes and writes before, during and after the pressure. Returns what is wrong. */
async function press({ by, obeys }: Scenario): Promise<string[]> {
  const database = await openFilledDatabase(entries);
  const { clients, others } =
    by === 'keys' ? await createKeys(database.url, clientCount) : createAddresses(clientCount);
  const server = await startServerProcess({ DATABASE_URL: database.url, NODE_OPTIONS: `--require=${probe}` });
  const { url } = server;
  const recorded = new Map<string, number>();
  const measure = (forSeconds: number) => measureOthers(url, forSeconds, others, recorded);
  const look = () => lookAt(server, database.path, others);
  try {
    await measure(3);
    const idle = await measure(idleSeconds);
    const before = await look();
    const stopWatch = startWatch(look);
    const stopPressure = startGenerator({ url, connections, clients, documents: expensiveReads, obeys });
    await sleep(2_000);
    process.kill(server.pid, 'SIGUSR2');
    const during = await measure(seconds);
    process.kill(server.pid, 'SIGUSR2');
    const result = await stopPressure();
    const samples = await stopWatch();
    await sleep(5_000);
    const after = await measure(idleSeconds);
    const last = await look();
    const [, line] = await server.waitForLog(({ msg }) => msg === 'statements', 2);
    const lane = dialect === 'sqlite' ? line : undefined;
    const run = { phases: { idle, during, after }, before, samples, last, result, lane } as unknown as Run;
    report(describeRun(run));
    const faults = findFaults(run, obeys);
    for (const [user, expected] of recorded) {
      const body = JSON.stringify({ query: count, variables: { user } });
      const { text } = await sendHttp(`${url}/graphql`, { method: 'POST', headers: others, body });
      const expectedText = JSON.stringify({ data: { logTypes: { types: [{ count: expected }] } } });
      if (text.trim() !== expectedText) faults.push(`entries of ${user}: ${text}, not ${expectedText}`);
    }
    return faults;
  } finally {
    await server.end();
    await database.remove();
  }
}

it(`serves others beside ${connections} connections of ${clientCount} addresses that obey`, async () => {
  expect(await press({ by: 'addresses', obeys: true })).toEqual([]);
});

it(`serves others beside ${connections} connections of ${clientCount} keys that obey`, async () => {
  expect(await press({ by: 'keys', obeys: true })).toEqual([]);
});

it(`serves others beside ${connections} connections of ${clientCount} addresses that ask again at once`, async () => {
  expect(await press({ by: 'addresses', obeys: false })).toEqual([]);
});
