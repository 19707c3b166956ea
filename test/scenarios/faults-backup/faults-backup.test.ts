import type { RunProgress } from '../../../domain/runs/progress.ts';
import { containersOf, nameOf } from '../../../stack/engine.ts';
import { connectDocker } from '../../../systems/docker/engine.ts';
import { expectPassed } from '../faults-tools/message.ts';
import { outageSeconds } from '../faults-tools/variants.ts';
import {
  before,
  client,
  expectFailed,
  name,
  nothingLeft,
  register,
  registered,
  scenario,
  snapshots,
  telemetry,
  useBackups,
  variants,
  write,
} from './backups.ts';

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

test('a red cluster: refused, the index named', async () => {
  await client.indices.create({
    index: 'nuvla-nowhere',
    settings: { 'index.routing.allocation.require._name': 'no-such-node' },
    wait_for_active_shards: 0,
  });
  await expectFailed('ClusterRed', 3, [/Elasticsearch is red/, /nuvla-nowhere/, /_cluster\/allocation\/explain/]);
  await nothingLeft();
});

test('another snapshot runs: the backup shows that it waits, then is refused; the snapshot is not disturbed', async () => {
  await write(4, 'second');
  await register({ max_snapshot_bytes_per_sec: '20kb' });
  await client.snapshot.create({ repository: 's3_backup', snapshot: 'of-another', indices: telemetry });
  try {
    await expectFailed('SnapshotRunning', 3, [
      new RegExp(`waiting: prepare store documents, for at most ${outageSeconds} s: waits for snapshot of-another`),
      /the snapshot of-another still runs/,
      /DELETE _snapshot\/s3_backup/,
    ]);
    expect((await snapshots()).filter((each) => !before.snapshots.includes(each))).toEqual(['of-another']);
  } finally {
    await client.snapshot.delete({ repository: 's3_backup', snapshot: 'of-another' });
  }
  await nothingLeft();
});

test('a repository that someone registered read-only stays read-only; leftovers of a run do not block a backup', async () => {
  await register({ readonly: 'true' });
  await expectFailed('RepositoryReadonly', 3, [
    /registered read-only, and not by a run of Rekindle/,
    /last written by this cluster/,
    /two writers corrupt it/,
  ]);
  expect((await registered()).settings['readonly']).toBe('true');
  await nothingLeft();

  await register({ readonly: 'true', rekindle_readonly_by: 'restore/of/another/day' });
  expectPassed(await variants.rekindle(['backup', name]));
  expect((await registered()).settings['readonly']).toBeUndefined();
});

test('a platform file that says readonly', async () => {
  await variants.write((file) => (file.stores[0]!.repository.settings['readonly'] = 'true'));
  await expectFailed('RepositoryReadonly', 3, [/platform file says .* readonly/, /repository\.settings/]);
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
