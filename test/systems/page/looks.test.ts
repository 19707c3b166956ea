import { failedRun, passedRun, runningRun } from './runs.ts';
import { keptBy, notWell, platformDetails, platformRows, runId, waitingRun } from './documents.ts';
import { fitsItsWidth, seriousFindings } from '../../browser.ts';
import { gateway, sizes, useBrowser, visit } from './browser.ts';

useBrowser();

const runAddress = `#/runs/${encodeURIComponent(runId)}`;
const pages: [string, string, typeof waitingRun][] = [
  ['platforms', '#/', waitingRun],
  ['platform', '#/platforms/demo', waitingRun],
  ['a run that waits for approval', runAddress, waitingRun],
  ['a run that works', runAddress, runningRun],
  ['a run that asks for a decision', runAddress, failedRun],
  ['a run that passed', runAddress, passedRun],
  ['incidents', '#/incidents', waitingRun],
  ['an incident', '#/incidents/pd-q1x', waitingRun],
  ['audit', '#/audit', waitingRun],
];

test.each(pages)(
  '%s: nothing serious for axe, in light and dark, on a phone and on a wall, never wider than the screen',
  async (_, address, run) => {
    gateway.answers.run = run(Date.now());
    if (run === passedRun)
      gateway.answers.platform = { ...platformDetails(Date.now()), quarantines: keptBy(runId, Date.now()) };
    const page = await visit(address);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width: colorScheme === 'dark' ? 360 : 1280, height: 800 });
      expect(await seriousFindings(page)).toEqual([]);
      expect(await fitsItsWidth(page)).toBe(true);
    }
    await page.setViewportSize({ width: 2560, height: 1300 });
    expect(await fitsItsWidth(page)).toBe(true);
  },
);

test('all of it is under 100 KB compressed, and the first view comes within a second', async () => {
  expect(Object.values(sizes).reduce((sum, size) => sum + size, 0)).toBeLessThan(100_000);
  const page = await visit('#/');
  const loaded = await page.evaluate(
    'performance.getEntriesByType("paint").find(({ name }) => name === "first-contentful-paint").startTime',
  );
  // Its own second, and what a machine adds that has many tests to run.
  expect(loaded).toBeLessThan(3000);
});

test('2,000 platforms: a few are drawn, the most urgent first, and the filter finds any of them', async () => {
  gateway.answers.platforms = platformRows(Date.now(), 2000);
  const page = await visit('#/');
  const rows = page.locator('a.platform');
  expect(await rows.count()).toBeLessThan(60);
  expect(await rows.first().innerText()).toContain('demo');
  await page.getByRole('searchbox').fill('platform-1234');
  expect(await rows.count()).toBe(1);
  await page.getByRole('searchbox').fill('');
  await page.evaluate('scrollTo(0, 50_000)');
  await page.locator('a.platform', { hasText: 'platform-0780' }).waitFor();
  expect(await rows.count()).toBeLessThan(60);
});

test('the switch overrides the colours of the device, and is remembered', async () => {
  const page = await visit('#/', { colorScheme: 'light' });
  const paper = () => page.evaluate('getComputedStyle(document.documentElement).backgroundColor');
  expect(await paper()).toBe('rgb(255, 255, 255)');
  await page.getByRole('button', { name: 'Colours: auto' }).click();
  await page.getByRole('button', { name: 'Colours: dark' }).waitFor();
  expect(await paper()).toBe('rgb(15, 20, 27)');
  await page.reload();
  await page.getByRole('button', { name: 'Colours: dark' }).waitFor();
  expect(await paper()).toBe('rgb(15, 20, 27)');
});

test('a worker that is absent is said, and not called pending', async () => {
  const page = await visit('#/');
  await page.getByText('no worker takes its work').waitFor();
  gateway.answers.run = { ...runningRun(Date.now()), silent: 'no worker answers on rekindle-host-machine' };
  await page.goto(`${gateway.url}/${runAddress}`);
  await page.getByText('Nobody is working on it: no worker answers on rekindle-host-machine').waitFor();
});

test('what is not as it should be stands with the facts, and nothing where all is well', async () => {
  const details = platformDetails(Date.now());
  const page = await visit('#/platforms/demo');
  await page.getByText('Newest good point').first().waitFor();
  expect(await page.getByText(/damaged or missing|different versions|Not ready/).count()).toBe(0);
  const restorable = page.locator('.facts > div', { hasText: 'Could it be restored?' });
  expect(await restorable.innerText()).toMatch(
    /Ready\s+since .*\s+evaluated 11 min ago\s+would take about 12 min 40 s, from 3 restores/s,
  );
  gateway.tell('platform:demo', { ...details, ...notWell(Date.now()) });
  await page.getByText('Not ready to be restored: disk space: 21 GB are free on machine').waitFor();
  await page.getByText('Free some space on machine before the restore').waitFor();
  await page.getByText(/^Not ready to be restored: objective drilled: .* 10\.2 d ago; the objective is 7 d/).waitFor();
  expect(await restorable.innerText()).toMatch(/Not ready\s+disk space, objective drilled/);
  await page.getByText(/^2 files are damaged or missing in the repository of documents/).waitFor();
  await page.getByText(/^17 % of 48\.2 GB .* was not read within 7 days: the oldest reading is of 10 d ago/).waitFor();
  await page.getByText('Workers of different versions are at work: 0.1.0+8c1f09ab42d1, 0.2.0+77e1c0ffee00').waitFor();
  await page.setViewportSize({ width: 360, height: 800 });
  expect(await seriousFindings(page)).toEqual([]);
  expect(await fitsItsWidth(page)).toBe(true);
});
