import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import type { Browser, Locator } from 'playwright-core';
import type { TestServer } from '../../support/server/server';
import { waitFor } from '../../support/wait-for';
import { describeBrowser, launchChromium, runInPage } from '../support/chromium';
import {
  expectAccessible,
  openConsole,
  phone,
  type ConsoleOptions,
  type ConsolePage,
} from './support/open-console';
import { readEntries, startRecordedServer, type ApiEntry } from './support/recorded-server';
import { readSessions, type ApiSession } from './support/sessions';

/** More than the page of steps that is read at a time. */
const stepCount = 450;
/** Times of steps with pauses between some of them: a pause is longer than 30 s. */
const pausedSeconds = [0, 5, 5, 100, 130, 4_000, 4_031, 20_000];
const pauses = ['1 min 35 s', '1 h 5 min', '31 s', '4 h 26 min'];
const recordQuery =
  'mutation ($input: RecordSessionInput!) { recordSession(input: $input) { recordedCount } }';
const tall = { width: 1_280, height: 2_400 };

describeBrowser('the page Sessions', () => {
  let browser: Browser;
  let server: TestServer;
  let sessions: ApiSession[];
  let opened: ConsolePage;
  beforeAll(async () => {
    [browser, server] = await Promise.all([launchChromium(), startRecordedServer()]);
    const actions = Array.from({ length: stepCount }, (_, n) => ({
      time: new Date(Date.UTC(2015, 4, 1) + (n - (n % 3)) * 1_000).toISOString(),
      type: n % 7 === 0 ? 'OPEN' : 'STEP',
      properties: { n },
    }));
    await server.graphql(recordQuery, { input: { userId: 'long', sessionId: 'long', actions } });
    const paused = pausedSeconds.map((s) => ({ time: new Date(s * 1_000).toISOString(), type: 'T' }));
    await server.graphql(recordQuery, { input: { userId: 'paused', sessionId: 'paused', actions: paused } });
    sessions = await readSessions(server);
  });
  afterEach(async () => {
    await opened?.close();
    expect(opened.problems).toEqual([]);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  const open = async (search = '', options: ConsoleOptions = {}): Promise<void> => {
    opened = await openConsole(browser, `${server.url}/sessions${search}`, { timeZone: 'UTC', ...options });
  };
  const openSession = async (
    { userId, sessionId }: Pick<ApiSession, 'userId' | 'sessionId'>,
    options?: ConsoleOptions,
  ) => {
    await open(`?${new URLSearchParams({ user: userId, session: sessionId })}`, options);
    const entries = await readEntries(server, { userIds: [userId], sessionIds: [sessionId] }, 'TIME_ASC');
    await step(entries[0]!).waitFor();
    return entries;
  };
  const grid = (): Locator => opened.page.getByRole('grid', { name: 'Sessions' });
  const row = ({ id }: ApiSession): Locator => grid().locator(`[role="row"][data-id="${id}"]`);
  const steps = (): Locator => opened.page.getByRole('list', { name: 'Steps' });
  const step = ({ id }: Pick<ApiEntry, 'id'>): Locator =>
    steps().locator(`[role="listitem"][data-id="${id}"]`);
  const button = (name: string): Locator => opened.page.getByRole('button', { name, exact: true });
  const link = (name: string): Locator => opened.page.getByRole('link', { name, exact: true });
  const addressOf = () => opened.page.evaluate<string>('location.search');
  const readAll = (scroller: string, item: string): Promise<string[]> =>
    runInPage(opened.page, 'scroll-through.js', {
      scroller,
      row: item,
      attribute: 'data-id',
      more: '[aria-rowcount="-1"], [aria-setsize="-1"]',
    });
  const readList = () => readAll('.sessions-scroller', '.sessions-body > *');
  const readSteps = () => readAll('.session-main', '[role="listitem"]');
  const yOf = async (session: ApiSession) => (await row(session).boundingBox())?.y;
  /** Waits until the list shows what the API gives for a filter. */
  const expectAsApi = async (filter: object): Promise<void> => {
    const expected = await readSessions(server, filter);
    await row(expected[0]!).and(grid().locator('[aria-rowindex="2"]')).waitFor();
    await opened.page.evaluate("document.querySelector('.sessions-scroller').scrollTop = 0");
    expect(await readList()).toEqual(expected.map(({ id }) => id));
    const count = `${expected.length.toLocaleString('en-US')} session${expected.length === 1 ? '' : 's'}`;
    await opened.page.getByRole('status').getByText(count, { exact: true }).waitFor();
  };

  it('shows each of 1,937 sessions once, newest first, to one who scrolls', async () => {
    await open('', { viewport: tall });
    await row(sessions[0]!).waitFor();
    const { startedAt, entryCount, userId, sessionId } = sessions[0]!;
    const cells = await row(sessions[0]!).getByRole('gridcell').allTextContents();
    expect(cells[0]).toBe(startedAt.slice(0, 19).replace('T', ' '));
    expect(cells.slice(2)).toEqual([
      `${entryCount} ${entryCount === 1 ? 'entry' : 'entries'}`,
      userId,
      sessionId,
    ]);
    expect(await readList()).toEqual(sessions.map(({ id }) => id));
    expect(sessions).toHaveLength(1_937);
    await opened.page.getByRole('status').getByText('1,937 sessions', { exact: true }).waitFor();
  });

  it('keeps the place when one comes back from a session, however long that took', async () => {
    await open();
    await row(sessions[0]!).waitFor();
    await opened.page.mouse.move(640, 500);
    while (!(await row(sessions[635]!).isVisible())) {
      await opened.page.mouse.wheel(0, 1_500);
      await opened.page.waitForTimeout(20);
    }
    await row(sessions[635]!).scrollIntoViewIfNeeded();
    let y: number | undefined;
    // The wheel scrolls smoothly.
    await waitFor(async () => {
      const before = y;
      await opened.page.waitForTimeout(100);
      y = await yOf(sessions[635]!);
      return y === before;
    });
    await opened.page.clock.install();
    await row(sessions[635]!).click();
    const { userId, sessionId } = sessions[635]!;
    await opened.page.getByRole('heading', { name: `Session ${sessionId}` }).waitFor();
    expect(new URLSearchParams(await addressOf()).get('user')).toBe(userId);
    await opened.page.clock.fastForward('20:00');
    await opened.page.goBack();
    await row(sessions[635]!).waitFor();
    await waitFor(async () => (await yOf(sessions[635]!)) === y);
  });

  it('selects by user and by the time that sessions began', async () => {
    await open('', { viewport: tall });
    await row(sessions[0]!).waitFor();
    const user = opened.page.getByRole('textbox', { name: 'User' });
    await user.fill('66.249.73.135');
    await user.press('Enter');
    await expectAsApi({ userIds: ['66.249.73.135'] });
    await opened.page.getByRole('button', { name: /UTC/ }).click();
    await opened.page.getByLabel('From', { exact: true }).fill('2015-05-18');
    await opened.page.getByLabel('To', { exact: true }).fill('2015-05-18 06:00');
    await opened.page.keyboard.press('Enter');
    await opened.page.waitForURL(/from=.*to=/);
    const times = { startTime: '2015-05-18T00:00:00.000Z', endTime: '2015-05-18T06:00:00.000Z' };
    await expectAsApi({ userIds: ['66.249.73.135'], ...times });
    await opened.page.reload();
    await expectAsApi({ userIds: ['66.249.73.135'], ...times });
    await user.fill('');
    await user.press('Enter');
    await expectAsApi(times);
    await opened.page.goBack();
    await expectAsApi({ userIds: ['66.249.73.135'], ...times });
  });

  it('has the entries of a session as steps, in the order of the API', async () => {
    const entries = await openSession({ userId: 'long', sessionId: 'long' });
    expect(await readSteps()).toEqual(entries.map(({ id }) => id));
    expect(entries).toHaveLength(stepCount);
    await opened.page.getByRole('slider', { name: 'Time in the session' }).focus();
    await opened.page.keyboard.press('Home');
    await step(entries[0]!).waitFor();
    await button('OPEN 65').click();
    const ids = entries.filter(({ type }) => type === 'OPEN').map(({ id }) => id);
    await opened.page.getByRole('heading', { name: '65 steps' }).waitFor();
    await opened.page.getByText('only OPEN', { exact: true }).waitFor();
    expect(await readSteps()).toEqual(ids);
  });

  it('goes to a time of a long session that is not read yet, and back', async () => {
    const entries = await openSession({ userId: 'long', sessionId: 'long' });
    await opened.page.getByRole('slider', { name: 'Time in the session' }).focus();
    await opened.page.keyboard.press('End');
    await step(entries.at(-1)!).waitFor();
    await opened.page.keyboard.press('Home');
    await step(entries[0]!).waitFor();
    expect(await readSteps()).toEqual(entries.map(({ id }) => id));
  });

  it('folds pauses, or draws them to scale', async () => {
    const entries = await openSession({ userId: 'paused', sessionId: 'paused' }, { viewport: tall });
    const shown = await steps().locator('.pause').allTextContents();
    expect(shown).toEqual(pauses.map((text) => `${text} pause`));
    await opened.page.getByRole('radio', { name: 'To scale' }).click();
    await opened.page.waitForURL(/pauses=scale/);
    await steps().locator('.step-gap').nth(5).waitFor({ state: 'attached' });
    const heights = await steps()
      .getByRole('listitem')
      .evaluateAll((items) =>
        items.map((item) => item.querySelector('.step-gap')?.getBoundingClientRect().height ?? 0),
      );
    expect(heights.length).toBeGreaterThan(5);
    // 12,000 pixels for the whole session.
    const gaps = pausedSeconds.map((s, at) => s - (pausedSeconds[at - 1] ?? 0));
    expect(heights).toEqual(gaps.slice(0, heights.length).map((s) => Math.round(s * 0.6)));
    await opened.page.reload();
    await step(entries[0]!).waitFor();
    expect(await opened.page.getByRole('radio', { name: 'To scale' }).getAttribute('aria-checked')).toBe(
      'true',
    );
  });

  it('shows the properties of a step, by the keyboard too', async () => {
    const entries = await openSession({ userId: '75.97.9.59', sessionId: '75.97.9.59@20150518T080539Z' });
    await step(entries[0]!).getByRole('button').first().focus();
    await opened.page.keyboard.press('ArrowDown');
    await opened.page.keyboard.press('Enter');
    const tree = step(entries[1]!).getByRole('region', { name: 'Properties' });
    await tree.waitFor();
    const leaves = await tree.locator('.details-leaf > span').allTextContents();
    expect(leaves).toEqual(
      Object.entries(entries[1]!.properties).map(([key, value]) => `${key}: ${String(value)}`),
    );
    await expectAccessible(opened.page);
    await opened.page.keyboard.press('Enter');
    await tree.waitFor({ state: 'detached' });
  });

  it('leads to the other sessions of the user', async () => {
    const own = await readSessions(server, { userIds: ['46.105.14.53'] });
    expect(own.length).toBeGreaterThan(50);
    await openSession(own[1]!);
    const others = opened.page.getByRole('complementary', { name: 'Sessions of this user' });
    await others.getByRole('button', { name: 'Load older sessions' }).click();
    await others.getByRole('button').waitFor({ state: 'detached' });
    const hrefs = await others
      .getByRole('link')
      .evaluateAll((links) => links.map((item) => item.getAttribute('href')!));
    expect(hrefs.map((href) => new URLSearchParams(href.split('?')[1]).get('session'))).toEqual(
      own.map(({ sessionId }) => sessionId),
    );
    expect(await others.locator('[aria-current="page"]').getAttribute('title')).toBe(own[1]!.sessionId);
    for (const [name, at] of [
      ['Next', 0],
      ['Previous', 1],
      ['Previous', 2],
    ] as const) {
      await link(`${name} session of the user`).click();
      await opened.page.getByRole('heading', { name: `Session ${own[at]!.sessionId}` }).waitFor();
    }
  });

  it.each(['light', 'dark'] as const)('is accessible on a phone, %s', async (theme) => {
    await open('', { viewport: phone, theme });
    await row(sessions[0]!).waitFor();
    await expectAccessible(opened.page);
    await row(sessions[0]!).click();
    const [entry] = await readEntries(
      server,
      { userIds: [sessions[0]!.userId], sessionIds: [sessions[0]!.sessionId] },
      'TIME_ASC',
    );
    await step(entry!).waitFor();
    await expectAccessible(opened.page);
  });
});
