import { Agent } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { bodyRequests } from '../../http/malformed/body-requests';
import { documentRequests } from '../../http/malformed/document-requests';
import { headerRequests } from '../../http/malformed/header-requests';
import { jsonRequests } from '../../http/malformed/json-requests';
import { sendRaw } from '../../http/malformed/request';
import { stringRequests } from '../../http/malformed/string-requests';
import { sendHttp } from '../../support/server/http';

export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** Clients of one kind, each of which does one step after the other. */
export interface Load {
  readonly name: string;
  readonly clientCount: number;
  readonly pauseMs: number;
  /** Sends requests, and returns the answers that there are. */
  step(url: string, n: number): Promise<readonly Answer[]>;
}

const fields = 'id time type properties userId sessionId receivedAt';
const documents = [
  `{ logs(type: "VIEW", startTime: "2023-01-01", endTime: "2023-01-02") { ${fields} } }`,
  `{ logs(user: "user of 0-1-1") { ${fields} } }`,
  `{ logs(user: "user of 0-1-2", type: "CLICK") { ${fields} } }`,
  `{ logsConnection(first: 1000) { nodes { ${fields} } pageInfo { endCursor } totalCount { value } } }`,
  `{ logsConnection(order: TIME_DESC, filter: { types: ["CLICK", "VIEW"] }) { edges { cursor node { id } } } }`,
  `{ logsConnection(filter: { types: ["VIEW"], properties: [{ path: ["at"], is: { gt: 30 } }] }) { nodes { id } } }`,
  `{ sessions(first: 100) { nodes { id userId entryCount entries(first: 5) { nodes { id } } } } }`,
  `{ session(userId: "user of 0-2-1", sessionId: "0-2-1") { entryCount entries { nodes { ${fields} } } } }`,
  `{ logHistogram(interval: DAY, filter: { startTime: "2024-01-01", endTime: "2025-01-01" }, groupBy: TYPE) {
    buckets { start count groups { key count } } } }`,
  `{ logHistogram(interval: MONTH, groupBy: USER, topGroups: 100, timeZone: "Europe/London") {
    buckets { count groups { key } } } }`,
  '{ logTypes { types { type count firstTime lastTime } } }',
  '{ clickMap(x: "at", y: "ratio", cell: 1) { cells { x y count } } }',
  '{ serverInfo { version limits { maxQueryCost } } viewer { scopes } }',
];
const paths = [
  '/logs/?user=user%20of%200-1-1',
  '/logs/?type=VIEW&limit=100',
  '/readyz',
  '/livez',
  '/metrics',
];

const agent = new Agent({ keepAlive: true, maxSockets: 20 });

/** All reads there are, bounded and expensive ones. */
const reads: Load = {
  name: 'reads',
  clientCount: 6,
  pauseMs: 20,
  step: async (url, n) => {
    const at = n % (documents.length + paths.length);
    if (at >= documents.length) return [await sendHttp(url + paths[at - documents.length]!, { agent })];
    const body = JSON.stringify({ query: documents[at] });
    return [await sendHttp(`${url}/graphql`, { method: 'POST', agent, body })];
  },
};

const requests = [
  ...jsonRequests(1_000),
  ...stringRequests(1_000),
  ...documentRequests(1_000),
  ...bodyRequests(1_000),
  ...headerRequests(1_000),
];
const malformed: Load = {
  name: 'malformed',
  clientCount: 4,
  pauseMs: 20,
  step: (url, n) => sendRaw(url, requests[n % requests.length]!),
};

function open(url: string) {
  const { hostname, port } = new URL(url);
  // The server may cut the connection.
  return connect(Number(port), hostname).on('error', () => {});
}

/** Uploads whose clients go before the end. */
const aborted: Load = {
  name: 'aborted',
  clientCount: 4,
  pauseMs: 100,
  step: async (url, n) => {
    const socket = open(url);
    const path = n % 2 === 0 ? '/graphql' : '/logs/';
    socket.write(`POST ${path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n`);
    socket.write(`content-length: 1000000\r\n\r\n{"query":"${'x'.repeat((n % 10) * 50_000)}`);
    await sleep(100);
    socket.destroy();
    return [];
  },
};

/** Clients that ask for pages and do not read them. */
const slow: Load = {
  name: 'slow',
  clientCount: 20,
  pauseMs: 1_000,
  step: async (url) => {
    const socket = open(url).pause();
    const body = JSON.stringify({ query: documents[3] });
    const head = 'POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n';
    socket.write(`${head}content-length: ${body.length}\r\n\r\n${body}`.repeat(10));
    await Promise.race([sleep(20_000), new Promise((resolve) => socket.once('close', resolve))]);
    socket.destroy();
    return [];
  },
};

export const loads: readonly Load[] = [reads, malformed, aborted, slow];
