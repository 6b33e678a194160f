import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Browser, Locator } from 'playwright-core';
import { canonical } from '../../support/server/doors';
import type { TestServer } from '../../support/server/server';
import { waitFor } from '../../support/wait-for';
import { describeBrowser, launchChromium } from '../support/chromium';
import { filterOfAddress } from './support/address';
import {
  expectAccessible,
  openConsole,
  phone,
  readClipboard,
  type ConsoleOptions,
  type ConsolePage,
} from './support/open-console';
import { readEntries, startRecordedServer, type ApiEntry } from './support/recorded-server';

const recordQuery =
  'mutation ($input: RecordSessionInput!) { recordSession(input: $input) { recordedCount } }';
const oddText = `it's "$HOME" \`id\` \\n 50% é😀\u2028`;
const properties = {
  nested: { deep: { deeper: { deepest: 'end' } }, total: 12.5 },
  list: [1, { inList: 'item' }, []],
  long: 'x'.repeat(5_000),
  large: 9_007_199_254_740_991,
  small: 1e-7,
  beyond: '9007199254740993',
  'a.b': 'dotted',
  '': 'without a name',
  ['__proto__']: { polluted: true },
  nothing: null,
  blank: '',
  text: oddText,
};
/** What the tree shows of them at first, in its order. */
const lines = [
  'nested: 2 properties',
  'deep: 1 property',
  'deeper: 1 property',
  'total: 12.5',
  'list: 3 items',
  '0: 1',
  '1: 1 property',
  'inList: item',
  '2: []',
  `long: ${properties.long}`,
  'large: 9007199254740991',
  'small: 1e-7',
  'beyond: 9007199254740993',
  'a.b: dotted',
  '"": without a name',
  '__proto__: 1 property',
  'polluted: true',
  'nothing: null',
  'blank: ""',
  `text: ${oddText}`,
];

/** Keys, what they offer, the condition that it is, and the number of entries that match. */
const offers = [
  ['a.b', 'Only this value', { path: ['a.b'], is: { equals: 'dotted' } }, 1],
  ['""', 'Only this value', { path: [''], is: { equals: 'without a name' } }, 1],
  ['large', 'Only this value', { path: ['large'], is: { equals: 9_007_199_254_740_991 } }, 2],
  ['small', 'This or less', { path: ['small'], is: { lte: 1e-7 } }, 2],
  ['text', 'Only this value', { path: ['text'], is: { equals: oddText } }, 1],
  ['total', 'With this property', { path: ['nested', 'total'], is: { exists: true } }, 1],
  ['polluted', 'Only this value', { path: ['__proto__', 'polluted'], is: { equals: true } }, 2],
  ['nothing', 'Only null', { path: ['nothing'], is: { isNull: true } }, 2],
  ['a.b', 'Without this property', { path: ['a.b'], is: { exists: false } }, 6_000],
] as const;

