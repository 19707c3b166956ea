import { platformRows } from './documents.ts';
import { fleetDetails, fleetRows, heldFleet, runningFleet, waveHash } from './fleets.ts';
import { gateway, useBrowser, visit } from './browser.ts';
import { openSession } from './stub-gateway.ts';
import { fitsItsWidth, seriousFindings } from '../../browser.ts';

useBrowser();

test('a line for each fleet stands above the platforms, none where there is none, and it leads to the fleet', async () => {
  const page = await visit('#/');
  await page.locator('a.platform').first().waitFor();
  expect(await page.getByRole('list', { name: 'Fleets' }).count()).toBe(0);
  // Asked for every few seconds: the list of platforms has the connection for events.
  gateway.answers.fleets = fleetRows(Date.now());
  const lines = page.getByRole('list', { name: 'Fleets' }).getByRole('listitem');
  await lines.nth(2).waitFor();
  // What a person should look at first.
  expect(await lines.nth(0).innerText()).toMatch(/Waiting for approval.*Fleet shops.*wave 2 of 3.*2 passed.*1 failed/s);
  expect(await lines.nth(1).innerText()).toContain('no worker serves it');
  expect(await lines.nth(2).innerText()).toContain('Fleet archives');
  const list = await page.getByRole('list', { name: 'Fleets' }).boundingBox();
  const first = await page.locator('a.platform').first().boundingBox();
  expect((list?.y ?? 0) + (list?.height ?? 0)).toBeLessThanOrEqual(first?.y ?? 0);
  await lines.nth(0).getByRole('link').click();
  await page.getByRole('heading', { level: 1, name: 'Fleet shops' }).waitFor();
});

