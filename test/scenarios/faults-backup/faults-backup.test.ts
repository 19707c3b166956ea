import type { RunProgress } from '../../../domain/runs/progress.ts';
import { containersOf, nameOf } from '../../../stack/engine.ts';
import { connectDocker } from '../../../systems/docker/engine.ts';
import { expectPassed } from '../faults-tools/message.ts';
import { client, expectFailed, name, nothingLeft, scenario, useBackups, variants } from './backups.ts';

// What can go wrong with a backup, made for real: each is told by its own kind with a remedy, leaves no half snapshot and
// no recovery point, and the platform as it was.

useBackups();

test('every backup reports what it checked', async () => {
  const ended = await variants.rekindle(['backup', name, '--json']);
  expectPassed(ended);
  const { checks } = ended.json as RunProgress;
  const evidence = Object.fromEntries(checks.map((check) => [check.name, check.evidence]));
  expect(evidence).toMatchObject({
    'repository documents': 's3_backup verified on 1 of 1 nodes',
    'expected set documents': expect.stringMatching(/is SUCCESS, (\d+) of \1 indices$/) as string,
    'shards documents': expect.stringMatching(/^(\d+) of \1 shards done, 0 failed/) as string,
    'files documents': expect.stringMatching(/^\d+ files of \d+ of \d+ shards are in bucket /) as string,
  });
});

test('another run holds the platform: skipped, with a note, which its report keeps', async () => {
  // The lock alone, as a run holds it.
  const lock = await scenario.client.workflow.start('exclusive', {
    taskQueue: scenario.environment['REKINDLE_TASK_QUEUE']!,
    workflowId: `exclusive/${name}`,
    args: [{ platform: name, run: 'a test' }],
  });
  try {
    const ended = await variants.rekindle(['backup', name, '--json']);
    expect(ended.exitCode).toBe(3);
    const { run, note } = ended.json as RunProgress;
    expect(note).toBe(`another run holds ${name}; no backup was taken`);
    const report = await variants.rekindle(['report', run, '--json']);
    expect(report.json).toMatchObject({ phase: 'skipped', note });
  } finally {
    await lock.signal('release');
  }
  await nothingLeft();
});

test('a shard that cannot be read: partial, the shard named', async () => {
  await client.indices.create({ index: 'nuvla-damaged', settings: { number_of_shards: 1, number_of_replicas: 0 } });
  await client.bulk({
    index: 'nuvla-damaged',
    operations: Array.from({ length: 500 }, (_, number) => [{ index: {} }, { number }]).flat(),
  });
  await client.indices.flush({ index: 'nuvla-damaged', force: true });
  const { [`nuvla-damaged`]: settings } = await client.indices.getSettings({ index: 'nuvla-damaged' });
  const uuid = settings?.settings?.index?.uuid ?? '';
  const [container] = await containersOf(name, 'elasticsearch');
  const damage = `for f in $(find data/indices/${uuid} -name "*.cfs"); do printf XX | dd of=$f bs=1 seek=60 conv=notrunc; done`;
  await connectDocker().exec(nameOf(container!), ['sh', '-c', damage], { stdin: '' });
  await expectFailed('SnapshotPartial', 1, [
    /ended as PARTIAL/,
    /nuvla-damaged\[0\]: /,
    /Make the named shards healthy/,
  ]);
  await client.indices.delete({ index: 'nuvla-damaged' });
  await nothingLeft();
});
