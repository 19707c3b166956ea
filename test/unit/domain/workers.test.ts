import { checkWorkers, type WorkerSeen } from '../../../domain/workers.ts';
import { summaryOf } from '../../../domain/status/platform-summary.ts';
import { ofPlatform, type PlatformSeen } from '../../../domain/status/status.ts';

const old: WorkerSeen = { identity: '7@north', version: '0.1.0+8c1f09ab42d1' };
const young: WorkerSeen = { identity: '8@north', version: '0.2.0+11f09ab42d1c' };

test('nobody seen: no check', () => {
  expect(checkWorkers([])).toBeUndefined();
});

test('one version, however many workers', () => {
  const check = checkWorkers([old, { ...old, identity: '9@south' }]);
  expect(check).toMatchObject({ verdict: 'pass', evidence: '2 at work, 0.1.0+8c1f09ab42d1' });
  expect(check?.warning).toBeUndefined();
  expect(checkWorkers([{ identity: '1@north' }])).toMatchObject({ evidence: '1 at work, version not known' });
});

test('two versions: a warning that names who has which', () => {
  expect(checkWorkers([young, old, { ...old, identity: '9@south' }])).toEqual({
    name: 'workers',
    verdict: 'pass',
    warning: true,
    evidence: 'Workers of 2 versions are at work: 0.1.0+8c1f09ab42d1 (7@north, 9@south); 0.2.0+11f09ab42d1c (8@north)',
    remedy: 'Finish the upgrade: bring every worker to the same version, one after the other',
  });
});

test('a platform is shown with them only when they differ', () => {
  const trouble = { kind: 'Internal', message: 'm', remedy: 'r' } as const;
  const summary = (workerVersions: string[]) => {
    const underWay = { value: { runs: [], schedules: [], incidents: [], worker: true, workerVersions } };
    const seen: PlatformSeen = {
      platform: 'nuvla',
      file: { trouble },
      catalogue: { trouble },
      temporal: ofPlatform(underWay, 'nuvla'),
      worker: 'working',
    };
    return summaryOf(seen, 0).workerVersions;
  };
  expect(summary(['0.1.0+a'])).toBeUndefined();
  expect(summary(['0.1.0+a', '0.2.0+b'])).toEqual(['0.1.0+a', '0.2.0+b']);
});
