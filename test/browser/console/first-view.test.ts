import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Browser, Request } from 'playwright-core';
import type { TestServer } from '../../support/server/server';
import { describeBrowser, launchChromium, runInPage } from '../support/chromium';
import { startRecordedServer } from './support/recorded-server';

describeBrowser('the first view', () => {
  let browser: Browser;
  let server: TestServer;
  let files: Record<string, number>;
  beforeAll(async () => {
    [browser, server] = await Promise.all([launchChromium(), startRecordedServer()]);
    files = await filesOf('/?range=all');
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  /** Opens a path in a profile of its own; gives the files that it took, by name, with their bytes as sent. */
  const filesOf = async (path: string): Promise<Record<string, number>> => {
    const context = await browser.newContext({ viewport: { width: 1_280, height: 800 } });
    try {
      const page = await context.newPage();
      const requests: Request[] = [];
      page.on('requestfinished', (request) => requests.push(request));
      await page.goto(server.url + path);
      await page.locator('[role="row"][data-id]').nth(5).waitFor();
      await page.locator('.u-over').waitFor();
      await page.waitForLoadState('networkidle');
      expect(await runInPage<number>(page, 'layout-shift.js', {})).toBeLessThan(0.02);
      const ofPage = requests.filter((request) => new URL(request.url()).pathname !== '/graphql');
      const sizes = ofPage.map(async (request) => {
        const { responseBodySize } = await request.sizes();
        return [new URL(request.url()).pathname, responseBodySize] as const;
      });
      return Object.fromEntries(await Promise.all(sizes));
    } finally {
      await context.close();
    }
  };

  it('takes 260 KB at most', () => {
    expect(Object.keys(files).filter((name) => name.endsWith('.js')).length).toBeGreaterThan(0);
    const bytes = Object.values(files).reduce((sum, size) => sum + size, 0);
    expect(bytes).toBeGreaterThan(100_000);
    expect(bytes).toBeLessThanOrEqual(260_000);
  });

  it('leaves GraphiQL, sessions and panels for later', () => {
    const names = Object.keys(files).join(' ');
    for (const later of ['try-it', 'graphiql', 'session', 'panel', 'dialog', 'details']) {
      expect(names).not.toContain(later);
    }
  });
});
