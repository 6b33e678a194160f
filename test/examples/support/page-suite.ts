import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { describeBrowser, launchChromium } from '../../browser/support/chromium';
import { startServer, type TestServer } from '../../support/server/server';
import { copyExample, describeInstalled, install, type Example } from './example';
import { serveFiles, type FileServer } from './files';
import { findErrors, lines } from './mistakes';
import { startUnreliableProxy, type UnreliableProxy } from './unreliable-proxy';

const userId = 'ABC123XYZ';
const pageSize = 20;

/** The suite of an example that is a page with a list of entries: both examples show the same. */
export function describePage(name: string): void {
  describeInstalled(`examples/${name}`, () => {
    let example: Example;
    let server: TestServer;
    let proxy: UnreliableProxy;

    beforeAll(async () => {
      server = await startServer();
      proxy = await startUnreliableProxy(server.url);
      example = copyExample(name);
      await install(example);
      await example.run('npm', ['run', 'build'], { VITE_LOG_MANAGER_URL: proxy.url });
    });
    afterAll(async () => {
      example?.remove();
      await proxy?.stop();
      await server?.stop();
    });

    it('compiles what is right, and refuses what is wrong', async () => {
      const entry = `ReadPageQuery['logsConnection']['edges'][number]['node']`;
      expect(await findErrors(example, entry)).toEqual(lines);
    });

    describeBrowser('in a browser', () => {
      let browser: Browser;
      let files: FileServer;
      let page: Page;

      beforeAll(async () => {
        [browser, files] = await Promise.all([launchChromium(), serveFiles(join(example.directory, 'dist'))]);
        const actions = Array.from({ length: 2 * pageSize + 1 }, (_, at) => ({
          time: `2026-01-01T00:00:${String(at).padStart(2, '0')}Z`,
          type: `T${at}`,
        }));
        const { status } = await server.rest('POST', '/logs/', { userId, sessionId: 's', actions });
        expect(status).toBe(201);
        page = await browser.newPage();
        page.setDefaultTimeout(20_000);
        await page.goto(`http://127.0.0.1:${files.port}/`);
      });
      afterAll(async () => {
        await browser?.close();
        await files?.stop();
      });

      /** The types of the entries that the page shows, once there are so many. */
      async function shownTypes(count: number): Promise<string[]> {
        await page
          .locator('li')
          .nth(count - 1)
          .waitFor();
        const texts = await page.locator('li').allInnerTexts();
        return texts.map((text) => text.split(' ')[1]!);
      }
      const newest = (count: number): string[] =>
        Array.from({ length: count }, (_, at) => `T${2 * pageSize - at}`);

      it('loads the pages, one by one, to the end', async () => {
        expect(await shownTypes(pageSize)).toEqual(newest(pageSize));
        const older = page.getByRole('button', { name: 'Older entries' });
        await older.click();
        expect(await shownTypes(2 * pageSize)).toEqual(newest(2 * pageSize));
        await older.click();
        expect(await shownTypes(2 * pageSize + 1)).toEqual(newest(2 * pageSize + 1));
        expect(await older.count()).toBe(0);
      });

      it('records an action once, though the first attempts fail, and shows it', async () => {
        proxy.expect('refused', 'answer lost');
        await page.getByLabel('Type').fill('SAVE');
        await page.getByRole('button', { name: 'Record' }).click();
        await page.locator('li', { hasText: ' SAVE {"language":' }).waitFor();
        const { data } = await server.graphql('{ logs(type: "SAVE") { userId } }');
        expect(data.logs).toEqual([{ userId }]);
      });

      it('shows the rules that an input breaks', async () => {
        await page.getByLabel('Type').fill('');
        await page.getByRole('button', { name: 'Record' }).click();
        expect(await page.locator('strong').innerText()).toMatch(
          /^BAD_USER_INPUT: input\.actions\[0\]\.type must /,
        );
      });
    });
  });
}
