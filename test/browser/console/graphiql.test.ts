import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import type { Browser, Locator } from 'playwright-core';
import { startServer, type TestServer } from '../../support/server/server';
import { waitFor } from '../../support/wait-for';
import { describeBrowser, launchChromium } from '../support/chromium';
import { openConsole, type ConsolePage } from './support/open-console';

describeBrowser('the page Try it', () => {
  let browser: Browser;
  let server: TestServer;
  let opened: ConsolePage;
  beforeAll(async () => void ([browser, server] = await Promise.all([launchChromium(), startServer()])));
  afterEach(async () => opened?.close());
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  const open = async (): Promise<void> => {
    opened = await openConsole(browser, `${server.url}/graphiql`);
    await run().waitFor();
    // It is put into the editor after the editor is drawn, over what is typed before.
    await query().getByText('recordedCount').waitFor();
  };
  const run = (): Locator => opened.page.getByRole('button', { name: /Execute query/ });
  const result = (): Locator => opened.page.locator('.result-window');
  /** Replaces what an editor holds. */
  const type = async (editor: Locator, text: string): Promise<void> => {
    await editor.click();
    await opened.page.keyboard.press('Control+a');
    await opened.page.keyboard.insertText(text);
  };
  const query = (): Locator => opened.page.locator('.graphiql-query-editor');
  const stored = () => opened.page.evaluate<string>('JSON.stringify({ ...localStorage })');

  it('keeps operations, and no key that was typed into Headers', async () => {
    await open();
    const { page } = opened;
    await type(query(), '{ viewer { name scopes } }');
    await page.getByRole('button', { name: 'Headers' }).click();
    await type(
      page.locator('section[aria-label="Headers"] .graphiql-editor:not(.hidden)'),
      '{"authorization":"Bearer lm_secret"}',
    );
    await run().click();
    await result().getByText('ADMIN').waitFor();
    await waitFor(async () => {
      const { 'graphiql:queries': queries } = JSON.parse(await stored()) as Record<string, string>;
      return queries?.includes('viewer { name scopes }') ?? false;
    });
    expect(await stored()).not.toContain('lm_secret');
    await page.reload();
    await run().waitFor();
    expect(await stored()).not.toContain('lm_secret');
  });

  it('says in words that the server does not answer', async () => {
    await open();
    const { page } = opened;
    await page.route('**/graphql', (route) =>
      route.fulfill({ status: 502, contentType: 'text/html', body: '<html>Bad gateway</html>' }),
    );
    await type(query(), '{ viewer { scopes } }');
    await run().click();
    await result()
      .getByText(/The server does not answer/)
      .waitFor();
    await page.unrouteAll();
    await run().click();
    await result().getByText('ADMIN').waitFor();
    await opened.context.setOffline(true);
    await run().click();
    await result()
      .getByText(/The server does not answer/)
      .waitFor();
    expect(await result().getByText('stack').count()).toBe(0);
  });
});
