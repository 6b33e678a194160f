// Takes the screenshots of docs/console.md from the real data of test/fixtures, and measures the first view.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createInterface } from 'node:readline';
import { chromium } from 'playwright-core';
import { refuseArguments } from './arguments.mjs';

refuseArguments(`Usage: npm run screenshots

Takes the screenshots of docs/console.md, and measures the first view. Needs Chromium, and a built server and console.`);

const root = fileURLToPath(new URL('..', import.meta.url));
const images = join(root, 'docs', 'images');
const desktop = { width: 1_280, height: 800 };
const phone = { width: 390, height: 844 };
const user = '75.97.9.59';

const shots = [
  { name: 'explore', path: '/?range=all', themes: ['light', 'dark'], open: true },
  { name: 'explore-phone', path: '/?range=all', themes: ['dark'], viewport: phone },
  { name: 'session', themes: ['light'], session: true },
  { name: 'live', path: '/?live=1', themes: ['dark'], live: true },
  { name: 'try-it', path: '/graphiql', themes: ['light'] },
];

const directory = await mkdtemp(join(tmpdir(), 'screenshots-'));
const server = await startServer(join(directory, 'logs.sqlite'));
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  chromiumSandbox: process.getuid?.() !== 0,
  args: ['--disable-background-networking', '--no-proxy-server'],
});
try {
  await mkdir(images, { recursive: true });
  await record(await readSessions());
  for (const shot of shots) for (const theme of shot.themes) await take(shot, theme);
  await measureFirstView();
} finally {
  await browser.close();
  server.process.kill();
  await once(server.process, 'exit');
  await rm(directory, { recursive: true });
}

async function startServer(file) {
  const child = spawn(process.execPath, [join(root, 'dist', 'src', 'main.js')], {
    env: { ...process.env, PORT: '0', HOST: '127.0.0.1', DATABASE_URL: `sqlite:${file}`, LOG_FORMAT: 'json' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const [, address] = /"addresses":\["([^"]+)"/.exec(line) ?? [];
    if (address) return { process: child, url: `http://${address}` };
  }
  throw new Error('The server did not start. Build it first: npm run build');
}

async function readSessions() {
  const text = await readFile(join(root, 'test', 'fixtures', 'web-sessions.ndjson'), 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

async function record(sessions) {
  const document =
    'mutation ($input: RecordSessionInput!) { recordSession(input: $input) { recordedCount } }';
  for (let first = 0; first < sessions.length; first += 50) {
    await Promise.all(sessions.slice(first, first + 50).map((input) => ask(document, { input })));
  }
}

async function ask(query, variables) {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = await response.json();
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}

async function take(shot, theme) {
  const page = await open(shot.viewport ?? desktop, theme);
  const path = shot.session ? await pathOfLongestSession() : shot.path;
  await page.goto(server.url + path);
  await page.waitForLoadState('networkidle');
  if (shot.open) await page.getByRole('grid').getByRole('row').nth(4).click();
  if (shot.live) {
    await recordLive();
    // The chart counts again every 10 s.
    await page.getByText('12 entries', { exact: true }).first().waitFor();
  }
  await page.waitForTimeout(1_000);
  await page.screenshot({ path: join(images, `${shot.name}-${theme}.png`) });
  await page.context().close();
}

async function open(viewport, colorScheme) {
  const context = await browser.newContext({ viewport, colorScheme, timezoneId: 'UTC' });
  return context.newPage();
}

/** The session with the most entries of the user with the most entries. */
async function pathOfLongestSession() {
  const { sessions } = await ask(
    'query ($user: String!) { sessions(filter: { userIds: [$user] }, first: 100) { nodes { sessionId entryCount } } }',
    { user },
  );
  const longest = sessions.nodes.reduce((best, next) => (next.entryCount > best.entryCount ? next : best));
  return `/sessions?${new URLSearchParams({ user, session: longest.sessionId })}`;
}

/** Entries of now, while a page looks on. */
async function recordLive() {
  const [first] = await readSessions();
  for (let index = 0; index < 12; index++) {
    const time = new Date(Date.now() - 1_000 * (12 - index)).toISOString();
    await record([{ ...first, sessionId: `live-${index}`, actions: [{ ...first.actions[0], time }] }]);
  }
}

/** Milliseconds to the largest paint, layout shift, and kilobytes that the first view takes. */
async function measureFirstView() {
  const results = [];
  for (let run = 0; run < 5; run++) {
    const page = await open(desktop, 'light');
    let bytes = 0;
    page.on('requestfinished', async (request) => {
      const { responseBodySize } = await request.sizes();
      if (!request.url().endsWith('/graphql')) bytes += responseBodySize;
    });
    await page.addInitScript(() => {
      globalThis.view = { lcp: 0, cls: 0 };
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) globalThis.view.lcp = entry.startTime;
      }).observe({ type: 'largest-contentful-paint', buffered: true });
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) if (!entry.hadRecentInput) globalThis.view.cls += entry.value;
      }).observe({ type: 'layout-shift', buffered: true });
    });
    await page.goto(`${server.url}/?range=all`);
    await page.getByRole('grid').getByRole('row').nth(3).waitFor();
    const rowsMs = await page.evaluate(() => performance.now());
    await page.waitForTimeout(1_500);
    results.push({ rowsMs, ...(await page.evaluate(() => globalThis.view)), bytes });
    await page.context().close();
  }
  const median = (name) => results.map((result) => result[name]).sort((a, b) => a - b)[2];
  console.log(
    `first view, median of 5: rows after ${median('rowsMs').toFixed(0)} ms, LCP ${median('lcp').toFixed(0)} ms, ` +
      `CLS ${median('cls').toFixed(3)}, ${(median('bytes') / 1_000).toFixed(0)} kB compressed`,
  );
}
