import { isIP } from 'node:net';

/** An IPv6 address in the form of URLs (RFC 5952), without brackets; undefined for others, and for one with a zone. */
export function toCanonicalIPv6(address: string): string | undefined {
  const url = `http://[${address}]`;
  return isIP(address) === 6 && URL.canParse(url) ? new URL(url).hostname.slice(1, -1) : undefined;
}
