import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { createServer, isIP, type AddressInfo, type Server, type Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** Why the server cannot listen. The message names the setting and the remedy. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
}

/** Where to listen. */
export interface ListenOptions {
  /** The setting HOST. */
  readonly host: string;
  readonly port: number;
  /** The setting that holds the port, for messages. */
  readonly portSetting: 'PORT' | 'METRICS_PORT';
}

/**
 * Connections that wait to be accepted: 1,000 may arrive at once. Node's default is 511; the kernel's bound is
 * net.core.somaxconn, 4,096 by default (https://man7.org/linux/man-pages/man2/listen.2.html).
 */
const backlog = 4_096;

/** The addresses that the server listens on. */
export type Listener = Awaited<ReturnType<typeof listen>>;

/** Errors of an address that this machine does not have, such as ::1 without IPv6. */
const noSuchAddress = /^(EADDRNOTAVAIL|EAFNOSUPPORT)$/;

/**
 * Checks that the server will be able to listen.
 * @throws {ListenError} when the host is unknown, or the port is in use
 */
export async function checkListen(options: ListenOptions): Promise<void> {
  const addresses = await resolveHost(options.host);
  for (const [index, address] of addresses.entries()) {
    const server = await bind(createServer(), address, options, index > 0);
    if (server) await once(server.close(), 'close');
  }
}

/**
 * Listens on every address of the host. Fastify would make another HTTP server for each address of
 * `localhost`, without the listeners of `app.server`: so other servers only accept connections, and hand them
 * over to `app.server`.
 * @throws {ListenError} when it cannot listen
 */
export async function listen(app: FastifyInstance, options: ListenOptions) {
  const [firstAddress, ...otherAddresses] = await resolveHost(options.host);
  await app.listen({ host: firstAddress!, port: options.port, backlog }).catch((error: unknown) => {
    throw toListenError(error, firstAddress!, options);
  });
  const { port } = app.server.address() as AddressInfo;
  const acceptors: Server[] = [];
  const close = async (): Promise<void> => {
    await Promise.all([...acceptors.map((acceptor) => once(acceptor.close(), 'close')), app.close()]);
  };
  try {
    for (const address of otherAddresses) {
      // Node's HTTP server sets the same options on its sockets.
      const acceptor = createServer({ allowHalfOpen: true, noDelay: true }, (socket: Socket) => {
        app.server.emit('connection', socket);
      });
      acceptor.maxConnections = app.server.maxConnections;
      if (await bind(acceptor, address, { ...options, port }, true)) acceptors.push(acceptor);
    }
  } catch (error) {
    await close();
    throw error;
  }
  return {
    /** Such as `127.0.0.1:4000` and `[::1]:4000`. */
    addresses: [app.server, ...acceptors].map((server) => format(server.address() as AddressInfo)),
    /** Stops accepting connections and closes idle ones. Settles when the open requests have ended. */
    close,
  };
}

async function resolveHost(host: string): Promise<readonly string[]> {
  if (isIP(host) !== 0) return [host];
  const found = await lookup(host, { all: true }).catch((error: unknown) => {
    const message =
      `HOST: the name ${host} is unknown (${codeOf(error)}). ` +
      'Set HOST to an address or a host name of this machine, such as 127.0.0.1 or 0.0.0.0.';
    throw new ListenError(message, { cause: error });
  });
  const addresses = [...new Set(found.map(({ address }) => address))];
  return host.toLowerCase() === 'localhost' ? addresses : addresses.slice(0, 1);
}

/** Returns undefined for an optional address that this machine does not have. */
async function bind(server: Server, address: string, options: ListenOptions, isOptional: boolean) {
  try {
    await once(server.listen({ host: address, port: options.port, backlog }), 'listening');
    return server;
  } catch (error) {
    if (isOptional && noSuchAddress.test(codeOf(error))) return undefined;
    throw toListenError(error, address, options);
  }
}

function toListenError(error: unknown, address: string, { port, portSetting }: ListenOptions): unknown {
  const code = codeOf(error);
  const message = {
    EADDRINUSE:
      `${portSetting}: ${port} is in use on ${address} (EADDRINUSE). ` +
      `Stop the process that listens there, or set ${portSetting} to another port.`,
    EACCES:
      `${portSetting}: this user may not listen on port ${port} (EACCES). ` +
      `Set ${portSetting} to 1024 or more, or permit the user to use lower ports.`,
    EADDRNOTAVAIL:
      `HOST: ${address} is not an address of this machine (EADDRNOTAVAIL). ` +
      'Set HOST to one of its addresses, such as 127.0.0.1 or 0.0.0.0.',
    EAFNOSUPPORT:
      `HOST: this machine has no IPv6, which ${address} needs (EAFNOSUPPORT). ` +
      'Set HOST to an IPv4 address, such as 127.0.0.1 or 0.0.0.0.',
  }[code];
  return message === undefined ? error : new ListenError(message, { cause: error });
}

function codeOf(error: unknown): string {
  return String((error as { code?: unknown } | null)?.code);
}

function format({ address, port }: AddressInfo): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
