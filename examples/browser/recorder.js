/** Actions that are sent at once. A request with a public key holds at most 100. */
const maxActions = 50;
/** Milliseconds between two requests, if there is something to send. */
const intervalMs = 5_000;

/**
 * Records what happens on a page: in batches while it is open, and the rest when it is left.
 * Each batch has an idempotency key, so that it can be sent again until the server has answered, and is stored once.
 *
 * @param {object} options
 * @param {string} options.url of the server, such as `https://logs.example.com`
 * @param {string} [options.key] a public key; not needed while the server has no keys
 * @param {string} options.userId
 * @param {string} options.sessionId
 * @param {(count: number) => void} [options.onRecorded] gets the number of actions of each batch that is stored
 */
export function createRecorder({ url, key, userId, sessionId, onRecorded = () => {} }) {
  let actions = [];
  /** Bodies of requests that the server has not answered. */
  const unanswered = new Set();
  /** Those of them that a request carries now, and those that one carries after the page is gone. */
  const sending = new Set();
  const leaving = new Set();

  async function send(body, keepalive) {
    const inFlight = keepalive ? leaving : sending;
    if (inFlight.has(body)) return;
    inFlight.add(body);
    try {
      const response = await fetch(`${url}/logs/`, {
        method: 'POST',
        body,
        // Lets the request outlive the page. Then all bodies together may have 64 KiB.
        keepalive,
        // Without a content type it is text/plain, which needs no preflight. That takes a public key in the body.
        headers: key ? {} : { 'content-type': 'application/json' },
      });
      if (!response.ok && (await isRetryable(response))) return;
      // Two requests may carry it, if the page was left and shown again.
      const isFirstAnswer = unanswered.delete(body);
      if (response.ok && isFirstAnswer) onRecorded(Number(response.headers.get('Recorded-Count')));
    } catch {
      // No answer: the batch is sent again with the next one.
    } finally {
      inFlight.delete(body);
    }
  }

  function flush(keepalive) {
    if (actions.length > 0) {
      const idempotencyKey = crypto.randomUUID();
      unanswered.add(JSON.stringify({ key, userId, sessionId, actions, idempotencyKey }));
      actions = [];
    }
    for (const body of unanswered) void send(body, keepalive);
  }

  setInterval(() => flush(false), intervalMs);
  addEventListener('pagehide', () => flush(true));
  // Phones may end a hidden page without another event.
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') flush(true);
  });

  return {
    /** Records an action that happens now. */
    record(type, properties = {}) {
      actions.push({ time: new Date().toISOString(), type, properties });
      if (actions.length >= maxActions) flush(false);
    },
  };
}

/** Whether the server says that the same request may succeed when it is sent again. */
async function isRetryable(response) {
  try {
    const { errors } = await response.json();
    if (errors[0].extensions.code !== undefined && !errors[0].extensions.retryable) {
      console.error(`Log Manager: ${errors[0].extensions.code}: ${errors[0].message}`);
      return false;
    }
    return true;
  } catch {
    // Not the server's answer, but that of a proxy in front.
    return response.status >= 500;
  }
}
