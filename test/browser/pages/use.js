/** Records, reads and erases as an allowed page does. Returns what the page could read, or why it could not. */
async ({ target, userId, headers = {} }) => {
  const session = { userId, sessionId: 's', actions: [{ time: '2026-01-01T00:00:00Z', type: 'T' }] };
  const send = async (path, init) => {
    try {
      const response = await fetch(target + path, init);
      return [response.status, await response.json()];
    } catch (error) {
      return [0, String(error)];
    }
  };
  const post = (path, value) => {
    const allHeaders = { 'content-type': 'application/json', ...headers };
    return send(path, { method: 'POST', headers: allHeaders, body: JSON.stringify(value) });
  };
  const query = `{ logs(user: "${userId}") { userId } }`;
  return {
    recorded: await post('/logs/', session),
    read: await post('/graphql', { query }),
    readByGet: await send(`/graphql?query=${encodeURIComponent(query)}`, { headers }),
    readByRest: await send(`/logs/?user=${userId}`, { headers }),
    erased: await post('/graphql', {
      query: `mutation { deleteUserData(userId: "${userId}") { deletedCount } }`,
    }),
  };
};