test('a wave is approved with its name typed, and with the hash that the page shows', async () => {
  gateway.answers.approveWave = { answer: 'approved by ann' };
  const page = await visit('#/fleets/shops');
  await page.getByRole('heading', { name: 'Approve wave 2?' }).waitFor();
  await page.getByText('Restores 6 platforms').waitFor();
  await page.getByText('Not covered: shop-at (failed).').waitFor();
  await page.getByText(waveHash, { exact: true }).waitFor();
  // Each plan with its hash; the wave that is over is closed.
  const rows = page.getByRole('table', { name: 'Platforms of wave 2' }).getByRole('row');
  expect(await rows.count()).toBe(8);
  expect(await rows.nth(1).innerText()).toContain('shop-at');
  expect(await rows.nth(2).innerText()).toMatch(/shop-fr.*2c0ffee2c0ff.*4 min 34 s/s);
  expect(await page.getByRole('table', { name: 'Platforms of wave 1' }).count()).toBe(0);

  await page.getByRole('button', { name: 'Approve…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Your name').fill('ann');
  await dialog.getByLabel('to confirm').fill('shop');
  expect(await dialog.getByRole('button', { name: 'Approve these plans' }).isDisabled()).toBe(true);
  await dialog.getByLabel('to confirm').fill('shops');
  await dialog.getByRole('button', { name: 'Approve these plans' }).click();
  await page.getByText('approved by ann', { exact: true }).waitFor();
  expect(gateway.sent).toEqual([
    { route: 'approveWave', params: { fleet: 'shops' }, body: { by: 'ann', planHash: waveHash, fleet: 'shops' } },
  ]);

  gateway.tell('fleet:shops', runningFleet(Date.now()));
  const asks = page.getByRole('list', { name: 'Restores that wait for a person' });
  await asks.getByText('shop-it').waitFor();
  expect(await page.getByRole('heading', { name: 'Approve wave 2?' }).count()).toBe(0);
  await asks.getByRole('link').click();
  await page.waitForURL(/#\/runs\/restore%2Fshop-it%2F/);
});

test('held: why, and that resuming accepts the failures; pause and stop say what they do', async () => {
  gateway.answers.fleet = heldFleet(Date.now());
  Object.assign(gateway.answers, {
    resumeFleet: { answer: 'resumed by ann' },
    pauseFleet: { answer: 'paused by ann' },
    stopFleet: {
      failure: {
        kind: 'InvalidArgument',
        message: 'The fleet is passed: nothing more will start',
        remedy: 'Look again',
      },
    },
  });
  const page = await visit('#/fleets/shops');
  await page
    .getByText(/2 of 14 platforms failed; stopWhenFailed is 20%/)
    .first()
    .waitFor();
  await page.getByRole('button', { name: 'Resume…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('The failures so far are accepted and count no more').waitFor();
  await dialog.getByLabel('Your name').fill('ann');
  await dialog.getByLabel('Reason').fill('known images');
  await dialog.getByRole('button', { name: 'Resume' }).click();
  await page.getByText('resumed by ann').waitFor();
  gateway.tell('fleet:shops', runningFleet(Date.now()));
  await page.getByRole('button', { name: 'Pause…' }).click();
  await dialog.getByRole('button', { name: 'Pause' }).click();
  await page.getByText('paused by ann').waitFor();
  await page.getByRole('button', { name: 'Stop…' }).click();
  await dialog.getByText('Nothing more begins, ever').waitFor();
  await dialog.getByRole('button', { name: 'Stop' }).click();
  await dialog.getByText('nothing more will start').waitFor();
  expect(gateway.sent.map(({ route, body }) => [route, body])).toEqual([
    ['resumeFleet', { by: 'ann', reason: 'known images' }],
    ['pauseFleet', { by: 'ann' }],
    ['stopFleet', { by: 'ann' }],
  ]);
});

test('who may only look sees no button, with a word why', async () => {
  gateway.answers.session = {
    ...openSession,
    caller: { name: 'eve', role: 'viewer', method: 'oidc' },
    logins: ['oidc'],
  };
  const page = await visit('#/fleets/shops');
  await page.getByText('Approve…: needs the role approver, you are viewer').waitFor();
  await page.getByText('Pause…: needs the role operator, you are viewer').waitFor();
});

test.each([
  ['platforms with fleets', '#/', fleetDetails],
  ['a wave that waits', '#/fleets/shops', fleetDetails],
  ['a wave that works', '#/fleets/shops', runningFleet],
  ['a fleet that is held', '#/fleets/shops', heldFleet],
])('%s: nothing serious for axe, on a phone and on a wall, never wider than the screen', async (_, address, answer) => {
  const now = Date.now();
  Object.assign(gateway.answers, { fleet: answer(now), fleets: fleetRows(now), platforms: platformRows(now) });
  const page = await visit(address);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width: colorScheme === 'dark' ? 360 : 1280, height: 800 });
    expect(await seriousFindings(page)).toEqual([]);
    expect(await fitsItsWidth(page)).toBe(true);
  }
  for (const width of [720, 1100, 2560]) {
    await page.setViewportSize({ width, height: 1300 });
    expect(await fitsItsWidth(page)).toBe(true);
  }
});

test('a thousand platforms: closed waves draw nothing, and the fleet comes within seconds', async () => {
  const now = Date.now();
  const details = fleetDetails(now);
  const [one] = details.progress.members.slice(-1);
  details.progress.members = Array.from({ length: 1000 }, (_, index) => ({
    ...(one ?? (undefined as never)),
    platform: `shop-${index}`,
    wave: Math.floor(index / 50) + 1,
  }));
  details.progress.wave = { number: 2, of: 20 };
  gateway.answers.fleet = details;
  const page = await visit('#/fleets/shops');
  await page.getByRole('table', { name: 'Platforms of wave 2' }).waitFor();
  expect(await page.getByRole('row').count()).toBe(51);
  await page.locator('summary', { hasText: 'Wave 7' }).click();
  await page.getByRole('table', { name: 'Platforms of wave 7' }).waitFor();
  expect(await page.getByRole('row').count()).toBe(102);
});
