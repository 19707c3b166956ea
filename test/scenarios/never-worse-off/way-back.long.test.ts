import { exitCodes } from '../../../cli/exit-codes.ts';
import { expectAlive, facts, quarantined } from '../harness/index.ts';
import { engineNow, expectPassed, textOf } from '../faults-tools/message.ts';
import { keptOf, name, restoreThatFails, scenario, useWayBack, variants } from './back.ts';

// Ways out of a restore past its point of no return that begin no way back at once: abort, skip, release.

useWayBack();

test('aborted: the platform is left as it is; another restore brings it back', async () => {
  const { run } = await restoreThatFails();
  await variants.rekindle(['decide', run, 'abort', '--by', 'ann']);
  await scenario.until(run, 'has ended', ({ phase }) => phase === 'failed');
  const { containers } = await engineNow();
  expect(containers.filter(({ name: one }) => one.includes('api')).map(({ running }) => running)).toEqual([false]);
  expect((await keptOf(run)).length).toBe(3);
  await variants.write();
  expectPassed(await variants.rekindle(['restore', name, '--point', facts().point, '--yes']));
  await expectAlive(scenario);
});

test('a skipped step: the verdict is not pass; only its own quarantine is released, on demand', async () => {
  const others = await quarantined(name);
  const started = variants.rekindle(['restore', name, '--point', facts().point, '--yes', '--json']);
  const run = await scenario.openRun('restore');
  await scenario.until(run, 'restored', ({ steps }) =>
    steps.some(({ id, status }) => id === 'verify-documents' && status === 'done'),
  );
  await variants.write((file) => (file.backup = { logFile: '/nowhere/at/all/backup.log' }));
  expect((await started).exitCode).toBe(exitCodes.waitsForPerson);
  await scenario.until(run, 'asks', ({ pendingDecisions }) => pendingDecisions[0]?.step === 'fresh-backup');
  await variants.rekindle(['decide', run, 'skip', '--by', 'ann']);
  const watched = await variants.rekindle(['watch', run, '--json']);
  expect(watched.exitCode).toBe(exitCodes.failed);
  expect(await scenario.progressOf(run)).toMatchObject({ phase: 'failed', verdict: 'fail' });
  expect((await keptOf(run)).length).toBe(3);
  expectPassed(await variants.rekindle(['release', run, '--by', 'ann']));
  expect(await keptOf(run)).toEqual([]);
  expect(await quarantined(name)).toEqual(others);
  const gone = await variants.rekindle(['rollback', run]);
  expect(gone.exitCode).toBe(exitCodes.badInput);
  expect(textOf(gone)).toMatch(/The quarantine of \S+ ended at \S+: its data was brought back or deleted/);
});
