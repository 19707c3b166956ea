import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import type { Page } from 'playwright-core';
import { serve as serveProgram } from '../../../bench/command.ts';
import { hosts } from '../../../bench/fleet/simulated-activities.ts';
import { findTemporal, freePort, startTemporalServer } from '../../../cli/servers/temporal-server.ts';
import { askFleet, startFleet } from '../../../client/fleets.ts';
import { closeAll } from '../../at-end.ts';
import { openBrowser } from '../../browser.ts';
import { environmentOf } from '../../scenarios/harness/processes.ts';
import { serve } from '../../scenarios/status/gateway-process.ts';

// The page, the gateway, Temporal and the fleet's workflow are real; what a restore does to a platform is simulated.

const taskQueue = 'rekindle-fleet-story';
const worker = fileURLToPath(new URL('../../../dist/bench/fleet/worker-process.js', import.meta.url));
const closing: (() => unknown)[] = [];
let client: Client;
let page: Page;

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rkt-fleet-story-'));
  closing.push(() => rm(folder, { recursive: true, force: true }));
  const ports = { port: await freePort(0), uiPort: await freePort(0) };
  const temporal = await startTemporalServer({ command: findTemporal(process.env), ...ports });
  closing.push(() => temporal.stop());
  const reach = { platformsFolder: folder, keyFile: join(folder, 'key.txt'), taskQueue };
  const environment = environmentOf({ ...reach, temporalAddress: temporal.address });
  for (const host of hosts) {
    const own = { ...environment, REKINDLE_HOST: host, REKINDLE_LOG_LEVEL: 'silent' };
    const one = await serveProgram([process.execPath, worker], { environment: own, ready: 'working', seconds: 60 });
    closing.push(() => one.stop());
  }
  const connection = await Connection.connect({ address: temporal.address });
  closing.push(() => connection.close());
  client = new Client({ connection });
  const gateway = await serve<{ gateway: { url: string } }>(['gateway'], {
    ...environment,
    REKINDLE_GATEWAY_ADDRESS: '127.0.0.1:0',
  });
  closing.push(() => gateway.stop());
  const browser = await openBrowser({ patienceMs: 60_000 });
  closing.push(() => browser.close());
  page = await browser.open(gateway.document.gateway.url);
});
afterAll(() => closeAll(closing));

const heading = (name: string) => page.getByRole('heading', { name, exact: true });

async function answer(button: string, does: string, typed?: string): Promise<void> {
  await page.getByRole('button', { name: button }).click();
  const dialog = page.getByRole('dialog');
  await dialog.waitFor();
  const name = dialog.getByLabel('Your name');
  if ((await name.count()) > 0) await name.fill('ann');
  if (typed !== undefined) await dialog.getByLabel('to confirm').fill(typed);
  await dialog.getByRole('button', { name: does, exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
}

test('a fleet in three waves: approved by the hash that is shown, paused, resumed, and stopped before the last', async () => {
  const platforms = [1, 2, 3, 4, 5].map((number) => `shop-${number}`);
  await startFleet(client, taskQueue, {
    fleet: 'shops',
    platforms,
    canaries: ['shop-1'],
    limits: { overall: 2 },
    stopWhenFailed: { count: 1 },
    waveSize: 2,
    approval: 'wave',
    restore: {},
    startedBy: { how: 'command line', name: 'ann' },
  });
  const line = page.getByRole('list', { name: 'Fleets' }).getByRole('listitem');
  await line.filter({ hasText: 'Waiting for approval' }).filter({ hasText: 'wave 1 of 3' }).waitFor();
  await line.getByRole('link').click();

  await heading('Approve wave 1?').waitFor();
  const hashOf = async () => (await askFleet(client, 'shops')).waveHash ?? '';
  await page.getByText(await hashOf(), { exact: true }).waitFor();
  await answer('Approve…', 'Approve these plans', 'shops');

  await heading('Approve wave 2?').waitFor();
  await page.locator('.fleet-counts').getByText('1 passed').waitFor();
  await page.getByText(await hashOf(), { exact: true }).waitFor();
  await answer('Pause…', 'Pause');
  await page.locator('.title .state', { hasText: 'Paused' }).waitFor();
  expect(await heading('Approve wave 2?').count()).toBe(0);
  await answer('Resume…', 'Resume');
  await heading('Approve wave 2?').waitFor();
  await answer('Approve…', 'Approve these plans', 'shops');

  await heading('Approve wave 3?').waitFor();
  await page.locator('.fleet-counts').getByText('3 passed').waitFor();
  await answer('Stop…', 'Stop');
  await page.locator('.title .state', { hasText: 'Failed' }).waitFor();
  await page.locator('.fleet-counts').getByText('2 skipped').waitFor();
  expect(await page.getByRole('button', { name: /Pause|Resume|Stop|Approve/ }).count()).toBe(0);
  const story = await page.locator('.story li').allInnerTexts();
  expect(story.map((text) => /(approved|paused|resumed|stopped) by ann/.exec(text)?.[1])).toEqual(
    ['approved', 'paused', 'resumed', 'approved', 'stopped'].toReversed(),
  );

  const { members, phase } = await askFleet(client, 'shops');
  expect(phase).toBe('failed');
  expect(members.map(({ wave, state }) => `${wave} ${state}`)).toEqual([
    '1 passed',
    '2 passed',
    '2 passed',
    '3 skipped',
    '3 skipped',
  ]);
  // One that has ended is under way no more.
  await page.locator('a.brand').click();
  await line.waitFor({ state: 'detached' });
}, 240_000);
