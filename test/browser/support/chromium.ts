import { describe } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { findProgram, report } from '../../support/processes/programs';

const chromiumPath = findProgram('chromium');

/** A suite that needs Chromium: skipped, with a line that says so, where it is not installed. */
export function describeBrowser(name: string, suite: () => void): void {
  if (chromiumPath) return describe(name, suite);
  report(`skipped: ${name}: install chromium (apt-get install chromium)`);
  describe.skip(name, suite);
}

/** Starts Chromium, in which every name that ends in `.example` resolves to this machine. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath!,
    chromiumSandbox: process.getuid?.() !== 0,
    args: [
      '--host-resolver-rules=MAP *.example 127.0.0.1',
      '--no-proxy-server',
      '--disable-background-networking',
      // Chromium may ask the user before a page calls this machine. Other browsers do not, so that it must be the
      // server that refuses.
      '--disable-features=LocalNetworkAccessChecks,LocalNetworkAccessChecksWarn,BlockInsecurePrivateNetworkRequests',
    ],
  });
}

/** Web sites: on this port, every name and path has an empty page. */
export interface Sites {
  readonly port: number;
  /** Such as `http://evil.example:8080`. */
  originOf(name: string): string;
  stop(): Promise<void>;
}

/** @param headers of all pages, such as `referrer-policy` */
export async function startSites(headers: Readonly<Record<string, string>> = {}): Promise<Sites> {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html', ...headers });
    response.end('<!doctype html><title>A page</title><body></body>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    originOf: (name) => `http://${name}:${port}`,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Runs a function of test/browser/pages in a page. */
export function runInPage<Result>(page: Page, file: string, argument: object): Promise<Result> {
  const source = readFileSync(join(__dirname, '..', 'pages', file), 'utf8');
  return page.evaluate<Result>(`(${source.trim().replace(/;$/, '')})(${JSON.stringify(argument)})`);
}
