/* Makes the pictures of docs/page.md anew: `node --import ./test/jest/typescript.mjs test/systems/page/screenshots.ts <folder>`. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import { ensureChromium } from '../../../setup/lib/chromium.mjs';
import { buildPage } from '../../../setup/lib/page.mjs';
import { allAnswers } from './all-answers.ts';
import { failedRun, runningRun } from './runs.ts';
import { notWell, platformDetails, platformRows, runId, waitingRun } from './documents.ts';
import { fleetDetails, fleetRows, runningFleet } from './fleets.ts';
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
  fleet?: typeof fleetDetails;
  /** Whether fleets are under way. */
  fleets?: true;
  /** Whether scrubs found damage, and workers of two versions are at work. */
  unwell?: true;
  part?: string;
};
const shots: Shot[] = [
  { name: 'platforms', address: '#/', width: 1280, height: 640 },
  { name: 'platforms-phone', address: '#/', width: 390, height: 844, dark: true },
  { name: 'platforms-wall', address: '#/', width: 2560, height: 880, dark: true },
  { name: 'platform', address: '#/platforms/demo', width: 1280, height: 900 },
  { name: 'platform-unwell', address: '#/platforms/demo', width: 1280, height: 900, unwell: true },
  { name: 'platform-unwell-phone', address: '#/platforms/demo', width: 390, height: 844, dark: true, unwell: true },
  { name: 'approve', address: runAddress, width: 1280, height: 700, run: waitingRun },
  { name: 'approve-phone', address: runAddress, width: 390, height: 844, dark: true, run: waitingRun },
  { name: 'running-dark', address: runAddress, width: 1280, height: 640, dark: true, run: runningRun },
  { name: 'graph', address: runAddress, width: 1000, height: 860, run: runningRun, part: '.graph' },
  { name: 'decision-phone', address: runAddress, width: 390, height: 844, run: failedRun },
  { name: 'fleet', address: '#/fleets/shops', width: 1280, height: 900 },
  { name: 'fleet-phone', address: '#/fleets/shops', width: 390, height: 844, dark: true, fleet: runningFleet },
  { name: 'fleets', address: '#/', width: 1280, height: 640, fleets: true },
  { name: 'fleets-phone', address: '#/', width: 390, height: 844, dark: true, fleets: true },
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

async function take(on: Browser, shot: Shot): Promise<void> {
  const { name, address, width, height, dark, run = waitingRun, fleet = fleetDetails, fleets = false, part } = shot;
  const { unwell = false } = shot;
  const now = Date.now();
  Object.assign(gateway.answers, allAnswers(now), {
    run: run(now),
    fleet: fleet(now),
    fleets: fleets ? fleetRows(now) : [],
    platforms: platformRows(now, width > 2000 ? 16 : 8),
    platform: { ...platformDetails(now), ...(unwell && notWell(now)) },
  });
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
  const shown = part === undefined ? page : page.locator(part);
  await shown.screenshot({ path: join(target, `page-${name}.png`) });
  await page.close();
}
