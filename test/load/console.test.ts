import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { launchChromium, runInPage } from '../browser/support/chromium';
import { openConsole, type ConsolePage } from '../browser/console/support/open-console';
import { percentile } from '../support/percentile';
import { report } from '../support/processes/programs';
import { startServerProcess, type ServerProcess } from '../support/processes/server-process';
import { openFilledDatabase, type FilledDatabase } from './support/filled-database';

const entries = Number(process.env['CONSOLE_ENTRIES'] ?? 10_000_000);
const runs = Number(process.env['CONSOLE_RUNS'] ?? 5);
const maxTableMs = 1_000;
const scrolledRows = 100_000;
const rowHeight = 32;
/** Rows of a frame: 1,500 rows a second at 60 frames. */
const rowsPerFrame = 25;
const maxFrameMs = 20;
const maxHeapMb = 150;
const maxAnswerBytes = 2_000_000;

const liveSeconds = Number(process.env['CONSOLE_SECONDS'] ?? 60);
const livePerSecond = 2_000;
/** From an input to the paint that shows what it did. */
const maxInputMs = 100;

/** What test/browser/pages/watch-inputs.js notes. */
interface Watched {
  readonly inputs: readonly { readonly name: string; readonly duration: number }[];
  readonly frames: readonly number[];
  readonly tasks: readonly number[];
}

/** What test/browser/pages/scroll-frames.js returns. */
interface Scrolled {
  readonly frames: readonly number[];
  readonly scrolled: number;
}

/** What test/load/support/steady-recorder.mjs sends. */
interface Recorded {
  readonly recorded: number;
  readonly failures: readonly string[];
  readonly seconds: number;
}

const most = (values: readonly number[]): number => values.reduce((max, value) => Math.max(max, value), 0);
const textOf = (frames: readonly number[]): string =>
  `${[0.5, 0.95, 0.99, 1].map((share) => percentile(frames, share).toFixed(1)).join(' ')} ms`;

/** Samples the JavaScript heap of a page, in MB. The function that it returns ends that. */
function watchHeap({ context, page }: ConsolePage): () => Promise<number[]> {
  const heaps: number[] = [];
  let isOver = false;
  const done = (async () => {
    const cdp = await context.newCDPSession(page);
    while (!isOver) {
      heaps.push((await cdp.send('Runtime.getHeapUsage')).usedSize / 1e6);
      await sleep(1_000);
    }
  })();
  return async () => {
    isOver = true;
    await done;
    return heaps;
  };
}

/** Milliseconds from the navigation until the first row was painted, and the largest paint. */
async function firstTable(page: Page): Promise<{ readonly tableMs: number; readonly paintMs: number }> {
  await page.locator('[role="row"][data-id]').first().waitFor();
  await page.locator('.u-over').waitFor();
  const [tableMs, paintMs] = await page.evaluate<[number, number]>('[tableMs, paintMs]');
  return { tableMs, paintMs };
}
const watchTable = `(() => {
  globalThis.paintMs = 0;
  new PerformanceObserver((list) => (globalThis.paintMs = list.getEntries().at(-1).startTime))
    .observe({ type: 'largest-contentful-paint', buffered: true });
  globalThis.answerBytes = [];
  new PerformanceObserver((list) => list.getEntries().forEach(({ decodedBodySize }) => answerBytes.push(decodedBodySize)))
    .observe({ type: 'resource', buffered: true });
  const look = () => {
    if (!document.querySelector('[role="row"][data-id]')) return requestAnimationFrame(look);
    // The next frame begins after this one was painted.
    requestAnimationFrame(() => (globalThis.tableMs = performance.now()));
  };
  requestAnimationFrame(look);
})()`;

