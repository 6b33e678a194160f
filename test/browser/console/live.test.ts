import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { Browser, Locator } from 'playwright-core';
import { createDatabase, type TestDatabase } from '../../support/database/database';
import { startKeyedServer } from '../../support/server/keyed-server';
import { startServer, type TestServer } from '../../support/server/server';
import { waitFor } from '../../support/wait-for';
import { describeBrowser, launchChromium, runInPage } from '../support/chromium';
import { openConsole, type ConsolePage } from './support/open-console';
import { readEntries, type ApiEntry } from './support/recorded-server';

const mutation = `mutation ($input: RecordSessionInput!) { recordSession(input: $input) { recordedCount } }`;
let lastTime = Date.now();

/** Records entries of rising times, each in a session of its own. */
async function record(
  { graphql }: Pick<TestServer, 'graphql'>,
  types: readonly string[],
  userId = 'u',
): Promise<void> {
  for (const type of types) {
    lastTime = Math.max(Date.now(), lastTime + 1);
    const time = new Date(lastTime).toISOString();
    const input = {
      userId,
      sessionId: `s-${lastTime}`,
      actions: [{ time, type, properties: { at: lastTime } }],
    };
    expect(await graphql(mutation, { input })).toMatchObject({
      data: { recordSession: { recordedCount: 1 } },
    });
  }
}
const clicks = (count: number): string[] => Array.from({ length: count }, () => 'CLICK');

