import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import type { Browser, Locator } from 'playwright-core';
import type { TestServer } from '../../support/server/server';
import { describeBrowser, launchChromium } from '../support/chromium';
import { filterOfAddress } from './support/address';
import { openConsole, type ConsolePage } from './support/open-console';
import { readEntries, startRecordedServer } from './support/recorded-server';

describeBrowser('the page Explore', () => {
  let browser: Browser;
  let server: TestServer;
  let opened: ConsolePage;
  beforeAll(async () => {
    [browser, server] = await Promise.all([launchChromium(), startRecordedServer()]);
  });
  afterEach(async () => {
    await opened?.close();
    expect(opened.problems).toEqual([]);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  const open = async (search = '?range=all'): Promise<void> => {
    opened = await openConsole(browser, `${server.url}/${search}`, { timeZone: 'UTC' });
  };
  const chart = (): Locator => opened.page.getByRole('region', { name: 'Entries over time' });
  const table = (): Locator => opened.page.getByRole('region', { name: 'Entries', exact: true });
  const button = (name: string): Locator => opened.page.getByRole('button', { name, exact: true });

  /** By its text, since open suggestions hide it from the accessibility tree. */
  const add = (): Locator => opened.page.getByText('Add', { exact: true });

  /** Waits until chart and table show what the API gives for the filter of the address. */
  const expectAsApi = async () => {
    const entries = await readEntries(server, await filterOfAddress(opened.page));
    const count = `${entries.length.toLocaleString('en-US')} ${entries.length === 1 ? 'entry' : 'entries'}`;
    await chart().getByRole('status').getByText(count, { exact: true }).waitFor();
    await table()
      .locator(`[role=grid][aria-rowcount="${entries.length + 1}"]`)
      .waitFor();
    await table().locator(`[aria-rowindex="2"][data-id="${entries[0]!.id}"]`).waitFor();
    return entries;
  };

  /** Beginning and end of the chart in milliseconds: the bars with the first and the last entry. */
  const chartTimes = async (): Promise<[number, number]> => {
    const names = await chart().locator('tbody th').allTextContents();
    const [from] = names[0]!.split(' – ');
    const [start, end] = names.at(-1)!.replace(', partial', '').split(' – ');
    const at = (text: string): number => Date.parse(`${text.replace(' ', 'T')}Z`);
    return [at(from!), at(end!.length > 5 ? end! : `${start!.slice(0, 10)} ${end}`)];
  };

  it('shows a day in the chart where nothing matches at any time', async () => {
    await open('?range=all&user=nobody');
    await chart().getByRole('status').getByText('0 entries by hour').waitFor();
  });

  it('says when the newest entry was where the last 24 hours are empty, and goes there', async () => {
    await open('');
    await opened.page.getByRole('heading', { name: 'No entries match' }).waitFor();
    const [newest] = await readEntries(server);
    const minute = newest!.time.slice(0, 16).replace('T', ' ');
    await opened.page.getByText(`The newest entry is from ${minute}`).waitFor();
    await button('Go to the newest entry').click();
    await opened.page.waitForURL(/from=.*to=/);
    const [first] = await expectAsApi();
    expect(first!.id).toBe(newest!.id);
  });

  it('zooms to the part of the chart that is dragged over', async () => {
    await open();
    expect(await expectAsApi()).toHaveLength(6_000);
    const [start, end] = await chartTimes();
    const { x, y, width, height } = (await chart().locator('.u-over').boundingBox())!;
    await opened.page.mouse.move(x + width / 4, y + height / 2);
    await opened.page.mouse.down();
    await opened.page.mouse.move(x + width / 2, y + height / 2, { steps: 5 });
    await opened.page.mouse.up();
    await opened.page.waitForURL(/from=.*to=/);
    const { startTime, endTime } = await filterOfAddress(opened.page);
    const perPixel = (end - start) / width;
    expect(Math.abs(Date.parse(startTime!) - (start + (end - start) / 4))).toBeLessThan(2 * perPixel);
    expect(Math.abs(Date.parse(endTime!) - (start + end) / 2)).toBeLessThan(2 * perPixel);
    const { length } = await expectAsApi();
    expect(length).toBeGreaterThan(1_000);
    expect(length).toBeLessThan(2_000);
    await opened.page.goBack();
    expect(await expectAsApi()).toHaveLength(6_000);
  });

  it('zooms and moves by the keyboard', async () => {
    await open('?from=2015-05-18T00:00:00Z&to=2015-05-20T00:00:00Z');
    await expectAsApi();
    const steps = [
      ['Zoom in', 'Enter', '2015-05-18T12:00:00.000Z', '2015-05-19T12:00:00.000Z'],
      ['Earlier', 'Space', '2015-05-18T00:00:00.000Z', '2015-05-19T00:00:00.000Z'],
      ['Later', 'Enter', '2015-05-18T12:00:00.000Z', '2015-05-19T12:00:00.000Z'],
      ['Zoom out', 'Space', '2015-05-18T00:00:00.000Z', '2015-05-20T00:00:00.000Z'],
    ] as const;
    for (const [name, key, startTime, endTime] of steps) {
      await button(name).focus();
      await opened.page.keyboard.press(key);
      await expectAsApi();
      expect(await filterOfAddress(opened.page)).toEqual({ startTime, endTime });
    }
  });

  it('filters by a type of the legend', async () => {
    await open();
    const head = chart().getByRole('button', { name: /^HEAD/ });
    await head.click();
    expect(await head.getAttribute('aria-pressed')).toBe('true');
    const entries = await expectAsApi();
    expect(await filterOfAddress(opened.page)).toEqual({ types: ['HEAD'] });
    expect(new Set(entries.map(({ type }) => type))).toEqual(new Set(['HEAD']));
    await head.focus();
    await opened.page.keyboard.press('Space');
    expect(await expectAsApi()).toHaveLength(6_000);
  });

  it('filters by a property, with suggestions from the rows in view', async () => {
    await open('?from=2015-05-17&to=2015-05-22');
    const all = await expectAsApi();
    await button('Property').click();
    const panel = opened.page.getByRole('dialog', { name: 'Filter by a property' });
    const hint = await panel.getByText(/^Suggestions from the \d+ rows in view\.$/).textContent();
    const inView = all.slice(0, Number(/\d+/.exec(hint!)![0]));
    const suggestions = opened.page.getByRole('option');
    await opened.page.keyboard.press('ArrowDown');
    await suggestions.getByText('status', { exact: true }).waitFor();
    const names = new Set(inView.flatMap(({ properties }) => Object.keys(properties)));
    expect(new Set(await suggestions.allTextContents())).toEqual(names);
    await suggestions.getByText('status', { exact: true }).click();
    await panel.getByLabel('Value').click();
    const statuses = new Set(inView.map(({ properties }) => String(properties['status'])));
    await suggestions.first().waitFor();
    expect(new Set(await suggestions.allTextContents())).toEqual(statuses);
    await panel.getByLabel('Value').fill('404');
    await add().click();
    await opened.page.waitForURL(/property=/);
    const entries = await expectAsApi();
    expect(entries.length).toBe(all.filter(({ properties }) => properties['status'] === 404).length);
    await button('Remove status is 404').click();
    await expectAsApi();
    expect(await filterOfAddress(opened.page)).not.toHaveProperty('properties');
  });

  it('says which parts of the address cannot be read, and takes them away', async () => {
    const property = '{"path":["status"],"is":{"like":"4%"}}';
    await open(`?from=2015-05-17&to=tomorrow&property=${encodeURIComponent(property)}`);
    const notice = opened.page.getByRole('status').filter({ hasText: 'cannot be read' });
    await notice.waitFor();
    expect(await notice.locator('code').allTextContents()).toEqual(['to=tomorrow', `property=${property}`]);
    await button('Remove it').click();
    await notice.waitFor({ state: 'detached' });
    await expectAsApi();
    expect(new URL(opened.page.url()).search).toBe('?from=2015-05-17');
  });

  it('shows a chart of the entries in a range of all times', async () => {
    await open('?from=0001-01-01&to=9999-12-31T23:59:59.999Z');
    const entries = await expectAsApi();
    const [start, end] = await chartTimes();
    expect(start).toBeLessThanOrEqual(Date.parse(entries.at(-1)!.time));
    expect(end).toBeGreaterThan(Date.parse(entries[0]!.time));
  });

  it('says at the field what is wrong with what was typed', async () => {
    await open();
    const expectError = async (field: Locator, text: string): Promise<void> => {
      await opened.page.getByText(text).first().waitFor();
      expect(await field.getAttribute('aria-invalid')).toBe('true');
      const ids = (await field.getAttribute('aria-describedby'))!.split(' ');
      const descriptions = ids.map((id) => opened.page.locator(`[id="${id}"]`).textContent());
      expect((await Promise.all(descriptions)).join(' ')).toContain(text);
    };
    await button('Property').click();
    const property = opened.page.getByRole('dialog', { name: 'Filter by a property' });
    const [path, value] = [property.getByLabel('Property'), property.getByLabel('Value')];
    await property.getByLabel('Condition').selectOption('≥');
    await path.fill('a..b');
    await value.fill('much');
    await add().click();
    await expectError(path, 'A key is empty: check the dots.');
    await expectError(value, 'Enter a number, such as 200 or 0.5.');
    await opened.page.keyboard.press('Escape');

    await opened.page.getByRole('button', { name: /^All time/ }).click();
    const time = opened.page.getByRole('dialog', { name: 'Time' });
    const [from, to] = [time.getByLabel('From'), time.getByLabel('To', { exact: true })];
    await from.fill('2015-02-30');
    await to.fill('noon');
    await time.getByRole('button', { name: 'Apply' }).click();
    await expectError(from, 'Write 2015-05-17 or 2015-05-17 10:05:03.');
    await expectError(to, 'Write 2015-05-17 or 2015-05-17 10:05:03.');
    await from.fill('2015-05-18');
    await to.fill('2015-05-17');
    await expectError(to, 'To must be after From.');
    expect(new URL(opened.page.url()).search).toBe('?range=all');
  });
});
