import { startService, stopService } from '../../../stack/disasters.ts';
import { expectMessage } from '../faults-tools/message.ts';
import { outageSeconds } from '../faults-tools/variants.ts';
import { name, patient, scenario, start, useOutages, variants } from './use-outages.ts';

// Servers that stay away: waited for within the limit of the platform file, then a clear failure.

useOutages();

async function failsInTime(args: string[], says: (string | RegExp)[]): Promise<void> {
  const began = Date.now();
  await expectMessage(scenario, await variants.rekindle(args), 1, says);
  // The limit, the last attempt's own time, and the start of program and run on a busy machine.
  expect(Date.now() - began).toBeLessThan((outageSeconds + 25) * 1000);
}

test('an S3 server that does not come back: backup, restore and list of points say so', async () => {
  await scenario.platform.s3.stop();
  const says = [/ECONNREFUSED/, scenario.platform.s3.endpoint, /Start the object storage/];
  await failsInTime(['backup', name], [/waiting: prepare backup, attempt 2 of at most \d/, ...says]);
  await failsInTime(['restore', name, '--yes'], [/waiting: prepare restore, attempt 2 of at most \d/, ...says]);
  await failsInTime(['points', name], says);
});

test('ZooKeeper down at a rebuild: a clear failure after the limit; back in time, it goes on', async () => {
  await stopService(scenario.platform, 'zookeeper');
  await failsInTime(
    ['rebuild', name],
    [
      new RegExp(`waiting: await store jobs, for at most ${outageSeconds} s: waiting for ZooKeeper`),
      /Container .*zookeeper.* is stopped \(exit code/,
      /docker start .*zookeeper/,
    ],
  );
  await patient();
  const rebuild = start('rebuild', name);
  await rebuild.saw(/waiting: await store jobs, for at most 90 s/);
  await startService(scenario.platform, 'zookeeper');
  const ended = await rebuild.ended;
  expect(ended.stdout).toMatch(/done await store jobs .*[^]*done rebuild queue jobs/);
  // Not always a pass: the core services live on while it runs. A job that ended while ZooKeeper was away keeps its
  // entry until an executor's old session has expired and another takes it; an API whose ZooKeeper left between a job's
  // entry and its document leaves one without the other. The verdict then says so; that alone may stand in the way.
  if (ended.exitCode !== 0)
    await expectMessage(scenario, ended, 1, [/entries in \/job for \d+ jobs; \d+ (extra|missing): job\//]);
});
