import { startService, stopService } from '../../../stack/disasters.ts';
import { untilHealthy } from '../../../stack/wait.ts';
import { expectPassed } from '../faults-tools/message.ts';
import {
  checkRefused,
  hollow,
  lookAtEngine,
  missingBucket,
  missingType,
  name,
  ownCatalogue,
  restoreRefused,
  says,
  scenario,
  useRefusals,
  variants,
  wrongStoreSecret,
} from './refusals.ts';

useRefusals();
afterAll(async () => {
  await startService(scenario.platform, 'elasticsearch');
  await startService(scenario.platform, 'job-executor');
  await untilHealthy(scenario.platform);
});

// Five scratch Elasticsearch start, one after the other.
test('what repository.test.ts refuses is refused with Elasticsearch dead', async () => {
  // Without Elasticsearch the executors end and are started again, by the engine and not by Rekindle.
  await stopService(scenario.platform, 'job-executor');
  await stopService(scenario.platform, 'elasticsearch');
  await lookAtEngine();
  await restoreRefused(ownCatalogue, [new RegExp(`snapshot.${hollow} is not in bucket`)], ['--point', hollow]);
  await checkRefused(wrongStoreSecret, says.wrongSecret);
  await checkRefused(missingBucket, says.missingBucket);
  // A scratch one of its image is asked in its stead.
  await checkRefused(missingType, [/No repository type "gcs" on /, /Install its module or plugin on every node/]);
  await variants.write();
  expectPassed(await variants.rekindle(['check', name]));
});
