// Clients that ask expensive reads, for pressure.test.ts. Forked with its options as JSON, at nice 10; ends at the message
// "stop", after it has sent what came of the requests: see generator.ts.
/* global AbortController */
import { once, setMaxListeners } from 'node:events';
import { Agent, request } from 'node:http';
import { setPriority } from 'node:os';
import { performance } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';

const { url, connections, clients, documents, obeys } = JSON.parse(process.argv[2]);

/** Milliseconds until a client asks again that was not told when to. */
const defaultWaitMs = 1_000;

setPriority(10);
const bodies = Object.entries(documents).map(([name, query]) => ({ name, body: JSON.stringify({ query }) }));
const stopping = new AbortController();
const { signal } = stopping;
setMaxListeners(0, signal);
const result = { served: {}, refused: {}, failed: {}, servedMs: [], maxAnswerMs: 0, maxRetryAfterMs: 0 };
/** By client. */
const servedCounts = clients.map(() => 0);
const servedAt = clients.map(() => performance.now());
const unservedMs = clients.map(() => 0);

const add = (counts, name) => (counts[name] = (counts[name] ?? 0) + 1);

function noteUnserved(client) {
  unservedMs[client] = Math.max(unservedMs[client], performance.now() - servedAt[client]);
}

/** Sends a request. @returns the milliseconds until the client may send the next one */
async function ask(agent, client, { name, body }) {
  const startedAt = performance.now();
  const { status, headers, text } = await send(agent, clients[client].headers, body);
  const ms = performance.now() - startedAt;
  const errors = (JSON.parse(text).errors ?? []).map(({ extensions }) => extensions);
  result.maxAnswerMs = Math.max(result.maxAnswerMs, ms);
  if (errors.length === 0) {
    add(result.served, name);
    result.servedMs.push(ms);
    noteUnserved(client);
    servedAt[client] = performance.now();
    servedCounts[client]++;
    return 0;
  }
  const codes = new Set(errors.map(({ code }) => code));
  add(result.refused, `${status} ${[...codes].sort().join(' ')}`);
  const toldMs = errors.map(({ retryAfterMs = 0, retryAfterSeconds = 0 }) =>
    Math.max(retryAfterMs, retryAfterSeconds * 1_000),
  );
  const retryAfterMs = Math.max(Number(headers['retry-after'] ?? 0) * 1_000, ...toldMs);
  result.maxRetryAfterMs = Math.max(result.maxRetryAfterMs, retryAfterMs);
  // QUERY_TIMEOUT is not retryable.
  if (retryAfterMs === 0 && !codes.has('QUERY_TIMEOUT')) add(result.refused, 'without a time to retry after');
  return obeys ? retryAfterMs || defaultWaitMs : 0;
}

function send(agent, headers, body) {
  return new Promise((resolve, reject) => {
    const type = { 'content-type': 'application/json', 'content-length': body.length };
    const sent = request(`${url}/graphql`, {
      method: 'POST',
      agent,
      headers: { ...type, ...headers },
      signal,
    });
    sent.on('error', reject).on('response', (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part) => (text += part));
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, text }));
    });
    sent.end(body);
  });
}

/** The requests of one connection. */
async function run(connection) {
  const client = connection % clients.length;
  const agent = new Agent({ keepAlive: true, maxSockets: 1, localAddress: clients[client].address });
  for (let n = connection; !signal.aborted; n++) {
    try {
      const waitMs = await ask(agent, client, bodies[n % bodies.length]);
      if (waitMs > 0) await setTimeout(waitMs, undefined, { signal });
    } catch (error) {
      if (signal.aborted) break;
      add(result.failed, error.code ?? String(error));
      await setTimeout(defaultWaitMs);
    }
  }
  agent.destroy();
}

const running = Array.from({ length: connections }, (_, connection) => run(connection));
await once(process, 'message');
clients.forEach((_, client) => noteUnserved(client));
stopping.abort();
await Promise.all(running);
process.send({ ...result, servedCounts, maxUnservedMs: Math.max(...unservedMs) }, () => process.disconnect());
