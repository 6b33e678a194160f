import { isIP } from 'node:net';
import { toCanonicalIPv6 } from '../ipv6';

/** The items of a list with commas between, without the spaces around them. */
export const splitList = (text: string): readonly string[] => text.split(',').map((item) => item.trim());

export function isHost(host: string): boolean {
  return isIP(host) !== 0 || /^(?=.{1,253}$)[a-z\d]([a-z\d.-]*[a-z\d])?$/i.test(host);
}

/** Names and addresses of ALLOWED_HOSTS; undefined if one is neither. */
export function toHosts(text: string): string[] | undefined {
  const hosts = splitList(text).map(toHostName);
  return hosts.every((host) => host !== undefined) ? hosts : undefined;
}

/** The host of `name`, `name:port`, an address, `[ipv6]` or `[ipv6]:port`, in the form of URLs without brackets. */
function toHostName(text: string): string | undefined {
  if (isIP(text) === 6) return toCanonicalIPv6(text);
  const [, ipv6, name = ''] = /^(?:\[(.+)\]|([^:]+))(?::\d{1,5})?$/.exec(text) ?? [];
  if (ipv6 !== undefined) return toCanonicalIPv6(ipv6);
  return isHost(name) ? name.toLowerCase() : undefined;
}

/** Addresses and networks of TRUSTED_PROXIES; undefined if one is neither. */
export function toNetworks(text: string): readonly string[] | undefined {
  const networks = splitList(text);
  return networks.every(isNetwork) ? networks : undefined;
}

function isNetwork(network: string): boolean {
  const [address = '', bits = '0', ...others] = network.split('/');
  const version = isIP(address);
  // The address of a client is compared as IPv4 where IPv6 maps one.
  const isMapped = toCanonicalIPv6(address)?.startsWith('::ffff:');
  return (
    version !== 0 &&
    !isMapped &&
    /^\d{1,3}$/.test(bits) &&
    Number(bits) <= (version === 4 ? 32 : 128) &&
    others.length === 0
  );
}
