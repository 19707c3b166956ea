import { exitCodes } from '../../../cli/exit-codes.ts';
import { withElasticsearch } from '../../../stack/clients.ts';
import { facts, restartPolicies } from '../harness/index.ts';
import { engineNow, expectPassed, textOf } from '../faults-tools/message.ts';
import { keptOf, name, restoreThatFails, scenario, useWayBack, variants } from './back.ts';

// Past the point of no return nothing is lost either: what was set aside comes back with what was written after the
// recovery point, or is let go when somebody says so. The tests run in this order; more in way-back.long.test.ts.

useWayBack();

async function write(id: string): Promise<void> {
  await withElasticsearch(scenario.platform, (client) =>
    client.index({ index: 'nuvla-event', id, document: { id }, refresh: true }),
  );
}

async function isThere(id: string): Promise<boolean> {
  return withElasticsearch(scenario.platform, (client) => client.exists({ index: 'nuvla-event', id }));
}

/** As before the restore: the same containers and policies, and the repository takes snapshots. */
async function expectAsBefore(before: Awaited<ReturnType<typeof engineNow>>): Promise<void> {
  const after = await engineNow();
  const running = ({ containers }: typeof after) => containers.map((one) => [one.name, one.running]);
  expect(running(after)).toEqual(running(before));
  expect(restartPolicies(after)).toEqual(restartPolicies(before));
  expectPassed(await variants.rekindle(['backup', name]));
}

test('a failure past the point of no return, rolled back: writes after the recovery point are back', async () => {
  await write('late-1');
  const before = await engineNow();
  const { run, progress } = await restoreThatFails();
  const [pending] = progress.pendingDecisions;
  expect(pending?.choices.map(({ choice }) => choice)).toEqual(['retry', 'abort', 'rollback']);
  await variants.write();
  expectPassed(await variants.rekindle(['decide', run, 'rollback', '--by', 'ann']));
  const watched = await variants.rekindle(['watch', run]);
  expect(watched.exitCode).toBe(exitCodes.failed);
  expect(textOf(watched)).toMatch(/Decided by ann at \S+: rollback of/);
  const after = await scenario.progressOf(run);
  expect(after).toMatchObject({ phase: 'rolled back', verdict: 'fail' });
  const proofs = after.checks.filter((check) => check.name.startsWith('quarantine '));
  expect(proofs.map(({ verdict }) => verdict)).toEqual(['pass', 'pass', 'pass']);
  expect(await isThere('late-1')).toBe(true);
  await expectAsBefore(before);
});

test('cancelled past the point of no return: it stays as it is, and "rollback" brings it back', async () => {
  await write('late-2');
  const before = await engineNow();
  const ended = variants.rekindle(['restore', name, '--point', facts().point, '--yes', '--json']);
  const run = await scenario.openRun('restore');
  await scenario.until(run, 'starts the new services', ({ steps }) =>
    steps.some(({ id, status }) => id === 'start-elasticsearch' && status === 'running'),
  );
  const early = await variants.rekindle(['rollback', run]);
  expect(early.exitCode).toBe(exitCodes.badInput);
  expect(textOf(early)).toContain(`${run} is still working on ${name}`);
  await variants.rekindle(['cancel', run]);
  expect((await ended).exitCode).toBe(exitCodes.failed);
  expect((await keptOf(run)).length).toBeGreaterThan(0);
  const back = await variants.rekindle(['rollback', run, '--by', 'ann']);
  expectPassed(back);
  expect(textOf(back)).toMatch(/Verdict: pass/);
  expect(await isThere('late-2')).toBe(true);
  await expectAsBefore(before);
  const again = await variants.rekindle(['rollback', run]);
  expect(again.exitCode).toBe(exitCodes.badInput);
  expect(textOf(again)).toContain('is already back');
});
