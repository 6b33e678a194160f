import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Keyring, KnownKey } from '../../logs/access/keyring';
import { openPrincipal, requireScopes, scopeBits, type Principal } from '../../logs/access/principal';
import { ForbiddenError, RateLimitedError, UnauthenticatedError } from '../../logs/model/errors';
import { isObject } from '../../logs/model/json';
import { HttpError, noRoute } from '../errors';
import { isLoopback } from './loopback';
import { isWebSocket } from '../streams/upgrade';
import { isBeacon } from './beacon';
import type { createClientAddress } from './client-address';
import type { Origins } from './origins';
import { createRateLimit, type Rate } from './rate-limit';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who sends the request; set before its body is read. */
    principal: Principal;
  }
  interface FastifyContextConfig {
    /** Whether the route needs neither a key nor a known name: probes. */
    isOpenToAll?: boolean;
    /** Whether the route holds no data, so that it needs no key, and links of other sites may lead to it. */
    isPage?: boolean;
    /** Whether the route needs the scope `admin`, but for programs on this machine. */
    isForOperators?: boolean;
  }
}

/** A web page cannot keep a key secret, so that its users share these limits. */
export const publicRate: Rate = { perSecond: 50, burst: 200 };

export interface DoorOptions {
  readonly keyring: Keyring;
  readonly origins: Origins;
  /** For each key, or for each address in open mode; undefined: no limit. */
  readonly rate: Rate | undefined;
  readonly clientOf: ReturnType<typeof createClientAddress>;
  readonly nowMs: () => number;
  /** Where the routes are, for requests to an unknown path. */
  readonly notFound: string;
  /** Called when a page of another origin is refused. */
  readonly onWrongOrigin: (origin: string) => void;
}

/** Of a request without a key. */
const withoutKey: Principal = { ...openPrincipal, scopes: 0 };
/** Of a request whose key is in the body, which is not read yet: an object of its own, compared by identity. */
const keyInBody: Principal = { ...withoutKey };
/** Of a WebSocket whose key is in its first message: browsers send no header Authorization with a handshake. */
const keyInMessage: Principal = { ...withoutKey };

/** One answer to all keys that are not in force, so that it tells nothing about them. */
const notInForce = 'The key is mistyped, unknown, revoked or expired.';

/** How a WebSocket sends a key: at most 123 bytes, which a close frame may hold. */
const keyInPayload =
  'This server needs a key. Send it in the payload of connection_init: {"authorization":"Bearer lm_…"}';

/** The door of connections that take long. */
export interface Door {
  /** @throws {UnauthenticatedError} when the key that let a request in is no longer in force */
  readonly requireKeyInForce: (request: FastifyRequest) => void;
  /**
   * Lets in an operation of a WebSocket, as if it were a request with the headers of the handshake.
   * @throws {UnauthenticatedError}
   * @throws {ForbiddenError}
   * @throws {RateLimitedError}
   */
  readonly enterAgain: (request: FastifyRequest) => void;
}

