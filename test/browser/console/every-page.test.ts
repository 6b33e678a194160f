import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { startKeyedServer, type KeyedServer } from '../../support/server/keyed-server';
import { startServer, type TestServer } from '../../support/server/server';
import { describeBrowser, launchChromium, runInPage } from '../support/chromium';
import { expectAccessible, openConsole, phone, type ConsolePage } from './support/open-console';
import { startRecordedServer } from './support/recorded-server';

/** What a reader sees, and how to get there from the path. */
interface View {
  readonly server?: 'empty' | 'keyed';
  readonly path: string;
  /** Ends when the view is whole. */
  readonly show: (page: Page) => Promise<unknown>;
}

const user = '75.97.9.59';
const click = (page: Page, name: string | RegExp) =>
  page.getByRole('button', { name, exact: true }).first().click();
const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { name }).first().waitFor();
const dialog = (page: Page, name: string | RegExp) => page.getByRole('dialog', { name }).waitFor();
const rows = (page: Page) => page.locator('[role="row"][data-id]').nth(5).waitFor();
const drawn = async (page: Page) => {
  await rows(page);
  await page.locator('.u-over').waitFor();
  await page.getByRole('region', { name: 'Entries over time' }).getByText('6,000 entries').waitFor();
};
const openSession = async (page: Page) => {
  await page.locator('[role="row"] a, [role="row"] button').first().waitFor();
  await page.getByRole('row').nth(1).click();
  await page.waitForURL(/session=/);
  await heading(page, /./);
};

const views: Readonly<Record<string, View>> = {
  Explore: { path: '/?range=all', show: drawn },
  'Explore without a match': { path: '/', show: (page) => heading(page, 'No entries match') },
  'the details of an entry': {
    path: '/?range=all',
    show: async (page) => {
      await drawn(page);
      await page.locator('[role="row"][data-id]').nth(3).click();
      await page.getByRole('button', { name: /Copy/ }).first().waitFor();
    },
  },
  'the panel of times': {
    path: '/?range=all',
    show: async (page) => {
      await drawn(page);
      await click(page, /^All time/);
      await dialog(page, 'Time');
    },
  },
  'the panel of types': {
    path: '/?range=all',
    show: async (page) => {
      await drawn(page);
      await click(page, /^All types/);
      await dialog(page, 'Types');
    },
  },
  'the panel of properties': {
    path: '/?range=all',
    show: async (page) => {
      await drawn(page);
      await click(page, 'Property');
      await dialog(page, 'Filter by a property');
    },
  },
  'the export': {
    path: '/?range=all',
    show: async (page) => {
      await drawn(page);
      await click(page, /^Export/);
      await dialog(page, /Export/);
    },
  },
  'live entries': {
    path: '/?live=1',
    show: (page) => page.getByRole('status').getByText('Live', { exact: true }).waitFor(),
  },
  'the list of sessions': {
    path: '/sessions?range=all',
    show: (page) => page.getByRole('row').nth(5).waitFor(),
  },
  'one session': { path: `/sessions?range=all&user=${user}`, show: openSession },
  'one session, loaded again': {
    path: `/sessions?user=${user}&session=${encodeURIComponent(`${user}@20150517T130510Z`)}`,
    show: (page) => page.getByRole('region', { name: 'Overview' }).getByText('GET').waitFor(),
  },
  'the dialog that erases': {
    path: `/sessions?range=all&user=${user}`,
    show: async (page) => {
      await openSession(page);
      await click(page, 'Erase all data of the user…');
      await page.getByRole('alertdialog').or(page.getByRole('dialog')).getByText('273').first().waitFor();
    },
  },
  GraphiQL: {
    path: '/graphiql',
    show: (page) => page.getByRole('button', { name: /Execute query/ }).waitFor(),
  },
  'the documentation in GraphiQL': {
    path: '/graphiql',
    show: async (page) => {
      await click(page, /Documentation Explorer/);
      await page.getByText('Root Types').waitFor();
    },
  },
  'signing in': { server: 'keyed', path: '/', show: (page) => heading(page, 'Sign in') },
  'the first minute': { server: 'empty', path: '/', show: (page) => heading(page, 'No entries yet') },
};

const looks = [
  ['light', undefined],
  ['dark', undefined],
  ['light', phone],
  ['dark', phone],
] as const;

describeBrowser('every page of the console', () => {
  let browser: Browser;
  let servers: { recorded: TestServer; empty: TestServer; keyed: KeyedServer<'app'> };
  let opened: ConsolePage | undefined;
  beforeAll(async () => {
    const keys = { app: { scopes: ['read'] } } as const;
    const [recorded, empty, keyed] = await Promise.all([
      startRecordedServer(),
      startServer(),
      startKeyedServer(keys),
    ]);
    servers = { recorded, empty, keyed };
    browser = await launchChromium();
  });
  afterEach(async () => {
    await opened?.close();
    opened = undefined;
  });
  afterAll(async () => {
    await browser?.close();
    await Promise.all(Object.values(servers ?? {}).map((server) => server.stop()));
  });

  describe.each(looks)('%s, %j', (theme, viewport) => {
    it.each(Object.keys(views))('%s', async (name) => {
      const { server = 'recorded', path, show } = views[name]!;
      opened = await openConsole(browser, servers[server].url + path, {
        theme,
        ...(viewport && { viewport }),
      });
      const { page, problems } = opened;
      await show(page);
      await expectAccessible(page);
      expect(await runInPage<number>(page, 'layout-shift.js', {})).toBeLessThan(0.02);
      const [content, window] = await page.evaluate<[number, number]>(
        '[document.documentElement.scrollWidth, innerWidth]',
      );
      expect(content).toBeLessThanOrEqual(window);
      if (viewport && path !== '/graphiql') {
        expect(await runInPage<string[]>(page, 'small-targets.js', { size: 32 })).toEqual([]);
      }
      // The browser itself reports each answer with an error status on its console.
      const own = problems.filter((text) => server !== 'keyed' || !text.includes('status of 401'));
      expect(own).toEqual([]);
    });
  });
});
