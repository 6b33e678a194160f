import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { describeBrowser, launchChromium } from '../browser/support/chromium';
import { startKeyedServer, type KeyedServer } from '../support/server/keyed-server';
import { startServer, type TestServer } from '../support/server/server';
import { waitFor } from '../support/wait-for';
import { serveFiles, type FileServer } from './support/files';
import { startUnreliableProxy } from './support/unreliable-proxy';

describeBrowser('examples/browser', () => {
  let browser: Browser;
  let files: FileServer;
  let open: TestServer;
  let keyed: KeyedServer<'page' | 'reader'>;
  let page: Page;

  beforeAll(async () => {
    [browser, files] = await Promise.all([
      launchChromium(),
      serveFiles(join(__dirname, '..', '..', 'examples', 'browser')),
    ]);
    open = await startServer();
    keyed = await startKeyedServer({
      page: { scopes: ['record'], isPublic: true, origins: [`http://localhost:${files.port}`] },
      reader: { scopes: ['read'] },
    });
    page = await browser.newPage();
  });
  afterAll(async () => {
    await browser?.close();
    await open?.stop();
    await keyed?.stop();
    await files?.stop();
  });

  const addressOf = (parameters: Record<string, string>): string =>
    `http://localhost:${files.port}/?${new URLSearchParams(parameters)}`;
  const typesOf = (entries: readonly { type: string }[]): string[] => entries.map(({ type }) => type).sort();

  it('records what happened, with a public key, when the page is left', async () => {
    await page.goto(addressOf({ server: keyed.url, key: keyed.texts.page }));
    await page.mouse.click(52, 11);
    await page.goto('about:blank');
    const read = async () => (await keyed.send('/logs/', 'reader')).body;
    await waitFor(async () => (await read()).length === 2);
    expect(typesOf(await read())).toEqual(['CLICK', 'VIEW']);
    expect((await keyed.send('/logs/?type=CLICK', 'reader')).body[0].properties).toEqual({
      locationX: 52,
      locationY: 11,
    });
  });

  it('records to a server that has no keys, when the page is left', async () => {
    await page.goto(addressOf({ server: open.url }));
    await page.mouse.click(52, 11);
    await page.goto('about:blank');
    const read = async () => (await open.graphql('{ logs { type } }')).data.logs;
    await waitFor(async () => (await read()).length === 2);
    expect(typesOf(await read())).toEqual(['CLICK', 'VIEW']);
  });

  it('sends a batch again until it is answered, and it is stored once', async () => {
    const server = await startServer();
    const proxy = await startUnreliableProxy(server.url);
    try {
      await page.clock.install();
      proxy.expect('refused', 'answer lost');
      await page.goto(addressOf({ server: proxy.url }));
      await waitFor(async () => {
        await page.clock.runFor(5_000);
        return (await page.locator('output').innerText()) === '1';
      });
      expect((await server.graphql('{ logs { type } }')).data.logs).toEqual([{ type: 'VIEW' }]);
    } finally {
      await proxy.stop();
      await server.stop();
    }
  });
});
