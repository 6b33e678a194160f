import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Browser, Download, Locator } from 'playwright-core';
import { parseCsv, undoNeutralising } from '../../http/exports/support';
import { createTcpProxy, type TcpProxy } from '../../support/processes/tcp-proxy';
import { startKeyedServer } from '../../support/server/keyed-server';
import type { TestServer } from '../../support/server/server';
import { describeBrowser, launchChromium, runInPage } from '../support/chromium';
import {
  expectAccessible,
  openConsole,
  phone,
  readClipboard,
  type ConsoleOptions,
  type ConsolePage,
} from './support/open-console';
import { readEntries, startRecordedServer, type ApiEntry } from './support/recorded-server';

type Exported = Omit<ApiEntry, 'id'>;

const recordQuery =
  'mutation ($input: RecordSessionInput!) { recordSession(input: $input) { recordedCount } }';
const oddTexts = ['=1+1', '-1', '@SUM(A1)', "'=1", 'a,"b"\r\nc', 'é😀', '\t=1', "it's $HOME `x`"];

/** What the browser itself reports of a connection that is cut, and of a key that is missing. */
const isReported = (text: string): boolean =>
  /net::ERR_(INCOMPLETE_CHUNKED_ENCODING|CONNECTION)|status of 401/.test(text);

describeBrowser('an export from the page', () => {
  let browser: Browser;
  let server: TestServer;
  let proxy: TcpProxy;
  let stored: Exported[];
  let opened: ConsolePage;
  let downloads: Download[];
  beforeAll(async () => {
    [browser, server] = await Promise.all([launchChromium(), startRecordedServer()]);
    const actions = oddTexts.map((text, n) => ({
      time: `2015-05-18T12:00:00.00${n}5Z`,
      type: text,
      properties: { text, list: [text, { [text]: null }] },
    }));
    const input = { userId: oddTexts[0], sessionId: oddTexts[4], actions };
    expect(await server.graphql(recordQuery, { input })).toMatchObject({ status: 200 });
    stored = (await readEntries(server)).map(toExported);
    const { hostname, port } = new URL(server.url);
    proxy = await createTcpProxy({ host: hostname, port: Number(port) });
  });
  afterEach(async () => {
    await opened?.close();
    expect(opened.problems.filter((text) => !isReported(text))).toEqual([]);
  });
  afterAll(async () => {
    await browser?.close();
    await proxy?.close();
    await server?.stop();
  });

  const openDialog = async (
    search = '?range=all',
    options: ConsoleOptions = {},
    origin = server.url,
  ): Promise<void> => {
    opened = await openConsole(browser, `${origin}/${search}`, {
      initScript: 'no-save-picker.js',
      ...options,
    });
    downloads = [];
    opened.page.on('download', (download) => downloads.push(download));
    await button('Export…').click();
    await dialog().getByRole('heading', { name: 'Export entries' }).waitFor();
  };
  const openThroughProxy = (options: ConsoleOptions = {}): Promise<void> =>
    openDialog('?range=all', options, `http://127.0.0.1:${proxy.port}`);
  const button = (name: string): Locator => opened.page.getByRole('button', { name, exact: true });
  const dialog = (): Locator => opened.page.getByRole('dialog', { name: 'Export entries' });

  /** Waits for the file that the browser saves. */
  const saved = async (): Promise<{ name: string; text: string }> => {
    await dialog().getByText('Complete: ').waitFor();
    const download = downloads.at(-1) ?? (await opened.page.waitForEvent('download'));
    return { name: download.suggestedFilename(), text: readFileSync(await download.path(), 'utf8') };
  };

  /** Begins an export of which only a part arrives, and returns the number of entries that the page says arrived. */
  const exportPart = async (): Promise<number> => {
    proxy.holdAnswerTo('GET /logs/', 40_000);
    await button('Export').click();
    const progress = dialog().getByRole('progressbar', { name: 'Export' });
    await progress.getByText(/^[1-9][\d,]* of 6,008 entries, [\d.]+ [KM]B$/).waitFor();
    // More may arrive meanwhile: all at once.
    const [now, max, words] = await progress.evaluate((bar) =>
      ['now', 'max', 'text'].map((name) => bar.getAttribute(`aria-value${name}`)),
    );
    const rows = Number(now);
    expect(max).toBe('6008');
    expect(words).toContain(`${rows.toLocaleString('en-US')} entries`);
    expect(rows).toBeLessThan(6_008);
    return rows;
  };

  it.each([
    ['NDJSON', phone],
    ['CSV', undefined],
  ] as const)('as %s has every entry, in the order of the table', async (format, viewport) => {
    await openDialog('?range=all', viewport ? { viewport } : {});
    await dialog().getByText('6,008 entries that match the filter').waitFor();
    await dialog().getByText(format, { exact: true }).click();
    await expectAccessible(opened.page);
    await button('Export').click();
    const { name, text } = await saved();
    expect(name).toMatch(
      new RegExp(`^logs-\\d{4}-\\d\\d-\\d\\dT\\d\\d-\\d\\d-\\d\\dZ\\.${format.toLowerCase()}$`),
    );
    expect(format === 'CSV' ? fromCsv(text) : fromNdjson(text)).toEqual(stored);
    const size = `${(Buffer.byteLength(text) / 1_024 ** 2).toFixed(1)} MB`;
    await dialog().getByText(`Complete: 6,008 entries, ${size} in ${name}.`).waitFor();
    await expectAccessible(opened.page);
  });

  it('has what matches the filter of the page, by the keyboard alone', async () => {
    const filter = {
      types: ['GET', 'HEAD'],
      startTime: '2015-05-17T12:00:00Z',
      endTime: '2015-05-19T12:00:00Z',
      properties: [{ path: ['status'], is: { gte: 400 } }],
    };
    const search = new URLSearchParams({ from: filter.startTime, to: filter.endTime });
    for (const type of filter.types) search.append('type', type);
    search.append('property', JSON.stringify(filter.properties[0]));
    opened = await openConsole(browser, `${server.url}/?${search}`, { initScript: 'no-save-picker.js' });
    const downloading = opened.page.waitForEvent('download');
    downloads = [];
    await button('Export…').focus();
    await opened.page.keyboard.press('Enter');
    const exporting = opened.page.locator('button:focus', { hasText: /^Export$/ });
    await dialog()
      .getByRole('radio', { name: /^NDJSON/ })
      .press('ArrowDown');
    for (let tabs = 0; tabs < 6 && !(await exporting.isVisible()); tabs++)
      await opened.page.keyboard.press('Tab');
    await exporting.press('Enter');
    downloads.push(await downloading);
    const { text } = await saved();
    const entries = (await readEntries(server, filter)).map(toExported);
    expect(entries.length).toBeGreaterThan(50);
    expect(fromCsv(text)).toEqual(entries);
    await opened.page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'detached' });
    await opened.page.locator('button:focus', { hasText: 'Export…' }).waitFor();
  });

  it('shows its progress, and saves no file when it is cancelled', async () => {
    await openThroughProxy();
    await exportPart();
    expect(await button('Export').isDisabled()).toBe(true);
    await opened.page.keyboard.press('Escape');
    await expectAccessible(opened.page);
    await button('Cancel export').click();
    await dialog().getByRole('progressbar').waitFor({ state: 'detached' });
    proxy.release();
    await button('Export').click();
    expect(fromNdjson((await saved()).text)).toEqual(stored);
    expect(downloads).toHaveLength(1);
  });

  it('says that it is not complete when the connection breaks, and saves no file', async () => {
    await openThroughProxy();
    const shown = await exportPart();
    await proxy.close();
    await dialog()
      .getByRole('alert')
      .getByText('The connection ended before the export was complete.')
      .waitFor();
    const text = await dialog()
      .getByText(/^The export is not complete: .* had arrived\. No file was saved\.$/)
      .textContent();
    const arrived = Number(/([\d,]+) entries/.exec(text!)![1]!.replace(',', ''));
    expect(arrived).toBeGreaterThanOrEqual(shown);
    expect(arrived).toBeLessThan(6_008);
    await expectAccessible(opened.page);
    await button('Try again').click();
    await dialog().getByRole('alert').getByText('The server does not answer.').waitFor();
    expect(downloads).toEqual([]);
    await proxy.open();
    await button('Try again').click();
    expect(fromNdjson((await saved()).text)).toEqual(stored);
    expect(downloads).toHaveLength(1);
  });

  it('goes to the file that was chosen, once it is complete', async () => {
    await openThroughProxy({ initScript: 'private-save-picker.js' });
    const files = (): Promise<{ name: string; text: string }[]> =>
      runInPage(opened.page, 'private-files.js', {});
    await exportPart();
    expect(await files()).toEqual([{ name: expect.stringMatching(/\.ndjson$/), text: '' }]);
    await proxy.close();
    await dialog().getByText('No file was saved.').waitFor();
    expect(await files()).toEqual([]);
    await proxy.open();
    await button('Try again').click();
    await dialog()
      .getByText(/^Complete: 6,008 entries, .* in logs-.*\.ndjson\.$/)
      .waitFor();
    const [file, ...others] = await files();
    expect(others).toEqual([]);
    expect(fromNdjson(file!.text)).toEqual(stored);
  });

  it('says that the disk is full, and lets the server go', async () => {
    await openDialog('?range=all', { initScript: 'full-disk.js' });
    await button('Export').click();
    await dialog().getByRole('alert').getByText('The disk is full.').waitFor();
    await dialog().getByText('No file was saved.').waitFor();
    expect(await opened.page.evaluate('[cancelled, removed]')).toEqual([1, true]);
  });

  it('copies a command that exports the same', async () => {
    await openDialog(`?range=all&user=${encodeURIComponent(oddTexts[0]!)}`);
    await button('Copy as curl').click();
    const command = await readClipboard(opened);
    const folder = mkdtempSync(join(tmpdir(), 'log-manager-export-'));
    try {
      await promisify(execFile)('sh', ['-c', command], { cwd: folder });
      const [name] = readdirSync(folder);
      const entries = fromNdjson(readFileSync(join(folder, name!), 'utf8'));
      expect(entries).toEqual(stored.filter(({ userId }) => userId === oddTexts[0]));
      expect(entries).toHaveLength(oddTexts.length);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('has the entries of the user that the key is bound to, and no others', async () => {
    const keyed = await startKeyedServer({
      recorder: { scopes: ['record'] },
      reader: { scopes: ['read'], userId: 'ann' },
    });
    try {
      for (const userId of ['ann', 'ben']) {
        const actions = oddTexts.map((type) => ({
          time: new Date().toISOString(),
          type,
          properties: { userId },
        }));
        await keyed.ask('recorder', recordQuery, { input: { userId, sessionId: 's', actions } });
      }
      opened = await openConsole(browser, keyed.url, { initScript: 'no-save-picker.js' });
      await opened.page.getByLabel('Access key').fill(keyed.texts.reader);
      await button('Sign in').click();
      downloads = [];
      opened.page.on('download', (download) => downloads.push(download));
      await button('Export…').click();
      await dialog().getByText('8 entries that match the filter').waitFor();
      await button('Export').click();
      const entries = fromNdjson((await saved()).text);
      expect(new Set(entries.map(({ userId }) => userId))).toEqual(new Set(['ann']));
      expect(entries.map(({ type }) => type).sort()).toEqual([...oddTexts].sort());
      await button('Copy as curl').click();
      const command = await readClipboard(opened);
      expect(command).toContain('$LOG_MANAGER_KEY');
      expect(command).not.toContain(keyed.texts.reader);
    } finally {
      await keyed.stop();
    }
  });
});

function toExported({ time, type, userId, sessionId, properties }: Exported): Exported {
  return { time, type, userId, sessionId, properties };
}

function fromNdjson(text: string): Exported[] {
  expect(text.endsWith('\n')).toBe(true);
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Exported);
}

function fromCsv(text: string): Exported[] {
  const [head, ...rows] = parseCsv(text);
  expect(head).toEqual(['time', 'type', 'userId', 'sessionId', 'properties']);
  return rows.map(([time, ...cells]) => {
    const [type, userId, sessionId] = cells.slice(0, 3).map(undoNeutralising) as [string, string, string];
    return {
      time: time!,
      type,
      userId,
      sessionId,
      properties: JSON.parse(cells[3]!) as Exported['properties'],
    };
  });
}
