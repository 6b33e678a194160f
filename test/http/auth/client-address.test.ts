import { describe, expect, it } from '@jest/globals';
import { createClientAddress } from '../../../src/http/auth/client-address';

/** What the client's address is for a connection from an address with a header X-Forwarded-For. */
function find(proxies: readonly string[], remoteAddress: string | undefined, forwardedFor?: string): string {
  const headers = forwardedFor === undefined ? {} : { 'x-forwarded-for': forwardedFor };
  return createClientAddress(proxies)({ socket: { remoteAddress } as never, headers });
}

const proxies = ['10.0.0.0/8', '192.0.2.1', 'fd00::/8', '2001:db8::1'];

describe('the address of a client', () => {
  it.each([
    ['the connection', '198.51.100.1', undefined, '198.51.100.1'],
    ['the connection of a proxy that names no client', '10.0.0.1', undefined, '10.0.0.1'],
    ['the connection, whatever it says itself', '198.51.100.1', '203.0.113.9', '198.51.100.1'],
    ['what a proxy says', '10.0.0.1', '203.0.113.9', '203.0.113.9'],
    ['what a proxy says, not what its client says', '10.0.0.1', '127.0.0.1, 203.0.113.9', '203.0.113.9'],
    ['behind several proxies', '192.0.2.1', '1.1.1.1, 203.0.113.9, 10.2.3.4, 10.0.0.1', '203.0.113.9'],
    [
      'the last untrusted one, even if trusted ones stand before it',
      '10.0.0.1',
      '10.9.9.9, 8.8.8.8',
      '8.8.8.8',
    ],
    ['the first one if all are proxies', '10.0.0.1', '10.0.0.3,10.0.0.2', '10.0.0.3'],
    ['IPv6', 'fd00::1', '2001:db8::5', '2001:db8:0:0::/64'],
    ['IPv6 of a single proxy, in another spelling', '2001:db8:0:0::1', '2001:db8::5', '2001:db8:0:0::/64'],
    ['IPv4 on a socket of IPv6', '::ffff:10.0.0.1', '203.0.113.9', '203.0.113.9'],
    ['IPv4 in IPv6', '10.0.0.1', '::ffff:203.0.113.9', '203.0.113.9'],
    ['with a port', '10.0.0.1', '203.0.113.9:61234', '203.0.113.9'],
    ['IPv6 with a port', '10.0.0.1', '[2001:db8::5]:443', '2001:db8:0:0::/64'],
    ['IPv6 by its network', '2001:DB8:1:2:a::5', undefined, '2001:db8:1:2::/64'],
    ['IPv6 by its network, from another host', '2001:db8:1:2:ffff:0:1.2.3.4', undefined, '2001:db8:1:2::/64'],
    ['IPv6 of the own machine', '::1', undefined, '0:0:0:0::/64'],
    ['the proxy, if it says no address', '10.0.0.1', 'unknown', '10.0.0.1'],
    ['the proxy, if the end of the list is empty', '10.0.0.1', '203.0.113.9, ', '10.0.0.1'],
    ['the last address after what is none', '10.0.0.1', '203.0.113.9, <b>, 10.0.0.2', '10.0.0.2'],
    ['a closed connection', undefined, '203.0.113.9', '0.0.0.0'],
    ['a zone', 'fe80::1%eth0', undefined, 'fe80::1'],
  ])('is found: %s', (_name, remoteAddress, forwardedFor, address) => {
    expect(find(proxies, remoteAddress, forwardedFor)).toBe(address);
  });

  it('is that of the connection without trusted proxies', () => {
    expect(find([], '127.0.0.1', '203.0.113.9')).toBe('127.0.0.1');
  });

  it('may come through any proxy of a network of all addresses', () => {
    expect(find(['0.0.0.0/0', '::/0'], '203.0.113.9', '8.8.8.8, 2001:db8::5')).toBe('8.8.8.8');
  });
});
