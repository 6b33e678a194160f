/** Records with a public key when the page is left: by a request that outlives the page, or by a beacon. */
({ target, key, how }) => {
  const session = { userId: how, sessionId: 's', actions: [{ time: '2026-01-01T00:00:00Z', type: 'T' }] };
  const body = JSON.stringify({ key, ...session });
  addEventListener('pagehide', () => {
    if (how === 'beacon') navigator.sendBeacon(`${target}/logs/`, body);
    else void fetch(`${target}/logs/`, { method: 'POST', body, keepalive: true });
  });
};
