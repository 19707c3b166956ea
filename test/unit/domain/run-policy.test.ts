import { storesOfKind } from '../../../domain/platform.ts';
import { runPolicyOf } from '../../../domain/runs/run-policy.ts';
import { demoPlatform } from '../../demo-situation.ts';

test('the limits of each store are its own', () => {
  const platform = demoPlatform();
  for (const store of storesOfKind(platform, 'elasticsearch')) store.snapshotTimeoutSeconds = 60;
  const { storeLimits } = runPolicyOf(platform, { host: 'h', taskQueue: 'q' });
  expect(storeLimits).toEqual({
    documents: { snapshotSeconds: 60, restoreSeconds: 600 },
    jobs: { snapshotSeconds: 3600, restoreSeconds: 3600 },
  });
});