/** Decides who sends a request, before anything else is done for it. */
export function addDoor(app: FastifyInstance, options: DoorOptions): Door {
  const { keyring, origins, rate, clientOf, nowMs, notFound, onWrongOrigin } = options;
  const takeToken = createRateLimit(nowMs);
  app.decorateRequest('principal', null as unknown as Principal);

  function limit(client: string, allowed: Rate | undefined): void {
    const waitMs = allowed ? takeToken(client, allowed) : 0;
    if (waitMs > 0) throw new RateLimitedError(waitMs);
  }

  function enter(request: FastifyRequest, { principal, origins: own, ratePerSecond }: KnownKey): void {
    const { origin } = request.headers;
    if (own && (origin === undefined || !own.has(origin))) {
      throw new ForbiddenError(
        `The key may be used from its own web origins only, not from ${origin?.slice(0, 200) ?? 'none'}.`,
      );
    }
    const usual = principal.isPublic ? publicRate : rate;
    const burst = usual?.burst ?? ratePerSecond ?? 0;
    limit(principal.name!, ratePerSecond === undefined ? usual : { perSecond: ratePerSecond, burst });
    request.principal = principal;
  }

  function enterOpen(request: FastifyRequest): void {
    if (rate) limit(clientOf(request.raw), rate);
    request.principal = openPrincipal;
  }

  /** In open mode, names must be known: see {@link createOrigins}. */
  function refuseUnknownHost(host: string): void {
    if (keyring.isOpen() && !origins.isHostAllowed(host)) throw wrongHost(host);
  }

  function findKey(text: string | undefined, howToSend?: string): KnownKey {
    if (text === undefined) throw new UnauthenticatedError(howToSend);
    const key = keyring.find(text);
    if (key === undefined) throw new UnauthenticatedError(notInForce);
    return key;
  }

  function check(request: FastifyRequest): void {
    const { headers, host } = request;
    request.principal = withoutKey;
    // A getter that makes an object.
    const { url: route, config } = request.routeOptions;
    const { isOpenToAll, isForOperators } = config;
    // Before its body is parsed.
    if (route === undefined) throw noRoute(request, notFound);
    if (isOpenToAll) return;
    if (config.isPage || isSandbox(request, route)) return refuseUnknownHost(host);
    if (isForOperators && isLocalProgram(request)) return;
    const site = headers['sec-fetch-site'];
    if (!origins.isRequestAllowed(headers.origin, site, host)) {
      if (headers.origin !== undefined) onWrongOrigin(headers.origin);
      throw wrongOrigin(headers.origin);
    }
    refuseUnknownHost(host);
    if (keyring.isOpen()) return enterOpen(request);
    if (headers.authorization === undefined && isWebSocket(request)) {
      request.principal = keyInMessage;
      return;
    }
    const text = bearerOf(headers.authorization);
    if (text === undefined && isBeacon(request)) {
      request.principal = keyInBody;
      return;
    }
    enter(request, findKey(text));
    if (!isForOperators) return;
    const { principal } = request;
    requireScopes(principal, scopeBits.admin);
    if (principal.userId !== undefined)
      throw new ForbiddenError('The key is bound to one user: metrics count the data of all users.');
  }

  app.addHook('onRequest', toHook(check));
  app.addHook('preHandler', toHook(enterByBody));

  /** Takes a public key from the body, where it is there. */
  function enterByBody(request: FastifyRequest): void {
    if (request.principal !== keyInBody) return;
    const { body } = request;
    if (!isObject(body) || typeof body['key'] !== 'string') {
      throw new UnauthenticatedError('A body of text/plain needs a member key, with a public key.');
    }
    const key = keyring.find(body['key']);
    if (!key?.principal.isPublic)
      throw new UnauthenticatedError('The key is no public key that is in force.');
    enter(request, key);
    Reflect.deleteProperty(body, 'key');
  }

  return {
    requireKeyInForce: ({ principal, headers }) => {
      // Its key has not been sent yet.
      if (principal === keyInMessage) return;
      const isInForce =
        principal.name === null
          ? keyring.isOpen()
          : keyring.find(bearerOf(headers.authorization) ?? '') !== undefined;
      if (!isInForce) throw new UnauthenticatedError(notInForce);
    },
    enterAgain(request) {
      if (keyring.isOpen()) enterOpen(request);
      else enter(request, findKey(bearerOf(request.headers.authorization), keyInPayload));
    },
  };
}

/** A hook that refuses a request with the error that the work throws. Fastify catches none of a callback. */
function toHook(work: (request: FastifyRequest) => void) {
  return (request: FastifyRequest, _reply: unknown, done: (error?: Error) => void): void => {
    try {
      work(request);
    } catch (error) {
      return done(error as Error);
    }
    done();
  };
}

/** The key in a header Authorization (RFC 6750, section 2.1). */
function bearerOf(header = ''): string | undefined {
  // As clients write it; an expression takes five times as long.
  if (header.startsWith('Bearer ') && header.length > 7 && !header.includes(' ', 7)) return header.slice(7);
  return /^Bearer +(\S+) *$/i.exec(header)?.[1];
}

/** Whether a browser opens the page of Sandbox, which holds no data. */
function isSandbox(request: FastifyRequest, route: string): boolean {
  return takesHtml(request) && isGraphQLRoute(route) && !request.url.includes('?') && !isWebSocket(request);
}

/** Whether a route takes GraphQL: `/graphql` or `/graphql/`. */
export function isGraphQLRoute(route: string | undefined): boolean {
  return route === '/graphql' || route === '/graphql/';
}

/** Whether a browser opens an address. */
export function takesHtml({ method, headers }: FastifyRequest): boolean {
  return method === 'GET' && (headers.accept?.includes('text/html') ?? false);
}

/** Headers of proxies and of pages: with one of them, a request from this machine may come from another one. */
const forwardingHeaders = [
  'forwarded',
  'origin',
  'via',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
];

/** Whether a program on this machine sends the request, and no proxy forwards it. */
function isLocalProgram({ raw: { socket, headers } }: FastifyRequest): boolean {
  const address = socket.remoteAddress?.replace(/^::ffff:/, '') ?? '';
  return isLoopback(address) && forwardingHeaders.every((name) => headers[name] === undefined);
}

function wrongOrigin(origin: string | undefined): ForbiddenError {
  if (origin === undefined) {
    const message = 'Links, forms and images of other sites may not call this server.';
    return new ForbiddenError(`${message} Use fetch, from an origin in CORS_ORIGINS.`);
  }
  const page = origin.slice(0, 200);
  return new ForbiddenError(`Pages of ${page} may not call this server: add their origin to CORS_ORIGINS.`);
}

function wrongHost(host: string): HttpError {
  const name = host.replace(/:\d+$/, '').slice(0, 200);
  const message = `The server does not know the name ${name}: add it to ALLOWED_HOSTS.`;
  return new HttpError('MISDIRECTED_REQUEST', message);
}
