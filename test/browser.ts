// cspell:ignore requestfailed
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { chromium, type BrowserContextOptions, type Page } from 'playwright-core';
import { ensureChromium } from '../setup/lib/chromium.mjs';

const changed = 'net::ERR_NETWORK_CHANGED';
const mostTries = 3;

/** A real browser. */
export interface TestBrowser {
  /** Opens the address in a context of its own: nothing is shared with other pages, no cookie either. */
  open: (address: string, options?: BrowserContextOptions) => Promise<Page>;
  /** What pages complained of so far: one that breaks its own content security policy says so here. */
  complaints: string[];
  close: () => Promise<void>;
}

/** `patienceMs`: for everything that is waited for on a page. */
export async function openBrowser({ patienceMs = 15_000 }: { patienceMs?: number } = {}): Promise<TestBrowser> {
  const heard: string[] = [];
  const executablePath = await ensureChromium((text) => heard.push(text));
  if (executablePath === undefined) throw new Error(`There is no Chromium: ${heard.join('; ')}`);
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  const complaints: string[] = [];
  return {
    complaints,
    async open(address, options = {}) {
      const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
      const page = await context.newPage();
      page.setDefaultTimeout(patienceMs);
      page.on('pageerror', ({ message }) => complaints.push(message));
      page.on('console', (message) => {
        // That a request failed is what some tests are about.
        if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
          complaints.push(message.text());
      });
      const failed: string[] = [];
      page.on('requestfailed', (request) => failed.push(`${request.url()}: ${request.failure()?.errorText ?? ''}`));
      for (let tries = 1; ; tries += 1) {
        const disturbed = networkChanged(page);
        try {
          await page.goto(address);
          await Promise.race([page.locator('main h1').waitFor({ state: 'attached' }), disturbed]);
          break;
        } catch (error) {
          if (tries < mostTries && failed.some((why) => why.endsWith(changed))) continue;
          const shown = (await page.locator('body').innerText()).slice(0, 500);
          const why = [...complaints, ...failed].join('; ');
          throw new Error(`the page shows "${shown}"; it complains of: ${why || 'nothing'}`, { cause: error });
        }
      }
      return page;
    },
    close: () => browser.close(),
  };
}

/**
 * Chromium gives up what it loads when an address of this machine comes or goes, as other tests make and remove networks. Rejects
 * when it has.
 */
function networkChanged(page: Page): Promise<never> {
  const disturbed = new Promise<never>((_, reject) =>
    page.on('requestfailed', (request) => {
      if (request.failure()?.errorText === changed) reject(new Error(`${request.url()}: ${changed}`));
    }),
  );
  // Once the page is there, nobody waits for it any more.
  disturbed.catch(() => undefined);
  return disturbed;
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
