import { Agent } from 'node:http';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { startSteadyLoad } from '../../support/journal/steady-load';
import { sendHttp, type HttpAnswer } from '../../support/server/http';
import { population } from './filling';

/** Requests a second, begun whether or not the earlier ones are answered. */
const readsPerSecond = 40;
const probesPerSecond = 10;
/** Each sends its next session so many milliseconds after the answer to the one before: no core is busy with it. */
const writerCount = 4;
const writePauseMs = 25;
const actionsPerSession = 20;
/** Connections of reads and writes; a request that waits for one in this process is late as well. */
const maxSockets = 32;
/** Connections of probes, which do not wait for those of reads. */
const maxProbeSockets = 8;

/** What a client met that asks bounded reads, records and probes. Times are in milliseconds. */
export interface Measurement {
  readonly readMs: readonly number[];
  readonly readyMs: readonly number[];
  readonly liveMs: readonly number[];
  readonly writeMs: readonly number[];
  readonly writesPerSecond: number;
  /** How long this process was blocked at most, which counts in all times. */
  readonly ownDelayMs: number;
  /** Answers that were errors. */
  readonly problems: readonly string[];
}

/** Users whose sessions {@link measureOthers} records. */
export const writers = Array.from({ length: writerCount }, (_, at) => `writer-${at}`);

const record = `mutation ($input: RecordSessionInput!) { recordSession(input: $input) { recordedCount } }`;
const user = (at: number): string => population.otherUsers[(at * 37) % population.otherUsers.length]!;
const fields = 'nodes { id time type properties }';

/** Bounded reads of 20 items. */
const reads: readonly ((at: number) => string)[] = [
  (at) => `{ logsConnection(filter: { userIds: ["${user(at)}"] }, first: 20) { ${fields} } }`,
  (at) =>
    `{ logsConnection(filter: { userIds: ["${user(at)}"] }, order: TIME_DESC, first: 20) { ${fields} } }`,
  (at) => `{ logsConnection(filter: { types: ["${population.types[at % 20]}"] }, first: 20) { ${fields} } }`,
  (at) => `{ sessions(filter: { userIds: ["${user(at)}"] }, first: 20) { nodes { sessionId entryCount } } }`,
];

let sessionCount = 0;

/**
 * Reads, probes and records for some seconds, as another client than those that put pressure on the server.
 * @param recorded number of acknowledged entries by user, which is added to
 * @param localAddress the address of the client
 */
export async function measureOthers(
  url: string,
  seconds: number,
  headers: Record<string, string>,
  recorded: Map<string, number>,
  localAddress = '127.0.0.1',
): Promise<Measurement> {
  const [readMs, readyMs, liveMs, writeMs]: [number[], number[], number[], number[]] = [[], [], [], []];
  const problems: string[] = [];
  const agent = new Agent({ keepAlive: true, maxSockets, localAddress });
  const probeAgent = new Agent({ keepAlive: true, maxSockets: maxProbeSockets, localAddress });
  const ownDelay = monitorEventLoopDelay();
  ownDelay.enable();
  const post = (body: object): Promise<HttpAnswer> =>
    sendHttp(`${url}/graphql`, { method: 'POST', agent, headers, body: JSON.stringify(body) });
  const get = (path: string) => sendHttp(url + path, { agent: probeAgent });
  /** Notes how long a request took, and what was wrong with its answer. */
  async function time(times: number[], what: string, send: () => Promise<HttpAnswer>): Promise<boolean> {
    const startedAt = performance.now();
    const answer = await send().catch((error: unknown) => String(error));
    times.push(performance.now() - startedAt);
    if (typeof answer === 'object' && answer.status === 200 && answer.body?.errors === undefined) return true;
    const text = typeof answer === 'object' ? `${answer.status} ${answer.text}` : answer;
    problems.push(`${what}: ${text.slice(0, 300)}`);
    return false;
  }
  const steady = (
    perSecond: number,
    times: number[],
    what: string,
    send: (at: number) => Promise<HttpAnswer>,
  ) =>
    startSteadyLoad(perSecond, async (at) => {
      await time(times, what, () => send(at));
      return undefined;
    });
  const loads = [
    steady(readsPerSecond, readMs, 'read', (at) => post({ query: reads[at % reads.length]!(at) })),
    steady(probesPerSecond, readyMs, '/readyz', () => get('/readyz')),
    steady(probesPerSecond, liveMs, '/livez', () => get('/livez')),
  ];

  const startedAt = performance.now();
  const endAt = startedAt + seconds * 1_000;
  async function write(userId: string): Promise<void> {
    while (performance.now() < endAt) {
      const input = { userId, sessionId: `written-${sessionCount++}`, actions: actionsNow() };
      const isRecorded = await time(writeMs, 'write', () => post({ query: record, variables: { input } }));
      if (isRecorded) recorded.set(userId, (recorded.get(userId) ?? 0) + actionsPerSession);
      await sleep(writePauseMs);
    }
  }
  await Promise.all([sleep(seconds * 1_000), ...writers.map(write)]);
  const writesPerSecond = writeMs.length / ((performance.now() - startedAt) / 1_000);
  await Promise.all(loads.map((load) => load.stop()));
  ownDelay.disable();
  agent.destroy();
  probeAgent.destroy();
  const ownDelayMs = ownDelay.max / 1e6;
  return { ownDelayMs, readMs, readyMs, liveMs, writeMs, writesPerSecond, problems };
}

function actionsNow(): object[] {
  const start = Date.now();
  return Array.from({ length: actionsPerSession }, (_, at) => ({
    time: new Date(start + at).toISOString(),
    type: 'WRITTEN',
    properties: { at, page: '/products/1', locationX: 17 },
  }));
}
