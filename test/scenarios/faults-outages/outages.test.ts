import { expectPassed } from '../faults-tools/message.ts';
import { name, patient, scenario, start, useOutages } from './use-outages.ts';

// A server that goes away and comes back: shown as waiting, then the run goes on. Those that stay away are in
// outages.long.test.ts, those of Elasticsearch in faults-repository, where it is down anyway.

useOutages();

test('an S3 server that comes back: the backup goes on and passes', async () => {
  await patient();
  await scenario.platform.s3.stop();
  const backup = start('backup', name);
  await backup.saw(/waiting: prepare backup, attempt 2 of at most/);
  await scenario.platform.s3.start();
  expectPassed(await backup.ended);
});
