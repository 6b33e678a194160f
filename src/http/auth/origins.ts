import { toCanonicalIPv6 } from '../../ipv6';
import type { Logger } from '../../telemetry/logger';
import { isLoopback } from './loopback';

const loopbackNames: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

export interface OriginOptions {
  /** Whether requests need no key. */
  readonly isOpen: () => boolean;
  /** CORS_ORIGINS; `'*'`: any. */
  readonly corsOrigins: '*' | readonly string[];
  /** ALLOWED_HOSTS: the names under which clients may call a server in open mode. */
  readonly allowedHosts: readonly string[];
}

export type Origins = ReturnType<typeof createOrigins>;

/**
 * Decides which pages may call the server, and under which names it may be called. In open mode every request has
 * every right, so that only pages of this machine may send one. A page of another name could be resolved to this
 * machine after it was loaded (DNS rebinding), so that names must be known as well. With keys, a page must have
 * one, since keys are never sent by the browser itself.
 */
export function createOrigins({ isOpen, corsOrigins, allowedHosts }: OriginOptions) {
  const listed: ReadonlySet<string> = new Set(corsOrigins === '*' ? [] : corsOrigins);
  const hosts: ReadonlySet<string> = new Set([...loopbackNames, ...allowedHosts]);

  /** Whether pages of the origin, such as `https://app.example.com`, may call the server. */
  function isAllowed(origin: string): boolean {
    if (listed.has(origin)) return true;
    return isOpen() ? isLoopbackOrigin(origin) : corsOrigins === '*';
  }

  return {
    isAllowed,

    /**
     * Whether a request comes from an allowed page, or from no page
     * (https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header).
     */
    isRequestAllowed(origin: string | undefined, site: string | undefined, host: string): boolean {
      if (origin !== undefined) return isAllowed(origin) || isOwn(origin, host);
      return site === undefined || site === 'same-origin' || site === 'none';
    },

    /** Whether the header Host, which only HTTP/1.0 may leave out, names this machine or is a known name. */
    isHostAllowed(host: string): boolean {
      const name = host
        .replace(/:\d+$/, '')
        .replace(/^\[|\]$/g, '')
        .toLowerCase();
      return name === '' || hosts.has(name) || isLoopback(name) || hosts.has(toCanonicalIPv6(name) ?? '');
    },
  };
}

/** Origins that are logged: more come from an attack, or from a scanner. */
const maxLoggedOrigins = 50;

/**
 * Creates a function that logs an origin when it is refused for the first time: the console of the browser does not
 * tell the developer of the page why.
 */
export function logNewOrigins(logger: Logger): (origin: string) => void {
  const logged = new Set<string>();
  return (sent) => {
    const origin = sent.slice(0, 200);
    if (logged.size >= maxLoggedOrigins || logged.has(origin)) return;
    logged.add(origin);
    logger.warn({ origin }, 'refused a web page: its origin is not in CORS_ORIGINS');
  };
}

function isLoopbackOrigin(origin: string): boolean {
  const [, name] = /^https?:\/\/([^/]*?)(?::\d+)?$/.exec(origin) ?? [];
  return name !== undefined && loopbackNames.has(name);
}

/** Whether a page was loaded from the host that it calls. */
function isOwn(origin: string, host: string): boolean {
  return host !== '' && (origin === `http://${host}` || origin === `https://${host}`);
}
