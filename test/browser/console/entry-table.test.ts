import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import type { Browser, Locator } from 'playwright-core';
import type { TestServer } from '../../support/server/server';
import { describeBrowser, launchChromium, runInPage } from '../support/chromium';
import { openConsole, type ConsolePage } from './support/open-console';
import { readEntries, startRecordedServer, type ApiEntry } from './support/recorded-server';

describeBrowser('the table of entries', () => {
  let browser: Browser;
  let server: TestServer;
  let entries: ApiEntry[];
  let opened: ConsolePage;
  beforeAll(async () => {
    [browser, server] = await Promise.all([launchChromium(), startRecordedServer()]);
    entries = await readEntries(server);
  });
  afterEach(async () => {
    await opened?.close();
    expect(opened.problems).toEqual([]);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  const open = async (viewport = { width: 1_280, height: 800 }): Promise<void> => {
    opened = await openConsole(browser, `${server.url}/?range=all`, { viewport });
    await row(entries[0]!).waitFor();
  };
  const row = ({ id }: ApiEntry): Locator => opened.page.locator(`[role="row"][data-id="${id}"]`);
  const grid = (): Locator => opened.page.getByRole('grid', { name: 'Entries, newest first' });
  /** Ids of the rows in view. */
  const inView = (): Promise<string[]> => runInPage(opened.page, 'rows-in-view.js', { key: 'id' });
  /** Waits until the place that is kept is the first row in view, and returns its id. */
  const restedTop = async (): Promise<string> => {
    for (;;) {
      const [top] = await inView();
      if (top === (await opened.page.evaluate<string | undefined>('history.state?.place?.id'))) return top!;
      await opened.page.waitForTimeout(50);
    }
  };

  it('shows each of 6,000 entries once, in order, to one who scrolls', async () => {
    await open({ width: 1_280, height: 2_400 });
    const list = {
      scroller: '[role="grid"]',
      row: '.table-body > *',
      attribute: 'data-id',
      end: '.table-end',
    };
    const seen = await runInPage<string[]>(opened.page, 'scroll-through.js', list);
    expect(seen).toEqual(entries.map(({ id }) => id));
    await grid().getByText('The end: 6,000 entries').waitFor();
  });

  it('goes to the end and back by the keyboard', async () => {
    await open();
    await grid().focus();
    await opened.page.keyboard.press('End');
    await row(entries.at(-1)!).waitFor();
    await grid().getByText('The end: 6,000 entries').waitFor();
    expect(await row(entries.at(-1)!).getAttribute('aria-rowindex')).toBe('6001');
    const last = await inView();
    expect(last).toEqual(entries.slice(-last.length).map(({ id }) => id));
    for (let n = 0; n < 40; n++) await opened.page.keyboard.press('ArrowUp');
    await grid().and(opened.page.locator('[aria-activedescendant]')).waitFor();
    const active = await grid().getAttribute('aria-activedescendant');
    expect(await opened.page.locator(`[id="${active}"]`).getAttribute('data-id')).toBe(entries.at(-41)!.id);
    await opened.page.keyboard.press('Home');
    await row(entries[0]!).waitFor();
    const first = await inView();
    expect(first).toEqual(entries.slice(0, first.length).map(({ id }) => id));
  });

  it.each(['wheel', 'End'])('keeps the place, reached by %s, when one comes back or reloads', async (way) => {
    await open();
    await grid().hover();
    if (way === 'wheel') {
      for (let n = 0; n < 8; n++) {
        await opened.page.mouse.wheel(0, 4_000);
        await inView();
      }
    } else {
      await grid().focus();
      await opened.page.keyboard.press('End');
      await row(entries.at(-1)!).waitFor();
      await restedTop();
      await opened.page.mouse.wheel(0, -9_000);
      await row(entries.at(-280)!).waitFor();
    }
    const top = await restedTop();
    expect(entries.findIndex(({ id }) => id === top)).toBeGreaterThan(500);

    const backAtTop = async (): Promise<void> => {
      await opened.page.locator(`[role="row"][data-id="${top}"]`).waitFor();
      expect((await inView())[0]).toBe(top);
    };
    await opened.page.reload();
    await backAtTop();
    await opened.page.getByRole('button', { name: /^HEAD/ }).click();
    const head = entries.find(({ type }) => type === 'HEAD')!;
    await row(head).waitFor();
    expect((await inView())[0]).toBe(head.id);
    await opened.page.goBack();
    await backAtTop();
    await opened.page.goForward();
    await row(head).waitFor();
    await opened.page.goBack();
    await opened.page.getByRole('link', { name: 'Sessions' }).click();
    await opened.page.getByRole('heading', { name: 'Sessions' }).waitFor();
    await opened.page.goBack();
    await backAtTop();
  });

  it('goes to the end where more entries than a page holds share one instant', async () => {
    const action = { time: '2015-05-19T12:00:00.123456Z', type: 'SAME' };
    const actions = Array.from({ length: 500 }, (_, n) => ({ ...action, properties: { n } }));
    const input = { userId: 'same', sessionId: 'same', actions };
    const document =
      'mutation ($input: RecordSessionInput!) { recordSession(input: $input) { recordedCount } }';
    await server.graphql(document, { input });
    const same = await readEntries(server, { types: ['SAME'] });
    opened = await openConsole(browser, `${server.url}/?range=all&type=SAME`);
    await row(same[0]!).waitFor();
    await grid().focus();
    await opened.page.keyboard.press('End');
    await row(same.at(-1)!).waitFor();
    const last = await inView();
    expect(last).toEqual(same.slice(-last.length).map(({ id }) => id));
  });
});
