import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { ensureChromium } from '../../../setup/lib/chromium.mjs';
import { buildPage } from '../../../setup/lib/page.mjs';
import { allAnswers } from './all-answers.ts';
import { stubGateway, type StubGateway } from './stub-gateway.ts';

export let gateway: StubGateway;
/** Compressed sizes of what was built, in bytes. */
export let sizes: Record<string, number>;
let folder: string;
let browser: Browser;
let open: Page[] = [];
/** What the browser complained of: a page that breaks its own content security policy says so here. */
let complaints: string[] = [];

/** A real browser, the page as it is built, and a gateway of the test's own for each test. */
export function useBrowser(): void {
  beforeAll(async () => {
    const heard: string[] = [];
    const executablePath = await ensureChromium((text) => heard.push(text));
    if (executablePath === undefined) throw new Error(`There is no Chromium: ${heard.join('; ')}`);
    folder = await mkdtemp(join(tmpdir(), 'rkt-page-build-'));
    sizes = await buildPage(folder);
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  });
  afterAll(async () => {
    await browser.close();
    await rm(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    complaints = [];
    gateway = await stubGateway(folder);
    Object.assign(gateway.answers, allAnswers(Date.now()));
  });
  afterEach(async () => {
    for (const page of open) await page.context().close();
    open = [];
    await gateway.close();
    expect(complaints).toEqual([]);
  });
}

/** `address`: behind the gateway's, as `#/platforms/demo`. */
export async function visit(address: string, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  open.push(page);
  page.setDefaultTimeout(15_000);
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('console', (message) => {
    // That a request failed is what some tests are about.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      complaints.push(message.text());
  });
  await page.goto(`${gateway.url}/${address}`);
  await page.locator('main h1').waitFor({ state: 'attached' });
  return page;
}

const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

interface Finding {
  id: string;
  impact: string | null;
  nodes: { html: string; failureSummary?: string }[];
}

/** What axe calls serious or critical on the page, in words; empty: nothing. */
export async function seriousFindings(page: Page): Promise<string[]> {
  // As the developer tools would: the page's own policy lets no other script in.
  await page.evaluate(await readFile(axePath, 'utf8'));
  const found = await page.evaluate<Finding[]>('axe.run(document).then(({ violations }) => violations)');
  return found
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, nodes }) =>
        `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary ?? ''}`).join(' | ')}`,
    );
}

/** True: the page is not wider than its window, so that nobody scrolls sideways. */
export function fitsItsWidth(page: Page): Promise<boolean> {
  return page.evaluate('document.documentElement.scrollWidth <= document.documentElement.clientWidth');
}
