import { once } from 'node:events';
import { connect } from 'node:net';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';

// Asks /livez on one connection until it gets a message, then answers with the longest and the median time in ms.
let isRunning = true;
parentPort.once('message', () => (isRunning = false));
const socket = connect(workerData.port, '127.0.0.1');
await once(socket, 'connect');
const times = [];
while (isRunning) {
  const startedAt = performance.now();
  socket.write('GET /livez HTTP/1.1\r\nhost: localhost\r\n\r\n');
  await once(socket, 'data');
  times.push(performance.now() - startedAt);
  await sleep(5);
}
socket.destroy();
times.sort((a, b) => a - b);
parentPort.postMessage({ max: times.at(-1), median: times[times.length >> 1] });
