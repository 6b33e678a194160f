import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import { toCanonicalIPv6 } from '../../ipv6';

/** Maximum number of addresses of which it is known whether they are proxies, and in which network they are. */
const maxKnown = 1_000;

/**
 * Finds the client that a request comes from: an IPv4 address, or an IPv6 network such as `2001:db8:0:5::/64`, of which a
 * site has one or more (RFC 6177), and any host as many addresses as it likes (RFC 4291, section 2.5.1). A proxy
 * appends the address of its client to X-Forwarded-For; what stands before it may be forged. So the header is read from
 * its end, for as long as the addresses are those of trusted proxies.
 * @param trustedProxies addresses and networks, such as `10.0.0.0/8`
 */
export function createClientAddress(trustedProxies: readonly string[]) {
  const list = new BlockList();
  for (const network of trustedProxies) {
    const [address = '', bits] = network.split('/');
    if (bits === undefined) list.addAddress(toAddress(address), familyOf(address));
    else list.addSubnet(toAddress(address), Number(bits), familyOf(address));
  }
  const proxies = new LRUCache<string, boolean>({
    max: maxKnown,
    memoMethod: (address) => list.check(address, familyOf(address)),
  });
  const networks = new LRUCache<string, string>({ max: maxKnown, memoMethod: networkOf });
  const isProxy = (address: string): boolean => proxies.memo(address);
  const toClient = (address: string): string => (address.includes(':') ? networks.memo(address) : address);

  return ({ socket, headers }: Pick<IncomingMessage, 'socket' | 'headers'>): string => {
    // Undefined once the connection is closed.
    let address = toAddress(socket.remoteAddress ?? '0.0.0.0');
    const header = headers['x-forwarded-for'];
    if (header === undefined || trustedProxies.length === 0) return toClient(address);
    // Node joins headers of the same name.
    const hops = String(header).split(',');
    while (isProxy(address)) {
      const hop = toAddress(hops.pop()?.trim() ?? '');
      // What is no address cannot be a client.
      if (isIP(hop) === 0) break;
      address = hop;
    }
    return toClient(address);
  };
}

/** Whose turn a request takes: that of its access key, or without one that of its address. */
export function nameClient(
  { principal, raw }: FastifyRequest,
  clientOf: ReturnType<typeof createClientAddress>,
): string {
  return principal.name ?? clientOf(raw);
}

/** The network of an IPv6 address. All hosts of a link share the one of link-local addresses, which stay as they are. */
function networkOf(address: string): string {
  const canonical = toCanonicalIPv6(address);
  if (canonical === undefined || /^fe[89ab]/.test(canonical)) return address;
  const [before = [], after = []] = canonical.split('::').map((part) => part.split(':').filter(Boolean));
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0');
  return `${[...before, ...zeros, ...after].slice(0, 4).join(':')}::/64`;
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
