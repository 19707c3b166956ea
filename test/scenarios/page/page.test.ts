import type { Plan } from '../../../domain/plans/plan.ts';
import { withElasticsearch } from '../../../stack/clients.ts';
import { expecting } from '../../expecting.ts';
import { textOf } from '../faults-tools/message.ts';
import { expectAlive, facts } from '../harness/index.ts';
import {
  ann,
  bob,
  carol,
  expectFit,
  gateway,
  isThere,
  lostIndex,
  name,
  openDialog,
  scenario,
  usePage,
  variants,
  write,
} from './scene.ts';

// One night on the page, in this order: a disaster is seen, a restore chosen and approved by two, a step fails and is
// decided on, it passes and is rolled back. Whatever changes does so without a reload.

usePage();

let run: string;

const colourOf = (selector: string) =>
  ann.evaluate<string>(`getComputedStyle(document.querySelector('${selector}')).color`);
const planOf = (id: string) => scenario.client.workflow.getHandle(id).query<Plan>('plan');

test('a disaster shows in the list as it happens: a word, a colour, what is wrong', async () => {
  await ann.locator('a.platform.good', { hasText: 'Good' }).waitFor();
  const calm = await colourOf('a.platform .state');
  // Only a page that was not loaded again knows it afterwards.
  await ann.evaluate('window.stayed = true');
  await withElasticsearch(scenario.platform, (client) => client.indices.delete({ index: lostIndex }));
  await gateway.say('opened', 'Deployments are gone');
  await ann.locator('a.platform', { hasText: '1 incident' }).waitFor();
  const backup = await variants.rekindle(['backup', name]);
  expecting(backup.exitCode, textOf(backup)).toBe(1);
  const row = ann.locator('a.platform.bad', { hasText: 'Failed' });
  await row.filter({ hasText: '1 suspect' }).waitFor();
  expect(await row.innerText()).toMatch(/the last backup, backup\/\S+, ended as failed/i);
  expect(await colourOf('a.platform .state')).not.toBe(calm);
  await expectFit(ann);
});

test('the incident has its preflight; the point before the disaster is chosen, and the plan says what it does', async () => {
  await ann.locator('a.platform').click();
  await ann.getByRole('heading', { level: 1, name }).waitFor();
  await ann.getByText('the last backup').waitFor();
  await ann.locator('.badge', { hasText: 'suspect' }).waitFor();
  await expectFit(ann);
  await ann.getByRole('link', { name: 'Deployments are gone' }).click();
  await ann.getByRole('heading', { name: 'Could it be restored?' }).waitFor();
  await expectFit(ann);

  await ann.goBack();
  const dialog = await openDialog(ann, `Restore… ${name} to ${facts().point}`);
  await dialog.getByText('nothing is stopped before it is approved').waitFor();
  await dialog.getByRole('button', { name: 'Make the plan' }).click();
  await ann.getByRole('heading', { name: 'Approve this plan?' }).waitFor();
  run = decodeURIComponent(new URL(ann.url()).hash.slice('#/runs/'.length));
  const ask = ann.getByRole('region', { name: 'Approve this plan?' });
  const { elasticsearch, zookeeper } = scenario.platform.volumes;
  await ask.getByText(/^Stops .*elasticsearch/).waitFor();
  for (const volume of [...elasticsearch, ...zookeeper])
    await ask.getByText(new RegExp(`^Sets aside the data in .*${volume}.*: it can be rolled back`)).waitFor();
  await ask.getByText(`${name} is down for about`).waitFor();
  await ask.getByText('Lost in documents').waitFor();
  const { steps } = await planOf(run);
  expect(await ann.locator('.graph .box').count()).toBe(steps.length);
  await ann.locator('.graph').getByText('point of no return').waitFor();
  await expectFit(ann);
});

