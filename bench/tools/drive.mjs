import autocannon from 'autocannon';
import { percentile } from './statistics.mjs';

/** Longer answers are compared by length only, to leave CPU time for the server. */
const maxComparedLength = 10_000;

/**
 * Sends a server as many requests as it answers, and checks every answer.
 * @param server { url, usage: reads what its process has used }
 * @param connections each sends its next request after the answer to the one before
 * @param requestsOf returns the requests that a connection repeats: { body, expected: text or length of the
 *   answer }
 * @returns { rate, p99, cpu, written, answered, wrong }: answers a second, 99th percentile of the latency in
 *   milliseconds, microseconds of CPU and bytes written per answer (undefined without /proc, or if none),
 *   all four after the warm-up; the number of answers, including the warm-up; a description of the wrong
 *   answers, or undefined
 */
export async function drive({ url, usage }, { connections, warmUpSeconds, seconds, requestsOf }) {
  const latencies = [];
  let answered = 0;
  let expected;
  let mismatch;
  let connection = 0;
  let begin = Infinity;
  let answeredBefore;
  let usageBefore;
  const instance = autocannon({
    url,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    connections,
    duration: warmUpSeconds + seconds,
    // In seconds. With 256 connections, the slowest server answers each after 5 s.
    timeout: 30,
    sampleInt: 100,
    excludeErrorStats: true,
    setupClient: (client) => {
      const requests = requestsOf(connection++);
      let next = 0;
      client.setRequests(requests.map(({ body }) => ({ body })));
      client.on('response', (_status, _bytes, ms) => {
        ({ expected } = requests[next]);
        next = (next + 1) % requests.length;
        answered++;
        const now = performance.now();
        if (now >= begin && answeredBefore === undefined) {
          answeredBefore = answered;
          usageBefore = usage();
        }
        if (now >= begin && now < begin + seconds * 1_000) latencies.push(ms);
      });
    },
    // autocannon calls it right after the event above, for the same answer.
    verifyBody: (body) => {
      const isRight = typeof expected === 'number' ? body.length === expected : body.trim() === expected;
      if (!isRight) mismatch ??= `${JSON.stringify(expected)}, got ${body.slice(0, 300)}`;
      return isRight;
    },
  });
  instance.on('start', () => (begin = performance.now() + warmUpSeconds * 1_000));
  const { non2xx, errors, timeouts, mismatches } = await instance;
  const usageAfter = usage();
  // NaN becomes undefined.
  const perAnswer = (key) => (usageAfter[key] - usageBefore[key]) / (answered - answeredBefore) || undefined;
  const wrong = { non2xx, errors, timeouts, mismatches };
  return {
    rate: latencies.length / seconds,
    p99: percentile(latencies, 0.99),
    cpu: perAnswer('cpu'),
    written: perAnswer('written'),
    answered,
    wrong: Object.values(wrong).some((count) => count > 0)
      ? `${JSON.stringify(wrong)}${mismatch ? `; expected ${mismatch}` : ''}`
      : undefined,
  };
}

/** What {@link drive} expects, made from an answer that was checked. */
export function expectationOf(text) {
  return text.length <= maxComparedLength ? text.trim() : text.length;
}
