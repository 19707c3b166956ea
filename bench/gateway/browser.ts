import { chromium, type Browser, type CDPSession, type Page } from 'playwright-core';

/** Runs `work` with a real Chromium, the one of the tests. */
export async function withBrowser<T>(work: (browser: Browser) => Promise<T>): Promise<T> {
  const setup = new URL('../../../setup/lib/chromium.mjs', import.meta.url);
  const { ensureChromium } = (await import(setup.href)) as {
    ensureChromium: (say: (text: string) => void) => Promise<string | undefined>;
  };
  const heard: string[] = [];
  const executablePath = await ensureChromium((text) => heard.push(text));
  if (executablePath === undefined) throw new Error(`There is no Chromium: ${heard.join('; ')}`);
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  try {
    return await work(browser);
  } finally {
    await browser.close();
  }
}

/** Opens an address with an empty cache, and answers how many milliseconds passed until each of `marks` was in sight. */
export async function timeToSee(
  browser: Browser,
  address: string,
  marks: ((page: Page) => ReturnType<Page['locator']>)[],
): Promise<number[]> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  try {
    const page = await context.newPage();
    const began = performance.now();
    await page.goto(address);
    return await Promise.all(
      marks.map(async (mark) => {
        await mark(page).first().waitFor({ timeout: 120_000 });
        return Math.round(performance.now() - began);
      }),
    );
  } finally {
    await context.close();
  }
}

/** What the page's scripts hold, in MB (10⁶ bytes), after garbage was collected. */
export async function heapMegabytes(devtools: CDPSession): Promise<number> {
  await devtools.send('HeapProfiler.collectGarbage');
  const { usedSize } = await devtools.send('Runtime.getHeapUsage');
  return usedSize / 1e6;
}