describeBrowser('live entries', () => {
  let browser: Browser;
  let database: TestDatabase;
  let server: TestServer;
  let opened: ConsolePage;
  beforeAll(async () => void (browser = await launchChromium()));
  beforeEach(async () => {
    database = await createDatabase();
    server = await startServer({ DATABASE_URL: database.url });
    await record(server, [...clicks(30), 'HOVER']);
  });
  afterEach(async () => {
    await opened?.close();
    await server?.stop();
    await database?.remove();
  });
  afterAll(async () => browser?.close());

  const open = async (search: string, height = 800): Promise<void> => {
    opened = await openConsole(browser, `${server.url}/${search}`, { viewport: { width: 1_280, height } });
  };
  const list = (): Locator => opened.page.getByRole('region', { name: 'Live entries' });
  const bar = (): Locator => opened.page.locator('.live-bar');
  const seam = (text: RegExp): Locator => list().getByText(text);
  const isLive = (): Promise<void> => bar().getByRole('status').getByText('Live', { exact: true }).waitFor();
  const isPaused = (why: string): Promise<void> => bar().getByText(why).waitFor();
  const received = (count: number): Promise<void> => bar().getByText(`${count} received`).waitFor();
  const showsWaiting = (count: number): Locator =>
    bar().getByRole('button', { name: `${count} new ${count === 1 ? 'entry' : 'entries'}: show` });

  /** Ids of all rows, from the top; a seam has its name. */
  const readRows = async (): Promise<string[]> => {
    const rows = { scroller: '.live-list', row: '.live-row, .live-seam', attribute: 'data-id' };
    const ids = await runInPage<string[]>(opened.page, 'scroll-through.js', rows);
    await opened.page.evaluate(`document.querySelector('.live-list').scrollTop = 0`);
    await isLive();
    return ids;
  };
  const scrollTop = () => opened.page.evaluate<number>('document.querySelector(".live-list").scrollTop');
  const idsOf = (entries: readonly ApiEntry[]): string[] => entries.map(({ id }) => id);
  const inRecordedOrder = async (filter: object = {}): Promise<string[]> =>
    idsOf(await readEntries(server, filter));
  /** Waits until the list has what the API has, with seams between, and expects no double and no gap. */
  const expectAsApi = async (filter: object = {}): Promise<void> => {
    const ids = await inRecordedOrder(filter);
    await list().locator(`[data-id="${ids[0]}"]`).waitFor();
    const rows = (await readRows()).filter((id) => !id.startsWith('seam'));
    expect(rows).toEqual(ids.slice(0, rows.length));
    expect(rows.length).toBeGreaterThanOrEqual(Math.min(ids.length, 50));
  };
  const ownProblems = () =>
    opened.problems.filter(
      (text) => !/^console error: (WebSocket connection to|Failed to load resource: net::)/.test(text),
    );

  it('appear as another client records them, if they match the filter, above a seam', async () => {
    await open('?type=CLICK');
    const before = await inRecordedOrder({ types: ['CLICK'] });
    await opened.page.getByRole('search').getByText('Live', { exact: true }).click();
    await isLive();
    expect(await opened.page.evaluate('location.search')).toBe('?type=CLICK&live=1');
    expect(await opened.page.getByRole('switch', { name: 'Live' }).isChecked()).toBe(true);
    await list().locator(`[data-id="${before[0]}"]`).waitFor();
    await record(server, ['CLICK', 'HOVER', 'CLICK', 'SCROLL', 'CLICK']);
    await received(3);
    const [third, second, first, ...earlier] = await inRecordedOrder({ types: ['CLICK'] });
    expect(earlier).toEqual(before);
    expect(await readRows()).toEqual([third, second, first, 'seam-start', ...before]);
    await seam(/^Live since .* Below: recorded before/).waitFor();
    expect(opened.problems).toEqual([]);
  });

  it('are complete at the seam while others record', async () => {
    await open('');
    await opened.page.getByRole('grid').waitFor();
    let isOver = false;
    const recording = (async () => {
      while (!isOver) await record(server, ['CLICK']);
    })();
    for (let round = 0; round < 3; round++) {
      await opened.page.getByRole('search').getByText('Live', { exact: true }).click();
      await isLive();
      await opened.page.waitForTimeout(300);
      if (round < 2) await opened.page.getByRole('search').getByText('Live', { exact: true }).click();
    }
    isOver = true;
    await recording;
    await expectAsApi();
    expect(opened.problems).toEqual([]);
  });

  it('wait, and are counted, while one scrolls', async () => {
    await open('?live=1');
    await isLive();
    await list().locator('.live-row').first().waitFor();
    await list().hover();
    await opened.page.mouse.wheel(0, 200);
    await waitFor(async () => (await scrollTop()) === 200);
    // Away from the list, which pauses below the pointer, too.
    await opened.page.mouse.move(5, 5);
    await isPaused('Paused until you are back at the top.');
    const shown = await list().locator('.live-row').first().getAttribute('data-id');
    await record(server, clicks(3));
    await showsWaiting(3).waitFor();
    expect(await scrollTop()).toBe(200);
    expect(await list().locator('.live-row').first().getAttribute('data-id')).toBe(shown);
    await record(server, clicks(1));
    await showsWaiting(4).click();
    await isLive();
    await seam(/^Paused at .* Above: recorded since/).waitFor();
    const ids = await inRecordedOrder();
    expect(await readRows()).toEqual([...ids.slice(0, 4), 'seam-pause', 'seam-start', ...ids.slice(4)]);
    expect(opened.problems).toEqual([]);
  });

  it('wait while the pointer is on them, and go on when it leaves', async () => {
    await open('?live=1');
    await isLive();
    await record(server, clicks(1));
    await received(1);
    const shown = await list().locator('.live-row').first().getAttribute('data-id');
    await list().locator('.live-row').first().hover();
    await isPaused('Paused while the pointer is on the list.');
    await record(server, clicks(2));
    await showsWaiting(2).waitFor();
    expect(await list().locator('.live-row').first().getAttribute('data-id')).toBe(shown);
    await opened.page.mouse.move(5, 5);
    await isLive();
    const ids = await inRecordedOrder();
    expect(await readRows()).toEqual([
      ...ids.slice(0, 2),
      'seam-pause',
      ids[2],
      'seam-start',
      ...ids.slice(3),
    ]);
    expect(opened.problems).toEqual([]);
  });

  it('wait after the button Pause, by the keyboard', async () => {
    await open('?live=1');
    await isLive();
    await bar().getByRole('button', { name: 'Pause' }).press('Enter');
    await isPaused('Nothing is lost: new entries wait until you resume.');
    await record(server, clicks(1));
    await showsWaiting(1).waitFor();
    await bar().getByRole('button', { name: 'Resume' }).press('Enter');
    await isLive();
    await expectAsApi();
    await list().focus();
    await opened.page.keyboard.press('ArrowDown');
    await isPaused('Paused while an entry has the focus.');
    await opened.page.keyboard.press('Enter');
    await opened.page.getByRole('complementary', { name: 'Details of an entry' }).waitFor();
    expect(opened.problems).toEqual([]);
  });

  it('open their details, which close when the entry is erased', async () => {
    await open('?live=1');
    await isLive();
    await record(server, ['CHECKOUT'], 'gone');
    await list().getByText('CHECKOUT').click();
    const details = opened.page.getByRole('complementary', { name: 'Details of an entry' });
    const [entry] = await readEntries(server, { types: ['CHECKOUT'] });
    await details.getByText(entry!.sessionId).waitFor();
    await details.getByText(String(entry!.properties['at']), { exact: true }).waitFor();
    await record(server, clicks(2));
    await details.getByText(entry!.sessionId).waitFor();
    const erase = 'mutation { deleteUserData(userId: "gone") { deletedCount } }';
    expect(await server.graphql(erase)).toMatchObject({ data: { deleteUserData: { deletedCount: 1 } } });
    await details.waitFor({ state: 'detached' });
    expect(await list().getByText('CHECKOUT').count()).toBe(0);
    expect(opened.problems).toEqual([]);
  });

  it('go on without a gap after the server was stopped and started', async () => {
    await open('?live=1');
    await isLive();
    await record(server, clicks(3));
    await received(3);
    const { port } = new URL(server.url);
    await server.stop();
    await bar().getByText('Reconnecting…').waitFor();
    await opened.page.getByText('The list goes on from there by itself').waitFor();
    // Another instance records meanwhile.
    server = await startServer({ DATABASE_URL: database.url });
    await record(server, clicks(5));
    await server.stop();
    server = await startServer({ DATABASE_URL: database.url, PORT: port });
    await record(server, clicks(2));
    await isLive();
    await received(10);
    await seam(/^Connection lost at .* Above: since then, without a gap/).waitFor();
    await record(server, clicks(2));
    await received(12);
    const ids = await inRecordedOrder();
    expect(await readRows()).toEqual([
      ...ids.slice(0, 9),
      'seam-reconnect',
      ...ids.slice(9, 12),
      'seam-start',
      ...ids.slice(12),
    ]);
    await opened.page.getByText('The server does not answer').waitFor({ state: 'detached' });
    expect(ownProblems()).toEqual([]);
  });

  it('go on without a gap after the computer was offline', async () => {
    await open('?live=1');
    await isLive();
    await opened.context.setOffline(true);
    await opened.page.getByRole('alert').getByText('The server does not answer').waitFor();
    await record(server, clicks(3));
    await opened.context.setOffline(false);
    await opened.page.getByRole('alert').waitFor({ state: 'detached' });
    await isLive();
    await record(server, clicks(1));
    await received(4);
    await expectAsApi();
    expect(ownProblems()).toEqual([]);
  });

  it('need nothing beside a condition on properties', async () => {
    const condition = JSON.stringify({ path: ['mark'], is: { equals: 1 } });
    await open(`?range=all&live=1&property=${encodeURIComponent(condition)}`);
    await isLive();
    const actions = [{ time: new Date().toISOString(), type: 'MARKED', properties: { mark: 1 } }];
    await server.graphql(mutation, { input: { userId: 'u', sessionId: 's', actions } });
    await record(server, clicks(1));
    await list().getByText('MARKED').waitFor();
    await received(1);
    expect(opened.problems).toEqual([]);
  });

  it('are followed by the histogram', async () => {
    await open('?live=1');
    const count = opened.page.getByRole('region', { name: 'Entries over time' }).getByRole('status');
    await count.getByText('31 entries', { exact: true }).waitFor();
    await record(server, clicks(4));
    await count.getByText('35 entries', { exact: true }).waitFor({ timeout: 30_000 });
    expect(opened.problems).toEqual([]);
  });
});

