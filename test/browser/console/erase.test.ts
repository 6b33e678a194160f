import { afterAll, afterEach, beforeAll, beforeEach, expect, it, jest } from '@jest/globals';
import type { Browser, Locator } from 'playwright-core';
import { keyringIntervals } from '../../../src/logs/access/keyring';
import { createTcpProxy, type TcpProxy } from '../../support/processes/tcp-proxy';
import { startKeyedServer, type KeyedServer } from '../../support/server/keyed-server';
import { waitFor } from '../../support/wait-for';
import { describeBrowser, launchChromium } from '../support/chromium';
import {
  expectAccessible,
  openConsole,
  phone,
  type ConsoleOptions,
  type ConsolePage,
} from './support/open-console';
import { readSessions } from './support/sessions';

const keys = {
  recorder: { scopes: ['record'] },
  reader: { scopes: ['read'] },
  eraser: { scopes: ['read', 'erase'] },
  revoked: { scopes: ['read', 'erase'] },
} as const;
const recordQuery =
  'mutation ($input: RecordSessionInput!) { recordSession(input: $input) { recordedCount } }';
/** An id that is easy to mistype, and what a person might type instead. */
const sessionId = 'Afternoon "of" O\'Neil';
const mistyped = [' ', sessionId.slice(0, -1), sessionId.toLowerCase(), `${sessionId} `, 'ann'];

/** What the browser itself reports of a server that is away, or refuses. */
const isReported = (text: string): boolean => /net::ERR_(CONNECTION|EMPTY_RESPONSE)|status of 401/.test(text);

