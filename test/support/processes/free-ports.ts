import { createServer, type Server } from 'node:net';

/**
 * Ports that nothing listens on, for servers that come back to theirs. They lie below those that the kernel gives to
 * outgoing connections, one of which could else sit on the port of a server that is just being restarted.
 */
export async function freePorts(count: number): Promise<number[]> {
  const taken = new Map<number, Server>();
  while (taken.size < count) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    const server = await listen(port);
    if (server) taken.set(port, server);
  }
  await Promise.all([...taken.values()].map(close));
  return [...taken.keys()];
}

function listen(port: number): Promise<Server | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
