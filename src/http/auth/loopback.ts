import { BlockList, isIP } from 'node:net';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8);
loopback.addAddress('::1', 'ipv6');

/** Whether a name or an address, such as `localhost` or `::1`, is that of the own machine, for each machine. */
export function isLoopback(host: string): boolean {
  const [address = ''] = host.split('%');
  if (isIP(address) === 0) return host.toLowerCase() === 'localhost';
  return loopback.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}
