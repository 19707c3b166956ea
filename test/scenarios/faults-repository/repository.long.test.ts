import { startService, stopService } from '../../../stack/disasters.ts';
import { untilHealthy } from '../../../stack/wait.ts';
import { expectMessage, expectPassed } from '../faults-tools/message.ts';
import { streamRekindle } from '../faults-tools/streamed.ts';
import { outageSeconds } from '../faults-tools/variants.ts';
import {
  checkRefused,
  missingBucket,
  missingType,
  name,
  ownCatalogue,
  restoreRefused,
  says,
  scenario,
  useRefusals,
  variants,
} from './refusals.ts';

// cspell:ignore ucket

// What can be wrong between the platform file and the snapshot repository: told before anything is stopped. The tests run in
// this order; with Elasticsearch dead, when only the bucket can be asked: elasticsearch-dead.long.test.ts.

useRefusals();

test('a missing bucket: restore refused, backup failed', async () => {
  await checkRefused(missingBucket, says.missingBucket);
  const ended = await variants.rekindle(['backup', name]);
  await expectMessage(scenario, ended, 1, [/register repository s3_elsewhere/, /[Bb]ucket/, /Create the bucket/]);
});

test('a repository type that the nodes lack: restore refused, backup failed', async () => {
  await restoreRefused(missingType, [/No repository type "gcs" on /, /Install its module or plugin on every node/]);
  const ended = await variants.rekindle(['backup', name]);
  await expectMessage(scenario, ended, 1, [/repository type \[gcs\] does not exist/, /every node/]);
});

test('Elasticsearch down at a backup: waited for within the limit, then a clear failure', async () => {
  await stopService(scenario.platform, 'elasticsearch');
  const began = Date.now();
  const ended = await variants.rekindle(['backup', name]);
  await expectMessage(scenario, ended, 1, [
    new RegExp(`waiting: prepare store documents, for at most ${outageSeconds} s: Container \\S+ is stopped`),
    /Container \S+ is stopped \(exit code \d+, since /,
    /docker logs /,
  ]);
  // The limit, and on top of it the start of the program and of the run on a busy machine.
  expect(Date.now() - began).toBeLessThan((outageSeconds + 20) * 1000);
});

test('Elasticsearch comes back during a backup: it goes on and passes', async () => {
  await variants.write((file) => {
    ownCatalogue(file);
    file.restore['outageSeconds'] = 110;
  });
  const backup = streamRekindle(['backup', name], { ...scenario.environment, REKINDLE_PLATFORMS: variants.folder });
  await backup.saw(/waiting: prepare store documents/);
  await startService(scenario.platform, 'elasticsearch');
  expectPassed(await backup.ended);
  await untilHealthy(scenario.platform);
});
