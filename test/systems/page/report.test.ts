import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser } from 'playwright-core';
import { reportDocument } from '../../../domain/reports/document.ts';
import { reportHtml } from '../../../drawing/report/html.ts';
import { ensureChromium } from '../../../setup/lib/chromium.mjs';
import { useState } from '../../unit/gateway/access-scene.ts';
import { openApiScene } from '../../unit/gateway/api/api-scene.ts';
import { passedRestore } from '../../unit/reports/sample.ts';

// The page of a report, as somebody opens it who has nothing but the file.

useState();

let browser: Browser;
let folder: string;
beforeAll(async () => {
  const executablePath = await ensureChromium(() => undefined);
  browser = await chromium.launch({ ...(executablePath !== undefined && { executablePath }), args: ['--no-sandbox'] });
  folder = await mkdtemp(join(tmpdir(), 'rkt-report-'));
});
afterAll(async () => {
  await browser.close();
  await rm(folder, { recursive: true });
});

test('the timeline is seen, and no request leaves the page', async () => {
  const file = join(folder, 'report.html');
  await writeFile(file, reportHtml(reportDocument(passedRestore({ notes: ['<img src="http://127.0.0.1:9/x">'] }))));
  const page = await browser.newPage();
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.goto(pathToFileURL(file).href);
  await page.getByRole('img', { name: /^Timeline: 4 steps and waits in 40\.0 s/ }).waitFor();
  const bars = await page.locator('svg.timeline rect.bar').all();
  expect(bars).toHaveLength(4);
  for (const bar of bars) expect((await bar.boundingBox())?.width).toBeGreaterThan(1);
  expect(asked).toEqual([pathToFileURL(file).href]);
  const screenshot = process.env['REKINDLE_REPORT_PICTURE'];
  if (screenshot !== undefined) await page.screenshot({ path: screenshot, fullPage: true });
});

test("from a gateway: the page's own style counts, whatever else the gateway forbids its pages", async () => {
  const scene = await openApiScene();
  Object.assign(scene.report, passedRestore(), { run: scene.report.run });
  const page = await browser.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  await page.goto(`${scene.url}/api/v1/runs/${encodeURIComponent(scene.report.run)}/report.html`);
  await page.getByRole('img', { name: /^Timeline: 4 steps/ }).waitFor();
  expect(await page.evaluate('getComputedStyle(document.querySelector(".verdict")).borderTopWidth')).toBe('2px');
  expect(complaints.filter((text) => !text.includes('favicon'))).toEqual([]);
  await page.close();
});
