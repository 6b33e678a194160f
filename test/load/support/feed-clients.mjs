// Subscribers of a server, in a process of their own. Argument: JSON with `url` and `subscribers`, each with a `filter`.
// Sends `ready` when all have their first message; on `stop`, sends what they got, and ends.
import { performance } from 'node:perf_hooks';
import { WebSocket } from 'ws';

const { url, filters } = JSON.parse(process.argv[2]);
const query = `subscription ($filter: LogFilter) { logRecorded(filter: $filter) {
  entries { id time type properties userId sessionId receivedAt } cursor } }`;

/** From the time at which the server received an entry until it was here. */
const latenciesMs = [];
const counts = filters.map(() => 0);
const problems = [];

const clients = filters.map(
  (filter, at) =>
    new Promise((resolve) => {
      const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
      socket.on('open', () => socket.send('{"type":"connection_init"}'));
      socket.on('error', (error) => problems.push(`${at}: ${error.message}`));
      socket.on('close', (code, reason) => isStopped || problems.push(`${at}: closed ${code} ${reason}`));
      socket.on('message', (data) => {
        const message = JSON.parse(data);
        if (message.type === 'connection_ack') {
          socket.send(
            JSON.stringify({ type: 'subscribe', id: '1', payload: { query, variables: { filter } } }),
          );
        } else if (message.type === 'next' && message.payload.data) {
          const now = performance.timeOrigin + performance.now();
          const { entries } = message.payload.data.logRecorded;
          for (const { receivedAt } of entries) latenciesMs.push(now - Date.parse(receivedAt));
          counts[at] += entries.length;
          resolve(socket);
        } else if (message.type === 'ping') socket.send('{"type":"pong"}');
        else problems.push(`${at}: ${String(data).slice(0, 300)}`);
      });
    }),
);
let isStopped = false;
const sockets = await Promise.all(clients);
process.send('ready');

process.on('message', () => {
  isStopped = true;
  latenciesMs.sort((a, b) => a - b);
  const at = (share) => latenciesMs[Math.max(0, Math.ceil(share * latenciesMs.length) - 1)];
  const { user, system } = process.cpuUsage();
  for (const socket of sockets) socket.terminate();
  process.send({
    counts,
    problems,
    p50: at(0.5),
    p99: at(0.99),
    max: at(1),
    cpuMs: (user + system) / 1_000,
  });
  process.disconnect();
});
