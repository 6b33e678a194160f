import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { startKeyedServer } from '../../support/server/keyed-server';
import { startServer, type TestServer } from '../../support/server/server';
import { describeBrowser, launchChromium } from '../support/chromium';
import { expectAccessible, openConsole, phone, type ConsolePage } from './support/open-console';

describeBrowser('the console of an empty store', () => {
  let browser: Browser;
  let server: TestServer;
  let opened: ConsolePage;
  beforeAll(async () => void (browser = await launchChromium()));
  beforeEach(async () => void (server = await startServer()));
  afterEach(async () => {
    await opened?.close();
    await server?.stop();
  });
  afterAll(async () => browser?.close());

  it('records a sample session, and opens it', async () => {
    opened = await openConsole(browser, `${server.url}/`);
    await opened.page.getByRole('button', { name: 'Record a sample session' }).click();
    await opened.page.waitForURL(/\/sessions\?user=sample-user&session=sample-/);
    await opened.page.getByText('PURCHASE').first().waitFor();
    const { data } = await server.graphql('{ logs { type } }');
    expect(data.logs).toHaveLength(7);
    expect(opened.problems).toEqual([]);
  });

  it('shows lines to paste that the server takes, and the entries once they are there', async () => {
    opened = await openConsole(browser, `${server.url}/`);
    const mutation = await opened.page.getByLabel('With GraphQL').textContent();
    const curl = await opened.page.getByLabel('From a terminal').textContent();
    expect(await server.graphql(mutation!)).toMatchObject({ data: { recordSession: { recordedCount: 1 } } });
    const [, url, body] = /^curl (\S+) [^]*-d '([^]*)'$/.exec(curl!)!;
    expect(url).toBe(`${server.url}/logs/`);
    expect(await server.rest('POST', '/logs/', body)).toMatchObject({ status: 201 });
    await opened.page.getByText('ABC123XYZ').first().waitFor();
    expect(opened.problems).toEqual([]);
  });

  it('is back after a refresh when the last entry is erased', async () => {
    const actions = [{ time: new Date().toISOString(), type: 'ONLY' }];
    await server.graphql(
      'mutation ($input: RecordSessionInput!) { recordSession(input: $input) { recordedCount } }',
      { input: { userId: 'u', sessionId: 's', actions } },
    );
    opened = await openConsole(browser, `${server.url}/`);
    await opened.page.getByRole('gridcell', { name: 'ONLY' }).waitFor();
    await server.graphql('mutation { deleteUserData(userId: "u") { deletedCount } }');
    await opened.page.getByRole('button', { name: 'Refresh' }).click();
    await opened.page.getByRole('heading', { name: 'No entries yet' }).waitFor();
  });

  it('shows a key that is bound to a user lines that the server takes from it', async () => {
    const keyed = await startKeyedServer({ own: { scopes: ['record', 'read'], userId: "o'neil" } });
    try {
      opened = await openConsole(browser, `${keyed.url}/`);
      await opened.page.getByLabel('Access key').fill(keyed.texts.own);
      await opened.page.getByRole('button', { name: 'Sign in' }).click();
      await opened.page.getByText("the user “o'neil”").waitFor();
      expect(await opened.page.getByText('You can erase them').count()).toBe(0);
      const mutation = await opened.page.getByLabel('With GraphQL').textContent();
      const curl = await opened.page.getByLabel('From a terminal').textContent();
      expect((await keyed.ask('own', mutation!)).body).toMatchObject({ data: { recordSession: {} } });
      const body = /-d '([^]*)'$/.exec(curl!)![1]!.replaceAll("'\\''", "'");
      expect(await keyed.send('/logs/', 'own', { method: 'POST', body })).toMatchObject({ status: 201 });
      await opened.page.getByText("o'neil").first().waitFor();
    } finally {
      await keyed.stop();
    }
  });

  it.each([
    ['light', undefined],
    ['dark', undefined],
    ['light', phone],
    ['dark', phone],
  ] as const)('is accessible: %s, %j', async (theme, viewport) => {
    opened = await openConsole(browser, `${server.url}/`, { theme, ...(viewport && { viewport }) });
    await opened.page.getByRole('heading', { name: 'No entries yet' }).waitFor();
    await expectAccessible(opened.page);
  });
});
