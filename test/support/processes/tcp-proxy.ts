import { connect, createServer, type Server, type Socket } from 'node:net';

/** Stands between a client and a server, and does to their connections what networks do. */
export interface TcpProxy {
  readonly port: number;
  /** Nothing gets through any more, in either direction, and nobody is told. */
  freeze(): void;
  /** The connection on which a client sends this next is held up there for so long, and then goes on. */
  stallAt(text: string, ms: number): void;
  /** Of the next answer on the connection on which a client sends this next, so many bytes get through until `release`. */
  holdAnswerTo(text: string, bytes: number): void;
  /** Lets what is held through, and all that follows. */
  release(): void;
  /** New connections ask for another database, with a name of the same length; those that there are stay. */
  redirect(from: string, to: string): void;
  /** Cuts all connections; new ones are refused until `open`. */
  close(): Promise<void>;
  open(): Promise<void>;
}

export async function createTcpProxy(target: { host: string; port: number }): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let server: Server | undefined;
  let isFrozen = false;
  let redirection: { readonly from: string; readonly to: string } | undefined;
  let stall: { readonly text: string; readonly ms: number } | undefined;
  let hold: { readonly text: string; readonly bytes: number } | undefined;
  let held: (() => void)[] = [];

  function accept(client: Socket): void {
    const upstream = connect(target.port, target.host);
    if (redirection) {
      const { from, to } = redirection;
      // PostgreSQL's first message, in which a name that is longer or shorter would not fit.
      client.once('data', (data) => data.write(to, data.indexOf(`${from}\0`)));
    }
    let left = Infinity;
    client.on('data', (data) => {
      if (!hold || !data.includes(hold.text)) return;
      left = hold.bytes;
      hold = undefined;
    });
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.on('data', (data) => {
        if (isFrozen) return;
        if (from === upstream) {
          left -= data.length;
          if (left < 0) {
            const end = data.length + left;
            to.write(data.subarray(0, end));
            from.pause();
            left = Infinity;
            held.push(() => {
              to.write(data.subarray(end));
              from.resume();
            });
            return;
          }
        }
        if (!stall || !data.includes(stall.text)) {
          to.write(data);
          return;
        }
        from.pause();
        setTimeout(() => {
          to.write(data);
          from.resume();
        }, stall.ms);
        stall = undefined;
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
    redirect: (from, to) => {
      redirection = { from, to };
    },
    stallAt: (text, ms) => {
      stall = { text, ms };
    },
    holdAnswerTo: (text, bytes) => {
      hold = { text, bytes };
    },
    release: () => {
      for (const goOn of held) goOn();
      held = [];
    },
    close: async () => {
      isFrozen = false;
      held = [];
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
