import { beforeAll, beforeEach, expect, test } from 'vitest';
import { exitCodes } from '../../../cli/exit-codes.ts';
import type { RunProgress } from '../../../domain/runs/progress.ts';
import { withElasticsearch } from '../../../stack/clients.ts';
import { expectAlive, facts, quarantined, restartPolicies, useScenario } from '../harness/index.ts';
import { engineNow, expectPassed, textOf } from '../faults-tools/message.ts';
import { type PlatformFile, useVariants } from '../faults-tools/variants.ts';

// Past the point of no return nothing is lost either: what was set aside comes back with what was written after the
// recovery point, or is let go when somebody says so. The tests run in this order.

const scenario = useScenario({ fresh: true });
const variants = useVariants(scenario);
let name: string;

beforeAll(async () => {
  name = scenario.platform.project;
  await variants.startWorker();
});
beforeEach(() => variants.write());

const missingBucket = (file: PlatformFile) => {
  file.stores[0]!.repository.settings['bucket'] = 'no-such-bucket-here';
};

async function write(id: string): Promise<void> {
  await withElasticsearch(scenario.platform, (client) =>
    client.index({ index: 'nuvla-event', id, document: { id }, refresh: true }),
  );
}

async function isThere(id: string): Promise<boolean> {
  return withElasticsearch(scenario.platform, (client) => client.exists({ index: 'nuvla-event', id }));
}

const keptOf = async (run: string) =>
  (await quarantined(name)).filter((path) => path.includes(encodeURIComponent(run)));

/** A restore whose repository is gone once the old data is set aside: it waits for a decision. */
async function restoreThatFails(): Promise<{ run: string; progress: RunProgress }> {
  const started = variants.rekindle(['restore', name, '--point', facts().point, '--yes', '--json']);
  const run = await scenario.openRun('restore');
  await scenario.until(run, 'has set the data aside', ({ steps }) =>
    steps.some(({ id, status }) => id === 'start-elasticsearch' && status !== 'waiting'),
  );
  await variants.write(missingBucket);
  const ended = await started;
  expect(ended.exitCode, textOf(ended)).toBe(exitCodes.waitsForPerson);
  const progress = await scenario.until(run, 'asks', ({ phase }) => phase === 'waiting for decision');
  expect(progress.pendingDecisions[0]).toMatchObject({ failure: { kind: 'BucketMissing' } });
  expect(progress.pointOfNoReturn?.passedAt).toBeDefined();
  return { run, progress };
}

/** As before the restore: the same containers and policies, and the repository takes snapshots. */
async function expectAsBefore(before: Awaited<ReturnType<typeof engineNow>>): Promise<void> {
  const after = await engineNow();
  const running = ({ containers }: typeof after) => containers.map((one) => [one.name, one.running]);
  expect(running(after)).toEqual(running(before));
  expect(restartPolicies(after)).toEqual(restartPolicies(before));
  expectPassed(await variants.rekindle(['backup', name]));
}

test('a failure past the point of no return, rolled back: what was written after the recovery point is there', async () => {
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
  expect(textOf(early)).toContain(`${run} still works on ${name}`);
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
  expect(textOf(again)).toContain('brought back already');
});

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

test('a skipped step: the verdict is no pass; its quarantine is released on demand, and only its own', async () => {
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
  expect(textOf(gone)).toMatch(/the quarantine of \S+ ended at \S+: its data was brought back or deleted/);
});