test('two must approve: nobody twice, and of two who press at once one is enough', async () => {
  const first = await openDialog(ann, 'Approve…');
  const yes = { name: 'Approve this plan' };
  await first.getByLabel('to confirm').fill(`${name}x`);
  expect(await first.getByRole('button', yes).isDisabled()).toBe(true);
  await first.getByLabel('to confirm').fill(name);
  await first.getByRole('button', yes).click();
  await ann.getByText('1 of 2 approvals: ann. Another person must approve, too').waitFor();
  const again = await openDialog(ann, 'Approve…', { typed: true });
  await again.getByRole('button', yes).click();
  await again.getByText('ann has already approved; 1 more must come from others').waitFor();
  await again.getByRole('button', { name: 'Back' }).click();

  const others = await Promise.all(
    [bob, carol].map(async (page) => {
      await page.goto(`${gateway.url}/#/runs/${encodeURIComponent(run)}`);
      await page.getByText('1 of 2 approvals: ann').waitFor();
      return openDialog(page, 'Approve…', { typed: true });
    }),
  );
  await Promise.all(others.map((dialog) => dialog.getByRole('button', yes).click()));
  // Whoever was second hears who was first.
  await Promise.all([bob, carol].map((page) => page.getByText(/approved by ann, (bob|carol)$/).waitFor()));
  const { approvals } = await scenario.progressOf(run);
  expect(approvals).toMatchObject([{ by: 'ann', how: 'authenticated' }, { how: 'authenticated' }]);
});

test('it is watched as it works; a step that fails asks, and a retry goes on to pass', async () => {
  await ann.getByText(/^\d+ of \d+ done$/).waitFor();
  await scenario.until(run, 'has set the data aside', ({ steps }) =>
    steps.some(({ id, status }) => id === 'start-elasticsearch' && status !== 'waiting'),
  );
  await write((file) => (file.stores[0]!.repository.settings['bucket'] = 'no-such-bucket-here'));
  await ann.getByRole('heading', { name: /failed\. What next\?$/ }).waitFor({ timeout: 120_000 });
  const ask = ann.getByRole('region', { name: /^Decision on/ });
  await ask.getByText('The specified bucket does not exist').waitFor();
  for (const choice of ['Retry', 'Abort', 'Roll back'])
    await ask.getByRole('button', { name: choice, exact: true }).waitFor();
  await expectFit(ann);

  await write();
  const retry = await openDialog(ann, 'Retry');
  await retry.getByRole('button', { name: 'Retry' }).click();
  await ann.getByText(/ann chose retry for/).waitFor();
  await ann.getByRole('heading', { name: /^Passed in/ }).waitFor({ timeout: 180_000 });
  expect(await ann.evaluate('window.stayed')).toBe(true);
  await expectAlive(scenario);
});

test('it is rolled back on the page, by the plan that a dry run shows', async () => {
  await expectFit(ann);
  const preview = await variants.rekindle(['rollback', run, '--dry-run', '--json']);
  expecting(preview.exitCode, textOf(preview)).toBe(0);
  const dialog = await openDialog(ann, 'Roll back…', { typed: true });
  await dialog.getByRole('button', { name: 'Bring the old data back' }).click();
  await ann.getByRole('heading', { level: 1, name: `Quarantine of ${name}` }).waitFor();
  await ann.locator('.title .state', { hasText: 'Rolled back' }).waitFor({ timeout: 120_000 });
  const quarantine = `quarantine/${run}`;
  const { verdict, planHash } = await scenario.progressOf(quarantine);
  const { plan } = preview.json as { plan: Plan };
  expect({ verdict, planHash }).toEqual({ verdict: 'pass', planHash: plan.hash });
  expect(await isThere()).toBe(false);
  await expectFit(ann);

  await gateway.say('resolved', 'Deployments are gone');
  await ann.locator('a.brand').click();
  await ann.locator('a.platform', { hasNotText: 'incident' }).waitFor();
  expect(await ann.evaluate('window.stayed')).toBe(true);
});
