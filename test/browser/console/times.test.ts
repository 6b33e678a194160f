import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { startServer, type TestServer } from '../../support/server/server';
import { describeBrowser, launchChromium } from '../support/chromium';
import { openConsole, type ConsolePage } from './support/open-console';
import { readEntries } from './support/recorded-server';

const record = `mutation ($input: RecordSessionInput!) { recordSession(input: $input) { recordedCount } }`;

describeBrowser('the console shows every time that the API takes', () => {
  let browser: Browser;
  let server: TestServer;
  let opened: ConsolePage;
  beforeAll(async () => {
    [browser, server] = await Promise.all([launchChromium(), startServer()]);
    for (const [type, time] of [
      ['FIRST', '1970-01-01T00:00:00Z'],
      ['A', '2024-05-05T10:00:00.000100Z'],
      ['B', '2024-05-05T10:00:00.000500Z'],
      ['C', '2024-05-05T10:00:00.000900Z'],
      ['NOON', '9999-12-31T12:00:00Z'],
      ['LAST', '9999-12-31T23:59:59.999999Z'],
    ]) {
      const input = { userId: 'u', sessionId: `session of ${type}`, actions: [{ time, type }] };
      await server.graphql(record, { input });
    }
  });
  afterEach(async () => opened?.close());
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  const open = async (search: string, timeZone?: string): Promise<Page> => {
    opened = await openConsole(browser, `${server.url}/${search}`, { ...(timeZone && { timeZone }) });
    return opened.page;
  };
  const typesInTable = (page: Page): Promise<string[]> => page.locator('.table-type').allInnerTexts();
  const count = (page: Page, text: string): Promise<void> =>
    page
      .getByRole('region', { name: 'Entries over time' })
      .getByText(text, { exact: true })
      .first()
      .waitFor();

  it.each(['Europe/Vienna', 'America/Los_Angeles', 'Pacific/Kiritimati'])(
    'opens the last entry by its address in %s',
    async (timeZone) => {
      const [last] = await readEntries(server, { types: ['LAST'] });
      const page = await open(`?range=all&entry=${last!.time},${last!.id}`, timeZone);
      const details = page.getByRole('complementary', { name: 'Details of an entry' });
      await details.getByText('session of LAST').waitFor();
      await page.locator(`[aria-selected="true"][data-id="${last!.id}"]`).waitFor();
      await page.goto(`${server.url}/sessions?user=u&session=session+of+LAST`);
      await page.getByRole('link', { name: 'Previous session of the user' }).click();
      await page.getByRole('heading', { name: 'session of NOON' }).waitFor();
      expect(opened.problems).toEqual([]);
    },
  );

  it.each([
    // The last instant is on the first day of the year 10000 there.
    ['Europe/Vienna', ['NOON']],
    ['America/Los_Angeles', ['LAST', 'NOON']],
    ['UTC', ['LAST', 'NOON']],
  ])('takes the last day in %s', async (timeZone, types) => {
    const total = types.length === 1 ? '1 entry' : `${types.length} entries`;
    const page = await open('?range=all', timeZone);
    await page.getByRole('button', { name: /^All time/ }).click();
    await page.getByLabel('From', { exact: true }).fill('9999-12-30');
    await page.getByLabel('To', { exact: true }).fill('9999-12-31');
    await page.getByRole('button', { name: 'Apply' }).click();
    await count(page, total);
    expect(await typesInTable(page)).toEqual(types);
    await page.getByRole('button', { name: /9999-12-30/ }).click();
    await page.getByRole('button', { name: 'Apply' }).click();
    await count(page, total);
    expect(await page.getByText('cannot be read').count()).toBe(0);
    expect(opened.problems).toEqual([]);
  });

  it('goes to the newest entry in the last hour', async () => {
    const page = await open('?from=2030-01-01&to=2030-01-02');
    await page.getByRole('button', { name: 'Go to the newest entry' }).click();
    await count(page, '2 entries');
    expect(await typesInTable(page)).toEqual(['LAST', 'NOON']);
    expect(await page.getByText('cannot be read').count()).toBe(0);
  });

  it('shows a chart where only the end is given, however far', async () => {
    const page = await open('?to=9999-12-31T23:59:59.999999Z&type=A&type=B');
    await count(page, '2 entries');
    expect(opened.problems).toEqual([]);
  });

  it('keeps the microseconds of an address when its times are applied again', async () => {
    const page = await open('?from=2024-05-05T10:00:00.000500Z&to=2024-05-05T10:00:00.000900Z');
    await count(page, '1 entry');
    const address = page.url();
    await page.getByRole('button', { name: '2024-05-05 12:00:00.000500 – 12:00:00.000900' }).click();
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.getByRole('button', { name: 'Apply' }).waitFor({ state: 'detached' });
    expect(new URL(page.url()).searchParams.toString()).toBe(new URL(address).searchParams.toString());
    expect(await typesInTable(page)).toEqual(['B']);
  });

  it('says that the name of an entry in the address cannot be read', async () => {
    const page = await open('?range=all&entry=x');
    await page.getByText('entry=x').waitFor();
    await page.getByRole('button', { name: 'Remove it' }).click();
    expect(new URL(page.url()).search).toBe('?range=all');
  });
});
