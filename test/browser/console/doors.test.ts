import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { startKeyedServer, type KeyedServer } from '../../support/server/keyed-server';
import { describeBrowser, launchChromium } from '../support/chromium';
import { expectAccessible, openConsole, phone, type ConsolePage } from './support/open-console';

describeBrowser('the console of a server that needs a key', () => {
  let browser: Browser;
  let server: KeyedServer<'reader' | 'recorder'>;
  let opened: ConsolePage;
  beforeAll(async () => {
    browser = await launchChromium();
    server = await startKeyedServer({ reader: { scopes: ['read'] }, recorder: { scopes: ['record'] } });
  });
  afterEach(async () => opened?.close());
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  const signIn = async (key: string): Promise<void> => {
    await opened.page.getByLabel('Access key').fill(key);
    await opened.page.getByRole('button', { name: 'Sign in' }).click();
  };
  /** The browser itself reports each answer with an error status on its console. */
  const ownProblems = () => opened.problems.filter((text) => !text.includes('status of 401'));

  it.each(['light', 'dark'] as const)('asks for one, %s', async (theme) => {
    opened = await openConsole(browser, `${server.url}/`, { theme, viewport: phone });
    await opened.page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await expectAccessible(opened.page);
    expect(ownProblems()).toEqual([]);
  });

  it('refuses a wrong key at the field, and takes a right one', async () => {
    opened = await openConsole(browser, `${server.url}/`);
    await signIn('lm_wrong');
    await opened.page.getByText('The server does not know this key').waitFor();
    await expectAccessible(opened.page);
    await signIn(server.texts.reader);
    await opened.page.getByRole('heading', { name: 'No entries yet' }).waitFor();
    expect(await opened.page.getByRole('button', { name: 'Record a sample session' }).count()).toBe(0);
    await opened.page.getByRole('button', { name: 'reader' }).click();
    await opened.page.getByText('every user').waitFor();
    await opened.page.getByRole('button', { name: 'Sign out' }).click();
    await opened.page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(ownProblems()).toEqual([]);
  });

  it('keeps the key for the tab only, and out of the address', async () => {
    opened = await openConsole(browser, `${server.url}/`);
    await signIn(server.texts.reader);
    await opened.page.getByRole('button', { name: 'reader' }).waitFor();
    await opened.page.reload();
    await opened.page.getByRole('button', { name: 'reader' }).waitFor();
    expect(opened.page.url()).not.toContain('lm_');
    const other = await opened.context.newPage();
    await other.goto(`${server.url}/`);
    await other.getByRole('heading', { name: 'Sign in' }).waitFor();
  });

  it('says that a key without the scope read may not read', async () => {
    opened = await openConsole(browser, `${server.url}/`);
    await signIn(server.texts.recorder);
    await opened.page.getByText('may not read').waitFor();
  });

  it('asks for another key when this one is revoked meanwhile', async () => {
    opened = await openConsole(browser, `${server.url}/`);
    await signIn(server.texts.reader);
    await opened.page.getByRole('heading', { name: 'No entries yet' }).waitFor();
    const body = JSON.stringify({
      errors: [{ message: 'Revoked.', extensions: { code: 'UNAUTHENTICATED' } }],
    });
    await opened.page.route('**/graphql', (route) =>
      route.fulfill({ status: 401, contentType: 'application/json', body }),
    );
    await opened.page.getByText('This key is revoked or expired.').waitFor();
  });

  it('shows nothing that a key read after it is signed out, although the server does not answer', async () => {
    const keyed = await startKeyedServer({ both: { scopes: ['read', 'record'] } });
    try {
      const actions = [{ time: new Date().toISOString(), type: 'SECRET', properties: {} }];
      const record = `mutation ($input: RecordSessionInput!) { recordSession(input: $input) { recordedCount } }`;
      await keyed.ask('both', record, { input: { userId: 'u', sessionId: 's', actions } });
      opened = await openConsole(browser, `${keyed.url}/`);
      const { page } = opened;
      await signIn(keyed.texts.both);
      await page.getByRole('gridcell', { name: 'SECRET' }).click();
      await page.getByRole('complementary', { name: 'Details of an entry' }).getByText('SECRET').waitFor();
      await opened.context.setOffline(true);
      await page.getByRole('button', { name: 'both' }).click();
      await page.getByRole('button', { name: 'Sign out' }).click();
      await page.getByRole('alert').getByText('The server does not answer').waitFor();
      expect(await page.getByText('SECRET').count()).toBe(0);
      await opened.context.setOffline(false);
      await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    } finally {
      await keyed.stop();
    }
  });

  it('keeps what is typed when the server refuses another query later', async () => {
    opened = await openConsole(browser, `${server.url}/`);
    const { page } = opened;
    await page.route('**/graphql', async (route) => {
      const isNewest = route.request().postData()!.includes('query Newest');
      if (isNewest) await new Promise((resolve) => setTimeout(resolve, 1_000));
      await route.continue();
    });
    const refused = page.waitForResponse((response) =>
      (response.request().postData() ?? '').includes('query Newest'),
    );
    await page.reload();
    await page.getByLabel('Access key').fill(server.texts.reader);
    await (await refused).finished();
    await page.waitForTimeout(500);
    expect(await page.getByLabel('Access key').inputValue()).toBe(server.texts.reader);
  });

  it('names a key that no header can hold', async () => {
    opened = await openConsole(browser, `${server.url}/`);
    await signIn('ключ');
    await opened.page.getByText('ASCII only').waitFor();
  });
});
