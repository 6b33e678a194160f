import axe from 'axe-core';
import { expect } from '@jest/globals';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';

const pagesFolder = join(__dirname, '..', '..', 'pages');

export interface ConsoleOptions {
  readonly theme?: 'light' | 'dark';
  /** CSS pixels; 1280 by 800 by default. */
  readonly viewport?: { readonly width: number; readonly height: number };
  /** An IANA time zone; Europe/Vienna by default. */
  readonly timeZone?: string;
  /** A file of test/browser/pages that each page runs before its own scripts. */
  readonly initScript?: string;
}

export interface ConsolePage {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Messages on the browser's console, uncaught errors and requests to other origins, until now. */
  readonly problems: readonly string[];
  close(): Promise<void>;
}

/** A phone. */
export const phone = { width: 390, height: 844 };

/** Opens a page of the console in a profile of its own. */
export async function openConsole(
  browser: Browser,
  url: string,
  {
    theme = 'light',
    viewport = { width: 1_280, height: 800 },
    timeZone = 'Europe/Vienna',
    initScript,
  }: ConsoleOptions = {},
): Promise<ConsolePage> {
  const context = await browser.newContext({ viewport, colorScheme: theme, timezoneId: timeZone });
  context.setDefaultTimeout(15_000);
  if (initScript !== undefined) await context.addInitScript({ path: join(pagesFolder, initScript) });
  const page = await context.newPage();
  const problems: string[] = [];
  const { origin } = new URL(url);
  page.on('console', (message) => {
    // Chromium asks for it on the first page without an icon, such as /livez.
    const isIcon = message.location().url === `${origin}/favicon.ico`;
    if (!isIcon) problems.push(`console ${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => problems.push(`uncaught: ${error.message}`));
  page.on('request', (request) => {
    const target = new URL(request.url());
    const isOwn = target.origin === origin || ['data:', 'blob:'].includes(target.protocol);
    if (!isOwn) problems.push(`request to ${target.origin}`);
  });
  await page.goto(url);
  return { context, page, problems, close: () => context.close() };
}

/** Expects that axe finds nothing serious or critical on a page. */
export async function expectAccessible(page: Page): Promise<void> {
  // A script element would break the Content-Security-Policy.
  await page.evaluate(axe.source);
  const violations = await page.evaluate(async () => {
    const { axe: injected } = globalThis as unknown as { axe: typeof axe };
    const result = await injected.run({ resultTypes: ['violations'] });
    return result.violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) =>
        nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`),
      );
  });
  expect(violations).toEqual([]);
}

/** What a page copied. From then on it may use the clipboard without asking. */
export async function readClipboard({ context, page }: ConsolePage): Promise<string> {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  return page.evaluate<string>('navigator.clipboard.readText()');
}
