// Clients that pipeline requests and take next to nothing of the answers, for slow-clients.test.ts. Forked with its options
// as JSON, at nice 10; ends when it is killed.
/* global URL */
import { connect } from 'node:net';
import { setPriority } from 'node:os';
import { setInterval, setTimeout } from 'node:timers';

const { url, connections, pipelined, requests } = JSON.parse(process.argv[2]);
const { hostname, port } = new URL(url);

setPriority(10);
const sockets = [];

function open() {
  if (sockets.length === connections) return;
  const socket = connect(Number(port), hostname).pause();
  socket.on('error', () => {});
  const bytes = Array.from({ length: pipelined }, (_, at) => requests[at % requests.length]).join('');
  socket.write(bytes);
  sockets.push(socket);
  if (sockets.length % 20 === 0) setTimeout(open, 10);
  else open();
}

open();
setInterval(() => {
  for (const socket of sockets) socket.read(1);
}, 1_000);
