// Stands for embeddable-sandbox.umd.production.min.js, which is on the internet only: as @apollo/sandbox 2.7.4 does, it
// opens a frame, and sends the requests that the frame asks for.
window.EmbeddedSandbox = class {
  constructor({ target, initialEndpoint }) {
    const origin = 'https://sandbox.embed.apollographql.com';
    const frame = document.createElement('iframe');
    frame.src = `${origin}/sandbox/explorer?endpoint=${initialEndpoint}`;
    document.querySelector(target).append(frame);
    addEventListener('message', async (event) => {
      if (event.origin !== origin || event.data.name !== 'ExplorerRequest') return;
      const { endpointUrl, operation: query, variables, headers = {}, operationId } = event.data;
      const response = await fetch(endpointUrl, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ query, variables }),
        credentials: 'omit',
      });
      const answer = { status: response.status, data: await response.json() };
      frame.contentWindow.postMessage({ name: 'ExplorerResponse', operationId, response: answer }, origin);
    });
  }
};
