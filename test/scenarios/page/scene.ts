import type { Page } from 'playwright-core';
import { withElasticsearch } from '../../../stack/clients.ts';
import { eventually } from '../../../stack/engine.ts';
import { fitsItsWidth, openBrowser, seriousFindings, type TestBrowser } from '../../browser.ts';
import { type PlatformFile, useVariants, type Variants } from '../faults-tools/variants.ts';
import { type Scenario, useScenario } from '../harness/index.ts';
import { type GatewayScene, useGateway } from '../harness/gateway.ts';

// A platform whose restores two people approve, whom the gateway knows; a page for each of three.

export let scenario: Scenario;
export let variants: Variants;
export let gateway: GatewayScene;
export let name: string;
export let ann: Page;
export let bob: Page;
export let carol: Page;
/** That somebody deletes. */
export const lostIndex = 'nuvla-deployment';
let browser: TestBrowser;

export const write = (edit: (file: PlatformFile) => void = () => undefined) =>
  variants.write((file) => {
    Object.assign(file.restore, { approvalsNeeded: 2, approvers: ['ann', 'bob', 'carol'], authenticated: true });
    edit(file);
  });

export function usePage(): void {
  scenario = useScenario({ fresh: true });
  variants = useVariants(scenario);
  gateway = useGateway(scenario, 'check', () => ({ REKINDLE_PLATFORMS: variants.folder }));
  beforeAll(async () => {
    name = scenario.platform.project;
    await write();
    await variants.startWorker(gateway.environment);
    browser = await openBrowser({ patienceMs: 60_000 });
    [ann, bob, carol] = [await logIn('ann'), await logIn('bob'), await logIn('carol')];
  });
  afterEach(() => expect(browser.complaints.splice(0)).toEqual([]));
  afterAll(async () => {
    await browser.close();
    // Its newest points hold less than the first one.
    await scenario.spoil();
  });
}

async function logIn(who: string): Promise<Page> {
  // Nobody need log in before there is a token.
  const token = await gateway.tokenOf(who);
  const page = await browser.open(gateway.url);
  await page.getByLabel('Token').fill(token);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.locator('a.platform').waitFor();
  return page;
}

/** What stands on it is fit for a phone in the dark, for a desk in the light, and for those who do not see it. */
export async function expectFit(page: Page): Promise<void> {
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width: colorScheme === 'dark' ? 360 : 1280, height: 800 });
    // Rows become cards with the next look at the width.
    await eventually('it fits its width', 10, async () => expect(await fitsItsWidth(page)).toBe(true));
    expect(await seriousFindings(page)).toEqual([]);
  }
}

/** Opens the dialog behind a button, and answers it; `typed`: the platform's name first. */
export async function openDialog(page: Page, button: string, { typed = false } = {}) {
  await page.getByRole('button', { name: button, exact: true }).click();
  const dialog = page.getByRole('dialog');
  if (typed) await dialog.getByLabel('to confirm').fill(name);
  return dialog;
}

/** An api that starts without the index makes it anew, without a document. */
export const isThere = () =>
  withElasticsearch(
    scenario.platform,
    async (client) => (await client.count({ index: lostIndex, ignore_unavailable: true })).count > 0,
  );
