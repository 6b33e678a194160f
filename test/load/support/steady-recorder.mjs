// Records entries at a steady rate, for console.test.ts. Forked with its options as JSON, at nice 10; at the message
// "stop" it waits for the requests under way, sends how many entries were recorded and what failed, and ends.
import { Agent, request } from 'node:http';
import { setPriority } from 'node:os';
import { performance } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';

const { url, perSecond } = JSON.parse(process.argv[2]);
const perSession = 20;
const types = ['CLICK', 'HOVER', 'NAVIGATE', 'DRAG', 'FOCUS'];
const query = 'mutation ($input: RecordSessionInput!) { recordSession(input: $input) { recordedCount } }';
const agent = new Agent({ keepAlive: true, maxSockets: 50 });

setPriority(10);
const underWay = new Set();
const failures = [];
let recorded = 0;
let sent = 0;
let isStopped = false;

function send(body) {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json' };
    const sending = request(`${url}/graphql`, { method: 'POST', agent, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part) => (text += part));
      response.on('end', () => resolve(text));
      response.on('error', reject);
    });
    sending.on('error', reject);
    sending.end(body);
  });
}

async function record(n) {
  const actions = Array.from({ length: perSession }, (_, at) => ({
    time: new Date().toISOString(),
    type: types[(n + at) % types.length],
    properties: { locationX: (n * 37) % 1920, locationY: (at * 53) % 1080, page: `/products/${n % 997}` },
  }));
  const input = { userId: `live-${n % 1_000}`, sessionId: `live-${n}`, actions };
  const { data, errors } = JSON.parse(await send(JSON.stringify({ query, variables: { input } })));
  if (errors) throw new Error(errors[0].message);
  recorded += data.recordSession.recordedCount;
}

process.on('message', () => (isStopped = true));
const startedAt = performance.now();
while (!isStopped) {
  while (sent * perSession < ((performance.now() - startedAt) / 1_000) * perSecond) {
    const call = record(sent++)
      .catch((error) => failures.push(String(error)))
      .finally(() => underWay.delete(call));
    underWay.add(call);
  }
  await setTimeout(5);
}
await Promise.all(underWay);
process.send({ recorded, failures, seconds: (performance.now() - startedAt) / 1_000 });
process.disconnect();
agent.destroy();
