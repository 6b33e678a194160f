import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { startServer, type TestServer } from '../../support/server/server';
import { waitFor } from '../../support/wait-for';
import { describeBrowser, launchChromium } from '../support/chromium';
import { openConsole, type ConsolePage } from './support/open-console';

const record = `mutation ($input: RecordSessionInput!) { recordSession(input: $input) { recordedCount } }`;

describeBrowser('the console by keyboard', () => {
  let browser: Browser;
  let server: TestServer;
  let opened: ConsolePage;
  beforeAll(async () => {
    [browser, server] = await Promise.all([launchChromium(), startServer()]);
    for (const userId of ['ann', 'ben']) {
      const actions = ['CLICK', 'VIEW'].map((type, at) => ({
        time: new Date(Date.now() - 1_000 * at).toISOString(),
        type,
        properties: { status: 200 },
      }));
      await server.graphql(record, { input: { userId, sessionId: 's', actions } });
    }
  });
  afterEach(async () => opened?.close());
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  const open = async (path: string): Promise<Page> => {
    opened = await openConsole(browser, server.url + path);
    return opened.page;
  };
  /** Waits until an element has the focus. */
  const hasFocus = (page: Page, selector: string): Promise<void> =>
    waitFor(() => page.evaluate<boolean>(`document.activeElement.matches(${JSON.stringify(selector)})`));
  const rows = (page: Page, count: number): Promise<void> =>
    waitFor(async () => (await page.locator('.table-row[data-id]').count()) === count);

  it('closes the types by Escape, and keeps those that are chosen', async () => {
    const page = await open('/?type=CLICK');
    await rows(page, 2);
    await page.getByRole('button', { name: 'CLICK', exact: true }).first().press('Enter');
    await page.getByRole('option', { name: 'VIEW' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(new URL(page.url()).search).toBe('?type=CLICK');
  });

  it('begins the menu of a property at its first item', async () => {
    const page = await open('/');
    await rows(page, 4);
    await page.getByRole('grid').press('Enter');
    await page.getByRole('button', { name: 'Filter or copy status' }).press('Enter');
    await hasFocus(page, '[role="menuitem"]');
    await page.keyboard.press('Enter');
    await page.getByText('status is 200').first().waitFor();
  });

  it('returns from details that the address opened to the entries', async () => {
    const page = await open('/');
    await rows(page, 4);
    await page.getByRole('grid').press('Enter');
    await page.getByRole('complementary').waitFor();
    await page.reload();
    await hasFocus(page, 'aside');
    await page.keyboard.press('Escape');
    await hasFocus(page, '[role="grid"]');
  });

  it('stays on the page when what had the focus goes away', async () => {
    const page = await open('/?user=ann');
    await rows(page, 2);
    await page.getByRole('button', { name: 'Clear', exact: true }).press('Enter');
    await rows(page, 4);
    await hasFocus(page, 'main');
    await page.goto(`${server.url}/?user=nobody`);
    await page.getByRole('button', { name: 'Clear filter' }).press('Enter');
    await rows(page, 4);
    await hasFocus(page, 'main');
    await page.goto(`${server.url}/sessions`);
    await page.locator('[data-row="0"]').press('Enter');
    await page.getByRole('heading', { name: 'Session s' }).waitFor();
    await hasFocus(page, 'main');
    await page.getByRole('link', { name: 'All sessions' }).press('Enter');
    await page.getByText('2 sessions').waitFor();
    await hasFocus(page, 'main');
    expect(opened.problems).toEqual([]);
  });

  it('stays on the page after a session is erased', async () => {
    const input = {
      userId: 'gone',
      sessionId: 'g',
      actions: [{ time: new Date().toISOString(), type: 'CLICK' }],
    };
    await server.graphql(record, { input });
    const page = await open('/sessions?user=gone&session=g');
    await page.getByRole('button', { name: 'Erase session…' }).press('Enter');
    // Enter does nothing before the reader can see how much would be erased.
    await page.getByRole('alertdialog').getByText('1 entry').waitFor();
    await page.getByRole('alertdialog').getByRole('textbox').fill('g');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Show sessions' }).press('Enter');
    await page.getByText('2 sessions').waitFor();
    await hasFocus(page, 'main');
  });
});
