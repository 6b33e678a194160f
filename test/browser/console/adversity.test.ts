import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import type { Browser, Page, Route } from 'playwright-core';
import { startServer, type TestServer } from '../../support/server/server';
import { describeBrowser, launchChromium } from '../support/chromium';
import { openConsole, type ConsolePage } from './support/open-console';

/** Of a browser: the root's types are those of Node. */
interface Storage {
  setItem(name: string, value: string): void;
}

const record = `mutation ($input: RecordSessionInput!) { recordSession(input: $input) { recordedCount } }`;

/** Replaces a getter of `window`, as a browser does that refuses storage. */
const refuseStorage = (): void => {
  for (const name of ['localStorage', 'sessionStorage']) {
    Object.defineProperty(globalThis, name, {
      get() {
        throw new DOMException('Access is denied for this document.', 'SecurityError');
      },
    });
  }
};

describeBrowser('the console under adverse conditions', () => {
  let browser: Browser;
  let server: TestServer;
  let opened: ConsolePage;
  beforeAll(async () => {
    [browser, server] = await Promise.all([launchChromium(), startServer()]);
    const time = new Date().toISOString();
    for (const type of ['constructor', '__proto__', 'CLICK']) {
      const input = { userId: ' padded ', sessionId: type, actions: [{ time, type, properties: { type } }] };
      await server.graphql(record, { input });
    }
  });
  afterEach(async () => opened?.close());
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  const open = async (path = '/'): Promise<Page> => {
    opened = await openConsole(browser, server.url + path);
    return opened.page;
  };
  /** Loads the page again after a change to the browser. */
  const openAfter = async (change: () => void, path = '/'): Promise<Page> => {
    opened = await openConsole(browser, `${server.url}/livez`);
    await opened.context.addInitScript(change);
    await opened.page.goto(server.url + path);
    return opened.page;
  };

  it.each(['/', '/sessions', '/graphiql'])('shows %s to a browser that refuses storage', async (path) => {
    const page = await openAfter(refuseStorage, path);
    await page
      .getByText('CLICK')
      .or(page.getByText('padded'))
      .or(page.getByText('RecordSession'))
      .first()
      .waitFor();
    expect(opened.problems.filter((text) => text.startsWith('uncaught'))).toEqual([]);
  });

  it.each([
    'null',
    '[]',
    '{',
    '{"timeZone":"Mars/Phobos","theme":"pink"}',
    '{"at":9e15,"slots":{"CLICK":"x"}}',
  ])('ignores %s in the storage of the browser', async (value) => {
    opened = await openConsole(browser, `${server.url}/livez`);
    await opened.context.addInitScript((text) => {
      const { localStorage } = globalThis as unknown as { localStorage: Storage };
      localStorage.setItem('log-manager-preferences', text);
      localStorage.setItem('log-manager-type-slots', text);
    }, value);
    await opened.page.goto(server.url);
    await opened.page.getByText('3 entries', { exact: true }).first().waitFor();
    await opened.page.getByText('Europe/Vienna').first().waitFor();
    expect(opened.problems).toEqual([]);
  });

  it('gives types with the names of built-in properties a mark', async () => {
    const page = await open();
    const row = page.getByRole('row').filter({ hasText: /constructor|__proto__/ });
    await row.first().waitFor();
    expect(await row.locator('svg.type-mark > *').count()).toBe(2);
    const fills = await row
      .locator('svg.type-mark')
      .evaluateAll((marks) => marks.map((mark) => mark.outerHTML));
    expect(fills.join()).not.toMatch(/NaN/);
  });

  it.each(['/assets/*details*', '/assets/*sessions-page*'])(
    'says what to do when %s is missing, as after an upgrade of the server',
    async (files) => {
      const page = await open();
      await page.getByText('CLICK').first().waitFor();
      await page.route(`**${files}`, (route) => route.fulfill({ status: 404, body: '' }));
      if (files.includes('sessions')) await page.getByRole('link', { name: 'Sessions', exact: true }).click();
      else await page.getByRole('gridcell', { name: 'CLICK' }).first().click();
      await page.getByText('This part of the page could not be shown.').waitFor();
      await page.unrouteAll();
      await page.getByRole('button', { name: 'Load the page again' }).click();
      await page.getByText('padded').first().waitFor();
    },
  );

  it.each(['null', '{"data":null}', '{"message":"denied"}', '[]'])(
    'names an answer %s of a proxy as one without data',
    async (body) => {
      opened = await openConsole(browser, `${server.url}/livez`);
      const { page } = opened;
      const answer = (route: Route) => route.fulfill({ status: 403, contentType: 'application/json', body });
      await page.route('**/graphql', answer);
      await page.goto(server.url);
      await page.getByText('The answer has no data (HTTP status 403).').first().waitFor();
      await page.getByText('Counting…').waitFor({ state: 'hidden' });
      expect(await page.getByText(/Cannot read|undefined/).count()).toBe(0);
    },
  );

  it('keeps the id of a user that begins and ends with a space when one leaves its field', async () => {
    const page = await open(`/?user=+padded+&range=all`);
    await page.getByText('3 entries', { exact: true }).first().waitFor();
    await page.getByLabel('User').first().focus();
    await page.keyboard.press('Tab');
    expect(new URL(page.url()).searchParams.get('user')).toBe(' padded ');
    await page.goto(`${server.url}/sessions?user=+padded+`);
    await page.getByText('3 sessions').waitFor();
    await page.getByLabel('User').first().focus();
    await page.keyboard.press('Tab');
    expect(new URL(page.url()).searchParams.get('user')).toBe(' padded ');
  });

  it('says that the browser did not copy a value', async () => {
    const page = await openAfter(() => {
      Object.defineProperty((globalThis as unknown as { navigator: object }).navigator, 'clipboard', {
        value: { writeText: () => Promise.reject(new Error('denied')) },
      });
    });
    await page.getByRole('gridcell', { name: 'CLICK' }).first().click();
    await page.getByRole('region', { name: 'Properties' }).getByRole('button').last().click();
    await page.getByRole('menuitem', { name: 'Copy value' }).click();
    await page.getByText('The browser did not copy.').waitFor();
    expect(opened.problems).toEqual([]);
  });

  it.each(['{}', 'true', '[{"message":{}}]'])('says that errors %s have no message', async (errors) => {
    opened = await openConsole(browser, `${server.url}/livez`);
    const { page } = opened;
    const body = `{"errors":${errors}}`;
    await page.route('**/graphql', (route) => route.fulfill({ contentType: 'application/json', body }));
    await page.goto(server.url);
    await page.getByText('The server sent no message.').first().waitFor();
  });

  it('goes on by itself after a proxy had no server behind it', async () => {
    opened = await openConsole(browser, `${server.url}/livez`);
    const { page } = opened;
    const answer = (route: Route) =>
      route.fulfill({ status: 502, contentType: 'text/html', body: '<html>Bad gateway</html>' });
    await page.route('**/graphql', answer);
    await page.route('**/livez', answer);
    await page.goto(server.url);
    await page.getByRole('alert').getByText('The server does not answer.').waitFor();
    await page.unrouteAll();
    await page.getByText('3 entries', { exact: true }).first().waitFor();
    await page.getByRole('alert').waitFor({ state: 'detached' });
  });

  it('asks a proxy that limits rates again when it says so, and shows a long wait at once', async () => {
    opened = await openConsole(browser, `${server.url}/livez`);
    const { page } = opened;
    let isLimited = true;
    const answer = (retryAfter: string) => (route: Route) =>
      isLimited
        ? route.fulfill({ status: 429, headers: { 'retry-after': retryAfter }, body: 'Too many requests' })
        : route.continue();
    await page.route('**/graphql', answer('3600'));
    await page.goto(server.url);
    await page.getByText('The answer is not JSON (HTTP status 429).').first().waitFor();
    await page.unrouteAll();
    await page.route('**/graphql', answer('1'));
    await page.goto(server.url);
    await page.getByText('Counting…').waitFor();
    isLimited = false;
    await page.getByText('3 entries', { exact: true }).first().waitFor();
  });

  it('says that a server which sends nothing is away, and waits for one that is slow', async () => {
    opened = await openConsole(browser, `${server.url}/livez`);
    const { page } = opened;
    await page.clock.install();
    await page.route('**/graphql', () => {});
    await page.goto(server.url);
    await page.getByText('Counting…').waitFor();
    await page.clock.fastForward(20_000);
    await page.waitForTimeout(500);
    expect(await page.getByRole('alert').count()).toBe(0);
    await page.route('**/livez', (route) => route.abort());
    await page.clock.fastForward(20_000);
    await page.getByRole('alert').getByText('The server does not answer').waitFor();
    await page.unrouteAll();
    await page.clock.resume();
    await page.clock.fastForward(5_000);
    await page.getByText('3 entries', { exact: true }).first().waitFor();
  });

  it('shows a session that is erased and recorded anew without what it was', async () => {
    const recordSteps = async (types: readonly string[]): Promise<void> => {
      const actions = types.map((type) => ({ time: new Date().toISOString(), type }));
      await server.graphql(record, { input: { userId: 'again', sessionId: 'same', actions } });
    };
    await recordSteps(['OLD', 'OLD']);
    opened = await openConsole(browser, `${server.url}/livez`);
    const { page } = opened;
    await page.clock.install();
    await page.goto(`${server.url}/sessions?user=again&session=same`);
    const steps = page.getByRole('list', { name: 'Steps' });
    await steps.getByText('OLD').first().waitFor();
    await server.graphql(`mutation { deleteSession(userId: "again", sessionId: "same") { deletedCount } }`);
    await page.clock.fastForward(11_000);
    await page.getByText('This session has no entries').waitFor();
    await page.getByRole('complementary').getByText('2 entries').waitFor({ state: 'detached' });
    await recordSteps(['NEW']);
    await page.clock.fastForward(11_000);
    await steps.getByText('NEW').waitFor();
    await page.locator('.overview').getByText('NEW').waitFor();
    expect(await page.getByText('OLD', { exact: true }).count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Show', exact: true }).count()).toBe(0);
    await server.graphql(`mutation { deleteUserData(userId: "again") { deletedCount } }`);
  });
});