describeBrowser('live entries of a key', () => {
  let browser: Browser;
  beforeAll(async () => void (browser = await launchChromium()));
  afterAll(async () => browser?.close());

  it('end when it is revoked, and go on with another one', async () => {
    const server = await startKeyedServer({ first: {}, second: {} });
    const graphql = async (query: string, variables?: object) =>
      (await server.ask('second', query, variables)).body as Awaited<ReturnType<TestServer['graphql']>>;
    await record({ graphql }, clicks(3));
    const { page, problems, close } = await openConsole(browser, `${server.url}/?live=1`);
    const signIn = async (key: string): Promise<void> => {
      await page.getByLabel('Access key').fill(key);
      await page.getByRole('button', { name: 'Sign in' }).click();
    };
    await signIn('lm_wrong');
    await page.getByText('The server does not know this key').waitFor();
    await signIn(server.texts.first);
    const status = page.locator('.live-bar').getByRole('status').getByText('Live', { exact: true });
    await status.waitFor();
    expect(await server.store.keys.revoke('first', new Date().toISOString())).toBe(true);
    await page.getByText('This key is revoked or expired.').waitFor();
    await record({ graphql }, clicks(1));
    await signIn(server.texts.second);
    await status.waitFor();
    await record({ graphql }, clicks(1));
    await page.getByText('1 received').waitFor();
    expect(await page.locator('.live-row').count()).toBe(5);
    expect(problems.filter((text) => !text.includes('status of 401'))).toEqual([]);
    await close();
    await server.stop();
  });
});
