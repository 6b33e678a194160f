import { connect, type Socket } from 'node:net';
import type { PoolClient } from 'pg';

/** Milliseconds that the server may take to close the connection. */
const maxMs = 1_000;
/** The code of a CancelRequest, which stands in place of the version of the protocol. */
const cancelRequestCode = 80_877_102;

/** What the driver knows of a connection. */
interface DriverClient {
  readonly host: string;
  readonly port: number;
  readonly processID: number;
  readonly secretKey: number;
  readonly connection: { readonly stream: Socket };
}

/**
 * Asks the server to cancel the statement in progress on a connection
 * (https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-CANCELING-REQUESTS). The request needs no
 * connection of the pool, and its key fits no other server behind the same address. It has no effect where the address
 * accepts TLS only.
 * @returns settles when the server has closed the connection of the request, so that no later statement gets the cancel
 */
export function requestCancel(client: PoolClient): Promise<void> {
  const { host, port, processID, secretKey } = client as unknown as DriverClient;
  const request = Buffer.alloc(16);
  [request.length, cancelRequestCode, processID, secretKey].forEach((value, at) =>
    request.writeInt32BE(value, 4 * at),
  );
  return new Promise((resolve) => {
    const socket = host.startsWith('/') ? connect(`${host}/.s.PGSQL.${port}`) : connect(port, host);
    socket.setTimeout(maxMs, () => socket.destroy());
    socket.on('error', () => {});
    socket.once('close', () => resolve());
    socket.end(request);
    socket.resume();
  });
}

/** Ends the statement in progress and the connection. The server rolls back what was not committed. */
export function cutConnection(client: PoolClient): void {
  void requestCancel(client);
  (client as unknown as DriverClient).connection.stream.destroy();
}
