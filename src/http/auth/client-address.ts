import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';
import { LRUCache } from 'lru-cache';

/** Maximum number of addresses of which it is known whether they are proxies. */
const maxKnown = 1_000;

/**
 * Finds the address that a request comes from. A proxy appends the address of its client to X-Forwarded-For; what stands
 * before it may be forged. So the header is read from its end, for as long as the addresses are those of trusted proxies.
 * @param trustedProxies addresses and networks, such as `10.0.0.0/8`
 */
export function createClientAddress(trustedProxies: readonly string[]) {
  const list = new BlockList();
  for (const network of trustedProxies) {
    const [address = '', bits] = network.split('/');
    if (bits === undefined) list.addAddress(toAddress(address), familyOf(address));
    else list.addSubnet(toAddress(address), Number(bits), familyOf(address));
  }
  const known = new LRUCache<string, boolean>({ max: maxKnown });

  function isProxy(address: string): boolean {
    const answer = known.get(address) ?? list.check(address, familyOf(address));
    known.set(address, answer);
    return answer;
  }

  return ({ socket, headers }: Pick<IncomingMessage, 'socket' | 'headers'>): string => {
    // Undefined once the connection is closed.
    let address = toAddress(socket.remoteAddress ?? '0.0.0.0');
    const header = headers['x-forwarded-for'];
    if (header === undefined || trustedProxies.length === 0) return address;
    // Node joins headers of the same name.
    const hops = String(header).split(',');
    while (isProxy(address)) {
      const hop = toAddress(hops.pop()?.trim() ?? '');
      // What is no address cannot be a client.
      if (isIP(hop) === 0) break;
      address = hop;
    }
    return address;
  };
}

/** Without a port, which some proxies append, and a zone; the IPv4 address of an IPv6 address that maps one. */
function toAddress(text: string): string {
  const [, bracketed] = /^\[(.*)\](?::\d+)?$/.exec(text) ?? [];
  const address = bracketed ?? text.replace(/^([\d.]+):\d+$/, '$1');
  return address.replace(/%.*$/, '').replace(/^::ffff:(?=[\d.]+$)/i, '');
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4';
}