describeBrowser('the details of an entry', () => {
  let browser: Browser;
  let server: TestServer;
  let entries: ApiEntry[];
  let odd: ApiEntry;
  let opened: ConsolePage;
  beforeAll(async () => {
    [browser, server] = await Promise.all([launchChromium(), startRecordedServer()]);
    const time = '2015-05-19T12:06:00.123456Z';
    const actions = [
      { time, type: oddText, properties },
      {
        time,
        type: 'OTHER',
        properties: { ...properties, 'a.b': 'other', '': 0, nested: {}, text: 1, a: { b: 'dotted' } },
      },
    ];
    const recorded = await server.graphql(recordQuery, {
      input: { userId: oddText, sessionId: oddText, actions },
    });
    expect(recorded.data.recordSession.recordedCount).toBe(2);
    entries = await readEntries(server);
    odd = entries.find(({ type }) => type === oddText)!;
  });
  afterEach(async () => {
    await opened?.close();
    expect(opened.problems).toEqual([]);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  const open = async (options: ConsoleOptions = {}, search = '?range=all'): Promise<void> => {
    opened = await openConsole(browser, `${server.url}/${search}`, { timeZone: 'UTC', ...options });
    await grid().waitFor();
  };
  const openOdd = async (options: ConsoleOptions = {}): Promise<void> => {
    await open(options);
    await row(odd).click();
    await pane().getByRole('region', { name: 'Properties' }).waitFor();
  };
  const grid = (): Locator => opened.page.getByRole('grid', { name: 'Entries, newest first' });
  const row = ({ id }: ApiEntry): Locator => grid().locator(`[role="row"][data-id="${id}"]`);
  /** Beside the entries, or on a phone over them. */
  const pane = (): Locator =>
    opened.page
      .getByRole('complementary', { name: 'Details of an entry' })
      .or(opened.page.getByRole('dialog', { name: 'Details of an entry' }));
  const button = (name: string): Locator => pane().getByRole('button', { name, exact: true });
  /** Waits until the pane shows an entry, the row of it is marked, and the address names it. */
  const expectOpen = async ({ id, time }: ApiEntry): Promise<void> => {
    await pane().locator('.details-field', { hasText: /^Id/ }).getByText(id, { exact: true }).waitFor();
    await grid().locator(`[aria-selected="true"][data-id="${id}"]`).waitFor();
    const search = await opened.page.evaluate<string>('location.search');
    expect(new URLSearchParams(search).get('entry')).toBe(`${time},${id}`);
  };
  const expectClosed = async (): Promise<void> => {
    await pane().waitFor({ state: 'detached' });
    await waitFor(async () => !(await opened.page.evaluate<string>('location.search')).includes('entry='));
  };
  /** Chooses what a property offers. */
  const choose = async (key: string, offer: string) => {
    await button(`Filter or copy ${key}`).click();
    await opened.page.getByRole('menuitem', { name: offer, exact: true }).click();
  };
  /** Expects a filter in the address and in the table what the API gives for it, and returns their number. */
  const expectFilter = async (filter: object): Promise<number> => {
    expect(await filterOfAddress(opened.page)).toEqual(filter);
    const expected = await readEntries(server, filter);
    const count = expected.length === 1 ? '1 entry' : `${expected.length.toLocaleString('en-US')} entries`;
    await opened.page
      .getByRole('region', { name: 'Entries over time' })
      .getByText(count, { exact: true })
      .first()
      .waitFor();
    await grid().locator(`[aria-rowindex="2"][data-id="${expected[0]!.id}"]`).waitFor();
    const ids = await grid()
      .locator('[data-id]')
      .evaluateAll((rows) => rows.map((item) => item.getAttribute('data-id')));
    expect(ids).toEqual(expected.slice(0, ids.length).map(({ id }) => id));
    expect(ids.length).toBeGreaterThan(0);
    return expected.length;
  };

  it.each(['light', 'dark'] as const)(
    'show every property as a tree that opens and closes, %s',
    async (theme) => {
      await openOdd({ theme });
      await expectOpen(odd);
      const shown = () => pane().locator('.details-leaf > :first-child').allTextContents();
      expect([...(await shown())].sort()).toEqual([...lines].sort());
      await expectAccessible(opened.page);
      const deeper = pane().getByRole('button', { name: 'deeper: 1 property' });
      expect(await deeper.getAttribute('aria-expanded')).toBe('false');
      await deeper.press('Enter');
      await pane().getByText('deepest: end').waitFor();
      await pane().getByRole('button', { name: 'nested: 2 properties' }).press('Space');
      await pane().getByText('deepest: end').waitFor({ state: 'detached' });
      expect([...(await shown())].sort()).toEqual(
        lines.filter((line) => !/^(deep|deeper|total): /.test(line)).sort(),
      );
    },
  );

  it('open, move and close by the keyboard, and stay open when the page is loaded again', async () => {
    await open();
    const at = 40;
    await row(entries[0]!).waitFor();
    await grid().focus();
    for (let n = 0; n < at; n++) await opened.page.keyboard.press('ArrowDown');
    await opened.page.keyboard.press('Enter');
    await expectOpen(entries[at]!);
    await opened.page.keyboard.press('ArrowDown');
    await expectOpen(entries[at + 1]!);
    await opened.page.keyboard.press('ArrowUp');
    await expectOpen(entries[at]!);
    await opened.page.reload();
    await expectOpen(entries[at]!);
    await button('Older entry').press('Enter');
    await expectOpen(entries[at + 1]!);
    await button('Newer entry').press('Enter');
    await button('Newer entry').press('Enter');
    await expectOpen(entries[at - 1]!);
    await opened.page.keyboard.press('Escape');
    await expectClosed();
    await opened.page.goForward();
    await expectOpen(entries[at - 1]!);
    await opened.page.goBack();
    await expectClosed();
  });

  it('come from the address alone, with the rows around the entry', async () => {
    const entry = entries[3_000]!;
    await open({}, `?range=all&entry=${entry.time},${entry.id}`);
    await expectOpen(entry);
    await button('Older entry').click();
    await expectOpen(entries[3_001]!);
    await button('Close details').click();
    await expectClosed();
  });

  it('say that an entry is not stored any more', async () => {
    await open({}, `?range=all&entry=${odd.time},999999999`);
    await pane().getByText('This entry is not stored').waitFor();
    await button('Close details').click();
    await expectClosed();
  });

  it('filter by a property', async () => {
    const startTime = '2015-05-01T00:00:00Z';
    await open({}, `?from=${startTime}`);
    await row(odd).click();
    for (const [key, offer, condition, count] of offers) {
      await choose(key, offer);
      expect(await expectFilter({ startTime, properties: [condition] })).toBe(count);
      await opened.page.goBack();
      await waitFor(async () => !('properties' in (await filterOfAddress(opened.page))));
    }
  });

  it('filter by type, user and session', async () => {
    await openOdd();
    await button('Only this type').click();
    await expectFilter({ types: [oddText] });
    await button('Only this session').click();
    await expectFilter({ types: [oddText], userIds: [oddText], sessionIds: [oddText] });
    await opened.page.goBack();
    await opened.page.goBack();
    await row(entries[0]!).waitFor();
    await button('Only this user').click();
    await expectFilter({ userIds: [oddText] });
  });

  it('copy as JSON, GraphQL and curl what the API gives and takes', async () => {
    await openOdd();
    await button('JSON').click();
    await button('Copied').waitFor();
    const { data } = await server.graphql(
      'query ($filter: LogFilter) { logsConnection(filter: $filter) { nodes { id time type properties userId sessionId receivedAt } } }',
      { filter: { types: [oddText] } },
    );
    const [stored] = data.logsConnection.nodes;
    expect(canonical(JSON.parse(await readClipboard(opened)))).toBe(canonical(stored));
    await button('GraphQL').click();
    await waitFor(async () => (await readClipboard(opened)).startsWith('query'));
    const byGraphql = await server.graphql(await readClipboard(opened));
    expect(canonical(byGraphql.data.logsConnection.nodes)).toBe(canonical([stored]));
    await button('curl').click();
    await waitFor(async () => (await readClipboard(opened)).startsWith('curl'));
    const { stdout } = await promisify(execFile)('sh', ['-c', await readClipboard(opened)]);
    expect(canonical((JSON.parse(stdout) as typeof byGraphql).data.logsConnection.nodes)).toBe(
      canonical([stored]),
    );
    await choose('text', 'Copy value');
    await waitFor(async () => (await readClipboard(opened)).startsWith('it'));
    expect(await readClipboard(opened)).toBe(oddText);
  });

  it.each(['light', 'dark'] as const)('cover a phone, on which Back closes them, %s', async (theme) => {
    await open({ viewport: phone, theme });
    await row(odd).click();
    await pane().getByRole('region', { name: 'Properties' }).waitFor();
    await expectAccessible(opened.page);
    const box = (await pane().boundingBox())!;
    expect(box.width).toBe(phone.width);
    expect(await opened.page.evaluate<number>('document.documentElement.scrollWidth')).toBe(phone.width);
    await opened.page.goBack();
    await expectClosed();
    await row(odd).click();
    await button('Close details').click();
    await expectClosed();
  });
});
