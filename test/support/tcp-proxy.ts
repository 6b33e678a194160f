import { connect, createServer, type Server, type Socket } from 'node:net';

/** Stands between a client and a server, and does to their connections what networks do. */
export interface TcpProxy {
  readonly port: number;
  /** Nothing gets through any more, in either direction, and nobody is told. */
  freeze(): void;
  /** Cuts all connections; new ones are refused until `open`. */
  close(): Promise<void>;
  open(): Promise<void>;
}

export async function createTcpProxy(target: { host: string; port: number }): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let server: Server | undefined;
  let isFrozen = false;

  function accept(client: Socket): void {
    const upstream = connect(target.port, target.host);
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.on('data', (data) => {
        if (!isFrozen) to.write(data);
      });
      from.on('error', () => {});
      from.on('close', () => {
        sockets.delete(from);
        if (!isFrozen) to.destroy();
      });
    }
  }

  const listen = (port: number): Promise<number> =>
    new Promise((resolve, reject) => {
      const listening = createServer(accept);
      listening.on('error', reject).listen(port, '127.0.0.1', () => {
        server = listening;
        resolve((listening.address() as { port: number }).port);
      });
    });

  const port = await listen(0);
  return {
    port,
    freeze: () => {
      isFrozen = true;
    },
    close: async () => {
      isFrozen = false;
      const closed = new Promise((resolve) => server?.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
    open: async () => {
      isFrozen = false;
      await listen(port);
    },
  };
}
