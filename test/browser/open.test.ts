import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { startServer, type TestServer } from '../support/server/server';
import { waitFor } from '../support/wait-for';
import { describeBrowser, launchChromium, runInPage, startSites, type Sites } from './support/chromium';
import { countAnswers, subtract, total } from './support/requests';

const userId = 'ann';
const secret = 'a-secret-of-ann';
const time = '2026-01-01T00:00:00Z';

describeBrowser('a page in a browser, while the server needs no key', () => {
  let browser: Browser;
  let sites: Sites;
  let server: TestServer;
  let page: Page;
  beforeAll(async () => {
    [browser, sites] = await Promise.all([launchChromium(), startSites()]);
    server = await startServer();
    page = await browser.newPage();
    const actions = [{ time, type: 'T', properties: { secret } }];
    expect((await server.rest('POST', '/logs/', { userId, sessionId: 's', actions })).status).toBe(201);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    await sites?.stop();
  });

  async function expectNothingChanged(): Promise<void> {
    const { data } = await server.graphql('{ logs { userId properties } }');
    expect(data.logs).toEqual([{ userId, properties: { secret } }]);
  }

  const portOf = (url: string): string => new URL(url).port;
  /** Pages that may do nothing, and the address under which they call the server. */
  const attackers = {
    'of another origin': () => [`${sites.originOf('evil.example')}/`, server.url],
    'of another origin, at localhost': () => [
      `${sites.originOf('evil.example')}/`,
      `http://localhost:${portOf(server.url)}`,
    ],
    // The name was resolved to this machine after the page was loaded: any answer of the server stands for the page.
    'whose own name is resolved to this machine (DNS rebinding)': () => {
      const own = `http://evil.example:${portOf(server.url)}`;
      return [`${own}/livez`, own];
    },
  } satisfies Record<string, () => [page: string, target: string]>;

  it.each(Object.entries(attackers))('%s reads, erases and records nothing', async (_who, addresses) => {
    const [address, target] = addresses();
    await page.goto(address);
    const before = await countAnswers(server);
    const seen = await runInPage<string[]>(page, 'attack.js', { target, userId });
    const answers = subtract(await countAnswers(server), before);
    expect(seen.filter((text) => text.includes(secret))).toEqual([]);
    // The requests reached the server: it is not the browser alone that refuses.
    const refused = [...answers].filter(([name]) => / (403|415|421)$/.test(name));
    expect(total(new Map(refused))).toBeGreaterThan(100);
    expect([...answers.keys()].filter((name) => /^(POST \S+|GET \/logs\/?) 2/.test(name))).toEqual([]);
    await expectNothingChanged();
  });

  it.each(Object.entries(attackers))('%s can do nothing by beacons', async (_who, addresses) => {
    const [address, target] = addresses();
    await page.goto(address);
    const before = await countAnswers(server);
    const count = await runInPage<number>(page, 'send-beacons.js', { target, userId });
    expect(count).toBe(14);
    // Each is refused: its preflight, or itself. Chromium sends a request that gets 421 a second time.
    await waitFor(async () => {
      const answers = [...subtract(await countAnswers(server), before)];
      return total(new Map(answers.filter(([name]) => /^(POST|OPTIONS) .* 4\d\d$/.test(name)))) >= count;
    });
    await expectNothingChanged();
  });

  async function expectToWork(target: string): Promise<void> {
    expect(await runInPage(page, 'use.js', { target, userId: 'ben' })).toMatchObject({
      recorded: [201, [{ userId: 'ben' }]],
      read: [200, { data: { logs: [{ userId: 'ben' }] } }],
      readByGet: [200, { data: { logs: [{ userId: 'ben' }] } }],
      readByRest: [200, [{ userId: 'ben' }]],
      erased: [200, { data: { deleteUserData: { deletedCount: 1 } } }],
    });
  }

  it.each([
    ['localhost', '127.0.0.1'],
    ['127.0.0.1', 'localhost'],
  ])('of %s records, reads and erases at %s', async (name, host) => {
    await page.goto(sites.originOf(name));
    await expectToWork(`http://${host}:${portOf(server.url)}`);
    await expectNothingChanged();
  });

  it('of the server itself records, reads and erases', async () => {
    await page.goto(`${server.url}/livez`);
    await expectToWork(server.url);
  });

  it('of CORS_ORIGINS records, reads and erases', async () => {
    const origin = sites.originOf('app.example');
    const other = await startServer({ CORS_ORIGINS: origin });
    try {
      await page.goto(origin);
      await expectToWork(other.url);
    } finally {
      await other.stop();
    }
  });
});
