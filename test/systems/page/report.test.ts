import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser } from 'playwright-core';
import { reportDocument } from '../../../domain/reports/document.ts';
import { reportHtml } from '../../../drawing/report/html.ts';
import { summaryHtml } from '../../../drawing/report/summary-html.ts';
import { fitsItsWidth } from '../../browser.ts';
import { ensureChromium } from '../../../setup/lib/chromium.mjs';
import { useState } from '../../unit/gateway/access-scene.ts';
import { openApiScene } from '../../unit/gateway/api/api-scene.ts';
import { passedRestore } from '../../unit/reports/sample.ts';
import { samplePeriod } from '../../unit/reports/sample-period.ts';

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
});

test('a drill and the summary of a period: no word is broken in a head, nothing is wider than the page', async () => {
  const { restore, drill, summary } = samplePeriod();
  const pages = {
    drill: reportHtml(reportDocument(drill)),
    restore: reportHtml(reportDocument(restore)),
    summary: summaryHtml(summary, (run) => `reports/${encodeURIComponent(run)}.html`),
  };
  for (const [name, html] of Object.entries(pages)) {
    const file = join(folder, `${name}.html`);
    await writeFile(file, html);
    const page = await browser.newPage({ viewport: { width: 1100, height: 1120 } });
    await page.goto(pathToFileURL(file).href);
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect([name, await fitsItsWidth(page)]).toEqual([name, true]);
    // Tables scroll on their own where there is no room, as on a phone; here there is.
    expect([name, await page.evaluate(widerThanTheirRoom)]).toEqual([name, 0]);
    // For docs/images: a folder.
    const pictures = process.env['REKINDLE_REPORT_PICTURES'];
    if (pictures !== undefined) await page.screenshot({ path: join(pictures, `report-${name}.png`) });
    await page.setViewportSize({ width: 360, height: 800 });
    expect([name, await fitsItsWidth(page)]).toEqual([name, true]);
    // On paper nothing scrolls: A4 without its margins, the summary's in landscape.
    await page.emulateMedia({ media: 'print' });
    await page.setViewportSize(name === 'summary' ? { width: 1040, height: 700 } : { width: 700, height: 1040 });
    expect([name, await fitsItsWidth(page)]).toEqual([name, true]);
    expect([name, await page.evaluate(widerThanTheirRoom)]).toEqual([name, 0]);
    await page.close();
  }
});

const widerThanTheirRoom =
  "[...document.querySelectorAll('.wide')].filter((one) => one.scrollWidth > one.clientWidth).length";

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