describeBrowser('erasing from the page', () => {
  let browser: Browser;
  let server: KeyedServer<keyof typeof keys>;
  let proxy: TcpProxy;
  let opened: ConsolePage;
  beforeAll(async () => {
    jest.replaceProperty(keyringIntervals, 'refreshMs', 20);
    browser = await launchChromium();
  });
  beforeEach(async () => {
    server = await startKeyedServer(keys);
    const { hostname, port } = new URL(server.url);
    proxy = await createTcpProxy({ host: hostname, port: Number(port) });
    const time = '2026-01-01T00:00:00Z';
    for (const [userId, id, count] of [
      ['ann', sessionId, 3],
      ['ann', 'other', 2],
      ['ben', sessionId, 1],
    ] as const) {
      const actions = Array.from({ length: count }, () => ({ time, type: 'T', properties: {} }));
      await server.ask('recorder', recordQuery, { input: { userId, sessionId: id, actions } });
    }
  });
  afterEach(async () => {
    await opened?.close();
    await proxy?.close();
    await server?.stop();
    expect(opened.problems.filter((text) => !isReported(text))).toEqual([]);
  });
  afterAll(async () => browser?.close());

  const openSession = async (key: keyof typeof keys, options: ConsoleOptions = {}): Promise<void> => {
    const search = new URLSearchParams({ user: 'ann', session: sessionId });
    opened = await openConsole(browser, `http://127.0.0.1:${proxy.port}/sessions?${search}`, options);
    await opened.page.getByLabel('Access key').fill(server.texts[key]);
    await button('Sign in').click();
    await opened.page.getByRole('list', { name: 'Steps' }).getByRole('listitem').nth(2).waitFor();
  };
  const button = (name: string): Locator => opened.page.getByRole('button', { name, exact: true });
  const dialog = (): Locator => opened.page.getByRole('alertdialog');
  /** Sessions that the API has, with the number of their entries. */
  const stored = async () => {
    const graphql = async (query: string, variables: object) =>
      (await server.ask('reader', query, variables)).body;
    const sessions = await readSessions({ graphql });
    return new Map(sessions.map(({ userId, sessionId: id, entryCount }) => [`${userId}: ${id}`, entryCount]));
  };
  const all = new Map([
    [`ann: ${sessionId}`, 3],
    ['ann: other', 2],
    [`ben: ${sessionId}`, 1],
  ]);
  const without = (...names: string[]) => new Map([...all].filter(([name]) => !names.includes(name)));

  it.each([
    ['light', undefined],
    ['dark', phone],
  ] as const)(
    'counts, wants the id typed, erases the session, and shows the list without it: %s',
    async (theme, viewport) => {
      await openSession('eraser', { theme, ...(viewport && { viewport }) });
      await button('Erase session…').click();
      await dialog().getByText(`3 entries of the session ${sessionId}`).waitFor();
      await expectAccessible(opened.page);
      for (const text of mistyped) {
        await opened.page.keyboard.insertText(text);
        expect(await button('Erase session').isDisabled()).toBe(true);
        await opened.page.keyboard.press('Enter');
        await dialog().getByRole('textbox').fill('');
      }
      expect(await stored()).toEqual(all);
      await dialog().getByRole('textbox').fill(sessionId);
      await button('Erase session').click();
      await dialog().getByText('3 entries erased.').waitFor();
      expect(await stored()).toEqual(without(`ann: ${sessionId}`));
      await button('Show sessions').click();
      const rows = opened.page.getByRole('grid', { name: 'Sessions' }).getByRole('row');
      await opened.page.getByText(/^2 sessions/).waitFor();
      expect(await rows.filter({ hasText: sessionId }).count()).toBe(1);
      expect(await rows.filter({ hasText: 'ann' }).count()).toBe(1);
      await opened.page.goBack();
      await opened.page.getByText('This session has no entries: it was erased, or never recorded.').waitFor();
    },
  );

  it('erases all data of a user, by the keyboard', async () => {
    await openSession('eraser');
    await button('Erase all data of the user…').press('Enter');
    await dialog().getByText('5 entries in all sessions of the user ann').waitFor();
    await opened.page.keyboard.type('ann');
    await opened.page.keyboard.press('Enter');
    await dialog().getByText('5 entries erased.').waitFor();
    expect(await stored()).toEqual(without(`ann: ${sessionId}`, 'ann: other'));
    await opened.page.keyboard.press('Enter');
    await opened.page.getByText(/^1 session\b/).waitFor();
  });

  it('erases nothing when it is cancelled', async () => {
    await openSession('eraser');
    await button('Erase session…').click();
    await dialog().getByText('3 entries').waitFor();
    await opened.page.keyboard.insertText(sessionId);
    await opened.page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'detached' });
    await opened.page.locator('button:focus', { hasText: 'Erase session…' }).waitFor();
    await button('Erase session…').click();
    expect(await dialog().getByRole('textbox').inputValue()).toBe('');
    await button('Cancel').click();
    expect(await stored()).toEqual(all);
  });

  it('says so when the server cannot be reached, and erases when asked again', async () => {
    await openSession('eraser');
    await button('Erase session…').click();
    await dialog().getByText('3 entries').waitFor();
    await dialog().getByRole('textbox').fill(sessionId);
    await proxy.close();
    await button('Erase session').click();
    await dialog().getByRole('alert').getByText('The server does not answer.').waitFor();
    await expectAccessible(opened.page);
    expect(await stored()).toEqual(all);
    await proxy.open();
    // The focus is on the button still.
    await opened.page.keyboard.press('Enter');
    await dialog().getByText('3 entries erased.').waitFor();
    expect(await stored()).toEqual(without(`ann: ${sessionId}`));
  });

  it('says so when the key was revoked meanwhile', async () => {
    await openSession('revoked');
    await button('Erase session…').click();
    await dialog().getByText('3 entries').waitFor();
    await dialog().getByRole('textbox').fill(sessionId);
    await server.store.keys.revoke('revoked', new Date().toISOString());
    await waitFor(async () => (await server.ask('revoked', '{ viewer { name } }')).status === 401);
    await button('Erase session').click();
    await dialog().getByRole('alert').getByText('UNAUTHENTICATED').waitFor();
    expect(await stored()).toEqual(all);
  });

  it('is not offered to a key without the scope', async () => {
    await openSession('reader');
    await button('reader').waitFor();
    expect(await opened.page.getByRole('button', { name: /erase/i }).count()).toBe(0);
    await opened.page.getByRole('link', { name: 'ann', exact: true }).click();
    await opened.page.getByText(/^2 sessions/).waitFor();
    expect(await opened.page.getByRole('button', { name: /erase/i }).count()).toBe(0);
  });
});
