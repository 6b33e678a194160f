import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { startKeyedServer, type KeyedServer } from '../support/server/keyed-server';
import { waitFor } from '../support/wait-for';
import { describeBrowser, launchChromium, runInPage, startSites, type Sites } from './support/chromium';
import { countAnswers, subtract } from './support/requests';

describeBrowser('a page in a browser, while the server needs a key', () => {
  let browser: Browser;
  let sites: Sites;
  let server: KeyedServer<'app' | 'reader' | 'shop'>;
  let page: Page;
  beforeAll(async () => {
    [browser, sites] = await Promise.all([launchChromium(), startSites()]);
    server = await startKeyedServer({
      app: { scopes: ['record', 'read', 'erase'] },
      reader: { scopes: ['read'] },
      shop: { scopes: ['record'], isPublic: true, origins: [sites.originOf('shop.example')] },
    });
    page = await browser.newPage();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    await sites?.stop();
  });

  async function countOf(userId: string): Promise<number> {
    const { body } = await server.send(`/logs/?user=${userId}`, 'reader');
    return body.length;
  }

  it('does what its key may do', async () => {
    await page.goto(sites.originOf('app.example'));
    const headers = { authorization: `Bearer ${server.texts.app}` };
    expect(await runInPage(page, 'use.js', { target: server.url, userId: 'ann', headers })).toMatchObject({
      recorded: [201, [{ userId: 'ann' }]],
      read: [200, { data: { logs: [{ userId: 'ann' }] } }],
      readByGet: [200, { data: { logs: [{ userId: 'ann' }] } }],
      readByRest: [200, [{ userId: 'ann' }]],
      erased: [200, { data: { deleteUserData: { deletedCount: 1 } } }],
    });
  });

  it('without a key is told that it needs one', async () => {
    await page.goto(sites.originOf('app.example'));
    const refused = [401, { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] }];
    expect(await runInPage(page, 'use.js', { target: server.url, userId: 'ann' })).toMatchObject({
      recorded: refused,
      read: refused,
      readByGet: refused,
      readByRest: refused,
      erased: refused,
    });
  });

  it.each(['fetch', 'beacon'])('records with a public key when it is left, by %s', async (how) => {
    await page.goto(sites.originOf('shop.example'));
    await runInPage(page, 'record-when-left.js', { target: server.url, key: server.texts.shop, how });
    expect(await countOf(how)).toBe(0);
    await page.goto(sites.originOf('other.example'));
    await waitFor(async () => (await countOf(how)) === 1);
  });

  it.each(['fetch', 'beacon'])('of another origin is refused with that key, by %s', async (how) => {
    const recorded = await countOf(how);
    await page.goto(sites.originOf('evil.example'));
    await runInPage(page, 'record-when-left.js', { target: server.url, key: server.texts.shop, how });
    const before = await countAnswers(server);
    await page.goto(sites.originOf('other.example'));
    await waitFor(async () => subtract(await countAnswers(server), before).get('POST /logs/ 403') === 1);
    expect(await countOf(how)).toBe(recorded);
  });
});