describe(`the console of a server with ${entries} entries`, () => {
  let browser: Browser;
  let database: FilledDatabase;
  let server: ServerProcess;
  let opened: ConsolePage;
  let recorder: ChildProcess | undefined;
  beforeAll(async () => {
    database = await openFilledDatabase(entries);
    [browser, server] = await Promise.all([
      launchChromium(),
      startServerProcess({ DATABASE_URL: database.url }),
    ]);
  });
  afterEach(async () => {
    recorder?.kill();
    await opened?.close();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.end('SIGKILL');
    await database?.remove();
  });

  /** Opens a page in a profile of its own, whose cache is empty. */
  const open = async (path: string): Promise<void> => {
    opened = await openConsole(browser, `${server.url}/livez`);
    await opened.context.addInitScript(watchTable);
    await opened.page.goto(server.url + path);
  };

  it(`shows the table within ${maxTableMs} ms, and scrolls through ${scrolledRows} entries`, async () => {
    const tables: number[] = [];
    const paints: number[] = [];
    const plain: number[] = [];
    const p95s: number[] = [];
    const heaps: number[] = [];
    const answers: number[] = [];
    for (let run = 0; run < runs; run++) {
      await open('/?range=all');
      const { tableMs, paintMs } = await firstTable(opened.page);
      tables.push(tableMs);
      paints.push(paintMs);
      const endHeap = watchHeap(opened);
      const { frames, scrolled } = await runInPage<Scrolled>(opened.page, 'scroll-frames.js', {
        scroller: '[role="grid"]',
        perFrame: rowsPerFrame * rowHeight,
        distance: scrolledRows * rowHeight,
      });
      heaps.push(most(await endHeap()));
      const sizes = await opened.page.evaluate<number[]>('answerBytes');
      answers.push(most(sizes));
      const blank = await opened.context.newPage();
      await blank.setContent('<body style="height: 4000000px; background: linear-gradient(red, blue)">');
      const { frames: blankFrames } = await runInPage<Scrolled>(blank, 'scroll-frames.js', {
        perFrame: rowsPerFrame * rowHeight,
        distance: 300 * rowsPerFrame * rowHeight,
      });
      await opened.close();
      plain.push(percentile(blankFrames, 0.95));
      p95s.push(percentile(frames, 0.95));
      report(
        `run ${run + 1}: table after ${tableMs.toFixed(0)} ms, largest paint ${paintMs.toFixed(0)} ms; ` +
          `${Math.round(scrolled / rowHeight)} rows in ${(frames.reduce((a, b) => a + b, 0) / 1_000).toFixed(0)} s, ` +
          `frames p50 p95 p99 max ${textOf(frames)}; a plain page ${textOf(blankFrames)}; ` +
          `JavaScript heap at most ${heaps.at(-1)!.toFixed(0)} MB; ${sizes.length} answers, the largest ` +
          `${(answers.at(-1)! / 1_000).toFixed(0)} KB`,
      );
      expect(scrolled).toBeGreaterThanOrEqual(scrolledRows * rowHeight);
    }
    report(
      `medians: table ${percentile(tables, 0.5).toFixed(0)} ms, largest paint ${percentile(paints, 0.5).toFixed(0)} ms, ` +
        `frames p95 ${percentile(p95s, 0.5).toFixed(1)} ms, a plain page's ${percentile(plain, 0.5).toFixed(1)} ms`,
    );
    expect(percentile(tables, 0.5)).toBeLessThan(maxTableMs);
    expect(percentile(paints, 0.5)).toBeLessThan(maxTableMs);
    expect(percentile(p95s, 0.5)).toBeLessThan(maxFrameMs);
    expect(most(heaps)).toBeLessThan(maxHeapMb);
    expect(most(answers)).toBeGreaterThan(0);
    expect(most(answers)).toBeLessThan(maxAnswerBytes);
  });

  it(`stays usable while ${livePerSecond} entries a second are recorded, and counts all of them`, async () => {
    opened = await openConsole(browser, `${server.url}/?live=1`);
    const { page } = opened;
    const button = (name: string) => page.getByRole('button', { name, exact: true });
    const counts = page.locator('.live-counts');
    await page.locator('.live-state').getByText('Live', { exact: true }).waitFor();
    await runInPage(page, 'watch-inputs.js', {});
    recorder = fork(join(__dirname, 'support', 'steady-recorder.mjs'), [
      JSON.stringify({ url: server.url, perSecond: livePerSecond }),
    ]);
    const result = once(recorder, 'message') as Promise<[Recorded]>;
    const endHeap = watchHeap(opened);
    const user = page.getByRole('textbox', { name: 'User' });
    const startedAt = performance.now();
    for (let second = 1; second <= liveSeconds; second++) {
      await user.press('x');
      await user.press('Escape');
      if (second % 10 === 5) await button('Pause').click();
      if (second % 10 === 6) await button('Resume').click();
      await sleep(Math.max(0, startedAt + second * 1_000 - performance.now()));
    }
    recorder.send('stop');
    const [{ recorded, failures, seconds }] = await result;
    const { inputs, frames, tasks } = await page.evaluate<Watched>('watched');
    const heaps = await endHeap();
    expect(failures).toEqual([]);
    await counts.getByText(`${recorded.toLocaleString('en-US')} received`, { exact: true }).waitFor();
    const slowest = most(inputs.map(({ duration }) => duration));
    report(
      `live: ${recorded} entries in ${seconds.toFixed(0)} s; ${await counts.innerText()}; inputs painted after ` +
        `${slowest} ms at most (${inputs.length} took 16 ms or more); frames p50 p95 p99 max ${textOf(frames)}; ` +
        `${tasks.length} tasks of 50 ms or more, the longest ${most(tasks).toFixed(0)} ms; ` +
        `JavaScript heap at most ${most(heaps).toFixed(0)} MB`,
    );
    expect(recorded).toBeGreaterThan(0.95 * liveSeconds * livePerSecond);
    expect(await counts.innerText()).toMatch(/not drawn/);
    expect(inputs.length).toBeGreaterThan(0);
    expect(slowest).toBeLessThan(maxInputMs);
    expect(most(heaps)).toBeLessThan(maxHeapMb);
    expect(opened.problems).toEqual([]);
  });
});
