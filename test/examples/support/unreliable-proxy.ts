import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sendHttp } from '../../support/server/http';

const graphqlJson = 'application/graphql-response+json';

/** What happens to a request: it is answered, its answer is lost, or the server refuses it for the moment. */
type Fate = 'answered' | 'answer lost' | 'refused';

export interface UnreliableProxy {
  readonly url: string;
  /** What happens to the next requests with a body. Those after them are answered. */
  expect(...fates: Fate[]): void;
  stop(): Promise<void>;
}

/** Stands between a client and a server. */
export async function startUnreliableProxy(target: string): Promise<UnreliableProxy> {
  const fates: Fate[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const fate = (request.method === 'POST' && fates.shift()) || 'answered';
      if (fate === 'refused') {
        const extensions = { code: 'SERVICE_UNAVAILABLE', retryable: true, retryAfterMs: 1 };
        const type = request.headers.accept?.includes(graphqlJson) ? graphqlJson : 'application/json';
        response.writeHead(503, { 'content-type': type, 'access-control-allow-origin': '*' });
        response.end(JSON.stringify({ errors: [{ message: 'Not now.', extensions }] }));
        return;
      }
      void sendHttp(`${target}${request.url}`, {
        method: request.method!,
        headers: request.headers as Record<string, string>,
        body: parts.length > 0 ? Buffer.concat(parts) : undefined,
      }).then(({ status, headers, bytes }) => {
        if (fate === 'answer lost') response.destroy();
        else response.writeHead(status, headers).end(bytes);
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    expect: (...expected) => void fates.push(...expected),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
