import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { buildPage } from '../../../setup/lib/page.mjs';
import { openBrowser, type TestBrowser } from '../../browser.ts';
import { allAnswers } from './all-answers.ts';
import { stubGateway, type StubGateway } from './stub-gateway.ts';

export let gateway: StubGateway;
/** Compressed sizes of what was built, in bytes. */
export let sizes: Record<string, number>;
let folder: string;
let browser: TestBrowser;
let open: Page[] = [];

/** A real browser, the page as it is built, and a gateway of the test's own for each test. */
export function useBrowser(): void {
  beforeAll(async () => {
    browser = await openBrowser();
    folder = await mkdtemp(join(tmpdir(), 'rkt-page-build-'));
    sizes = await buildPage(folder);
  });
  afterAll(async () => {
    await browser.close();
    await rm(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    gateway = await stubGateway(folder);
    Object.assign(gateway.answers, allAnswers(Date.now()));
  });
  afterEach(async () => {
    for (const page of open) await page.context().close();
    open = [];
    await gateway.close();
    expect(browser.complaints.splice(0)).toEqual([]);
  });
}

/** `address`: behind the gateway's, as `#/platforms/demo`. */
export async function visit(address: string, options: BrowserContextOptions = {}): Promise<Page> {
  const page = await browser.open(`${gateway.url}/${address}`, options);
  open.push(page);
  return page;
}
