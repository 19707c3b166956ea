import { join } from 'node:path';
import { removeContainers } from '../../../stack/removal.ts';
import { expectAlive, facts } from '../harness/index.ts';
import { engineNow, expectPassed, textOf } from '../faults-tools/message.ts';
import { keptOf, name, scenario, useWayBack, variants } from './back.ts';

// Containers that somebody removed: all of them before a restore, one in the middle of it. In this order.

useWayBack();

/** With Elasticsearch gone preflight starts one of its own first. */
const rekindle = (...args: string[]) =>
  scenario.rekindle(args, { environment: { REKINDLE_PLATFORMS: variants.folder }, withinSeconds: 240 });

test('all, with the volumes there: after the restore "rollback" brings the data back, also without the catalogue', async () => {
  await removeContainers(name);
  const before = await engineNow();
  const ended = rekindle('restore', name, '--point', facts().point, '--yes');
  const run = await scenario.openRun('restore');
  expectPassed(await ended);
  expect((await keptOf(run)).length).toBe(3);
  await variants.write((file) => (file.catalogue = { kind: 'directory', path: join(variants.folder, 'empty') }));
  const back = await rekindle('rollback', run, '--by', 'ann');
  expectPassed(back);
  expect(textOf(back)).toMatch(/Verdict: pass/);
  // As before, with the data in its place: nothing ran then.
  expect((await engineNow()).containers).toEqual([]);
  expect((await engineNow()).volumes).toEqual(before.volumes);
  expect((await keptOf(run)).every((path) => path.endsWith('.replaced'))).toBe(true);
});

test('one that was up already: the run asks, and a retry makes it anew', async () => {
  const started = rekindle('restore', name, '--point', facts().point, '--yes');
  const run = await scenario.openRun('restore');
  await scenario.until(run, 'Elasticsearch is up', ({ steps }) =>
    steps.some(({ id, status }) => id === 'start-elasticsearch' && status === 'done'),
  );
  await removeContainers(name, ['elasticsearch']);
  await started;
  const { pendingDecisions } = await scenario.until(run, 'asks', ({ phase }) => phase === 'waiting for decision');
  expect(pendingDecisions[0]?.from).toBe('start-elasticsearch');
  expectPassed(await rekindle('decide', run, 'retry', '--by', 'ann'));
  expectPassed(await rekindle('watch', run));
  await expectAlive(scenario);
});
