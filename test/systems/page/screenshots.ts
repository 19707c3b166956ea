/* Makes the pictures of docs/page.md anew: `node --import ./test/jest/typescript.mjs test/systems/page/screenshots.ts <folder>`. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import { ensureChromium } from '../../../setup/lib/chromium.mjs';
import { buildPage } from '../../../setup/lib/page.mjs';
import { allAnswers } from './all-answers.ts';
import { failedRun, passedRun, runningRun } from './runs.ts';
import { runId, waitingRun } from './documents.ts';
import { stubGateway } from './stub-gateway.ts';

const [, , target = 'docs/images', only = ''] = process.argv;
const runAddress = `#/runs/${encodeURIComponent(runId)}`;
type Shot = {
  name: string;
  address: string;
  width: number;
  height: number;
  dark?: true;
  run?: typeof waitingRun;
  full?: true;
};
const shots: Shot[] = [
  { name: 'platforms', address: '#/', width: 1280, height: 640 },
  { name: 'platforms-dark', address: '#/', width: 1280, height: 640, dark: true },
  { name: 'platforms-phone', address: '#/', width: 390, height: 844, dark: true },
  { name: 'platforms-wall', address: '#/', width: 2560, height: 1300, dark: true },
  { name: 'platform', address: '#/platforms/demo', width: 1280, height: 900, full: true },
  { name: 'platform-phone', address: '#/platforms/demo', width: 390, height: 844 },
  { name: 'approve', address: runAddress, width: 1280, height: 900, full: true, run: waitingRun },
  { name: 'approve-phone', address: runAddress, width: 390, height: 844, dark: true, run: waitingRun },
  { name: 'running-dark', address: runAddress, width: 1280, height: 900, dark: true, full: true, run: runningRun },
  { name: 'decision', address: runAddress, width: 1280, height: 700, run: failedRun },
  { name: 'decision-phone', address: runAddress, width: 390, height: 844, run: failedRun },
  { name: 'passed', address: runAddress, width: 1280, height: 800, run: passedRun },
  { name: 'incident', address: '#/incidents/pd-q1x', width: 1280, height: 700 },
  { name: 'incidents-phone', address: '#/incidents', width: 390, height: 500 },
];

const executablePath = await ensureChromium(console.error);
if (executablePath === undefined) throw new Error('There is no Chromium');
const folder = await mkdtemp(join(tmpdir(), 'rkt-page-build-'));
await buildPage(folder);
const gateway = await stubGateway(folder);
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
try {
  for (const shot of shots.filter(({ name }) => name.includes(only))) await take(browser, shot);
} finally {
  await browser.close();
  await gateway.close();
  await rm(folder, { recursive: true, force: true });
}

async function take(on: Browser, { name, address, width, height, dark, run = waitingRun, full }: Shot): Promise<void> {
  const now = Date.now();
  Object.assign(gateway.answers, allAnswers(now), { run: run(now) });
  const page = await on.newPage({
    viewport: { width, height },
    colorScheme: dark ? 'dark' : 'light',
    timezoneId: 'Europe/Zurich',
    hasTouch: width < 500,
  });
  page.on('console', (message) => console.error(name, message.text()));
  page.on('pageerror', (error) => console.error(name, error.message));
  await page.goto(`${gateway.url}/${address}`);
  await page.locator('main h1').waitFor({ state: 'attached' });
  await page.waitForTimeout(800);
  await page.screenshot({ path: join(target, `page-${name}.png`), fullPage: full ?? false });
  await page.close();
}
