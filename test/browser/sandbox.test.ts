import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { startServer, type TestServer } from '../support/server/server';
import { describeBrowser, launchChromium } from './support/chromium';

const stub = (name: string): string => readFileSync(join(__dirname, 'pages', name), 'utf8');
const stubs = {
  'https://embeddable-sandbox.cdn.apollographql.com/**': ['text/javascript', stub('sandbox-script.js')],
  'https://sandbox.embed.apollographql.com/**': ['text/html', stub('sandbox-frame.html')],
} as const;

describeBrowser('the page at /graphql', () => {
  let browser: Browser;
  let server: TestServer;
  beforeAll(async () => {
    [browser, server] = await Promise.all([launchChromium(), startServer()]);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  /** Opens the page, and collects what Content-Security-Policy refused. */
  async function open(page: Page): Promise<readonly string[]> {
    const violations: string[] = [];
    page.on('console', (message) => {
      if (message.text().includes('Content Security Policy')) violations.push(message.text());
    });
    await page.goto(`${server.url}/graphql`);
    return violations;
  }

  // The real frame is on the internet. A stub at its origin sends the message that @apollo/sandbox takes.
  it('runs the operations of Sandbox, which the frame hands to the page', async () => {
    const page = await browser.newPage();
    for (const [url, [contentType, body]] of Object.entries(stubs)) {
      await page.route(url, (route) => route.fulfill({ contentType, body }));
    }
    const violations = await open(page);
    const frame = page.frameLocator('iframe');
    await frame.locator('#relayed:not(:empty)').waitFor({ state: 'attached' });
    await frame.locator('#direct:not(:empty)').waitFor({ state: 'attached' });
    expect(JSON.parse((await frame.locator('#relayed').textContent())!)).toEqual({
      status: 200,
      data: { data: { serverInfo: { openAccess: true } } },
    });
    // What the frame asks by itself comes from an origin of the internet.
    expect(await frame.locator('#direct').textContent()).toBe('"refused"');
    expect(await page.locator('main').isVisible()).toBe(false);
    expect(violations).toEqual([]);
    await page.close();
  });

  it('says what to do where Sandbox does not load', async () => {
    const page = await browser.newPage();
    await page.route('https://**', (route) => route.abort('internetdisconnected'));
    const violations = await open(page);
    await page.getByText('It did not load.').waitFor();
    const text = await page.locator('main').innerText();
    expect(text).toContain('Sandbox, which comes from the internet');
    expect(text).toContain(`curl ${server.url}/graphql \\`);
    expect(await page.locator('#graphiql').getAttribute('href')).toBe(`${server.url}/graphiql`);
    expect(violations).toEqual([]);
    await page.close();
  });

  it.each(Object.keys(stubs))('says so at once while %s does not answer', async (url) => {
    const page = await browser.newPage();
    for (const [other, [contentType, body]] of Object.entries(stubs)) {
      // Without an answer, as behind a firewall that drops packets.
      await page.route(other, (route) => (other === url ? undefined : route.fulfill({ contentType, body })));
    }
    const started = Date.now();
    await page.goto(`${server.url}/graphql/`, { waitUntil: 'commit' });
    await page.getByText('It is loading.').waitFor();
    expect(Date.now() - started).toBeLessThan(2_000);
    expect(await page.locator('#graphiql').getAttribute('href')).toBe(`${server.url}/graphiql`);
    await page.getByText('It has not loaded so far.').waitFor();
    expect(await page.locator('main').isVisible()).toBe(true);
    await page.close();
  });
});
