import autocannon from 'autocannon';
import { percentile } from './statistics.mjs';

/** Longer answers are compared by their length alone, to leave the time to the server. */
const maxComparedLength = 10_000;

/**
 * Sends a server as many requests as it answers, and looks at every answer.
 * @param connections each sends its next request when the last one is answered
 * @param requestsOf what a connection sends, over and over: { body, expected: the answer's text, or its length }
 * @returns answers a second and their 99th percentile in milliseconds, both after the warm-up; how many were answered in
 *   all; what was wrong with them, if anything
 */
export async function drive(url, { connections, warmUpSeconds, seconds, requestsOf }) {
  const latencies = [];
  let answered = 0;
  let expected;
  let mismatch;
  let connection = 0;
  let begin = Infinity;
  const instance = autocannon({
    url,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    connections,
    duration: warmUpSeconds + seconds,
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
        if (now >= begin && now < begin + seconds * 1_000) latencies.push(ms);
      });
    },
    // Called right after the event above, for the same answer.
    verifyBody: (body) => {
      const isRight =
        typeof expected === 'number' ? body.length === expected : body.trim() === expected;
      if (!isRight) mismatch ??= `${JSON.stringify(expected)}, got ${body.slice(0, 300)}`;
      return isRight;
    },
  });
  instance.on('start', () => (begin = performance.now() + warmUpSeconds * 1_000));
  const { non2xx, errors, timeouts, mismatches } = await instance;
  const wrong = { non2xx, errors, timeouts, mismatches };
  return {
    rate: latencies.length / seconds,
    p99: percentile(latencies, 0.99),
    answered,
    wrong: Object.values(wrong).some((count) => count > 0)
      ? `${JSON.stringify(wrong)}${mismatch ? `; expected ${mismatch}` : ''}`
      : undefined,
  };
}

/** What {@link drive} is to expect of an answer that has been found right. */
export function expectationOf(text) {
  return text.length <= maxComparedLength ? text.trim() : text.length;
}
