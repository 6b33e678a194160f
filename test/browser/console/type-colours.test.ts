import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import type { TestServer } from '../../support/server/server';
import { describeBrowser, launchChromium } from '../support/chromium';
import { openConsole } from './support/open-console';
import { startRecordedServer } from './support/recorded-server';

describeBrowser('the colour of a type', () => {
  let browser: Browser;
  let server: TestServer;
  beforeAll(async () => {
    [browser, server] = await Promise.all([launchChromium(), startRecordedServer()]);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  /** Opens paths one after the other in a new profile; gives the colours of the marks beside names, by type. */
  const coloursAt = async (...paths: string[]): Promise<Map<string, string>> => {
    const [first, ...others] = paths.map((path) => server.url + path);
    const { page, close } = await openConsole(browser, first!);
    const marked = ':is(.histogram-type, .overview-name)';
    const isKnown = page.locator(`${marked} svg.type-mark:not([fill="var(--type-other)"])`).first();
    await isKnown.waitFor();
    for (const url of others) {
      await page.goto(url);
      await isKnown.waitFor();
    }
    const colours = await page.locator(marked).evaluateAll((elements) =>
      elements.map((element): [string, string] => {
        const [mark, name] = ['svg', 'span'].map((selector) => element.querySelector(selector)!);
        return [name!.textContent!, mark!.getAttribute('fill')!];
      }),
    );
    await close();
    return new Map(colours);
  };

  it('is its own, and the same in every profile, on every page and after a reload', async () => {
    const colours = await coloursAt('/?range=all');
    expect([...colours.keys()].sort()).toEqual(['GET', 'HEAD', 'POST']);
    expect(new Set(colours.values()).size).toBe(3);
    expect(await coloursAt('/?range=all', '/?range=all')).toEqual(colours);
    expect(await coloursAt('/?range=all&type=HEAD')).toEqual(new Map([['HEAD', colours.get('HEAD')]]));
    const user = '75.97.9.59';
    const session = new URLSearchParams({ user, session: `${user}@20150517T130510Z` }).toString();
    expect(await coloursAt(`/sessions?${session}`)).toEqual(new Map([['GET', colours.get('GET')]]));
    expect(await coloursAt(`/sessions?${session}`, '/?range=all')).toEqual(colours);
  });
});
