import { ServerResponse, type IncomingHttpHeaders, type IncomingMessage, type Server } from 'node:http';
import type { Socket } from 'node:net';

/** A connection that a WebSocket handshake hands over, and what it has received behind the handshake. */
export interface Upgrade {
  readonly socket: Socket;
  readonly head: Buffer;
}

const upgrades = new WeakMap<IncomingMessage, Upgrade>();

/** Whether a request is the handshake of a WebSocket. */
export function isWebSocket({ headers: { upgrade } }: { readonly headers: IncomingHttpHeaders }): boolean {
  return upgrade !== undefined && /\bwebsocket\b/i.test(upgrade);
}

/** The connection of a handshake; undefined if Node has not seen one, as without `Connection: Upgrade`. */
export function upgradeOf(request: IncomingMessage): Upgrade | undefined {
  return upgrades.get(request);
}

/** An option of Node's HTTP server since 22.21 and 24.9: which upgrades are events, and not plain requests. */
export const upgradeOptions = { shouldUpgradeCallback: isWebSocket };

/**
 * Makes handshakes of WebSockets requests like others, which pass the same checks and get the same errors. Other
 * upgrades are ignored, as HTTP asks: programs in Java send `Upgrade: h2c`, with a body.
 * @param isBusy whether requests before on a connection are not answered yet
 */
export function serveUpgrades(server: Server, isBusy: (socket: Socket) => boolean): void {
  server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    // Node has removed its own listener, and would end the process.
    socket.on('error', () => socket.destroy());
    // No client sends it before it has the answers.
    if (isBusy(socket)) return void socket.destroy();
    if (!isWebSocket(request)) return serveAgain(server, request, socket, head);
    const response = new ServerResponse(request);
    response.shouldKeepAlive = false;
    response.assignSocket(socket);
    response.once('finish', () => {
      response.detachSocket(socket);
      // What the client sends meanwhile would reset the connection before it has read the answer.
      socket.resume();
      socket.destroySoon();
    });
    upgrades.set(request, { socket, head });
    server.emit('request', request, response);
  });
}

/** Lets Node read a request again, without its header Upgrade. */
function serveAgain(server: Server, request: IncomingMessage, socket: Socket, head: Buffer): void {
  const { method, url, httpVersion, rawHeaders } = request;
  let text = `${method} ${url} HTTP/${httpVersion}\r\n`;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    if (rawHeaders[at]!.toLowerCase() !== 'upgrade') text += `${rawHeaders[at]}: ${rawHeaders[at + 1]}\r\n`;
  }
  // Node reads headers as Latin-1.
  socket.unshift(Buffer.concat([Buffer.from(`${text}\r\n`, 'latin1'), head]));
  server.emit('connection', socket);
}
