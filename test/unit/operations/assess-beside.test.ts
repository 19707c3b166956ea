import { failed, passed } from '../../../domain/checks.ts';
import type { RestoreSituation } from '../../../domain/plans/plan-restore.ts';
import type { DrillPolicy } from '../../../domain/drills/drill-policy.ts';
import { without } from '../../../domain/without.ts';
import type { OpenPlatform } from '../../../operations/open-platform.ts';
import { assessBeside } from '../../../operations/restore/assess-beside.ts';
import { demoManifest, demoPlatform, demoSituation } from '../../demo-situation.ts';
import { besideRun } from '../../beside-situation.ts';

// What is refused before the capture is read; with a capture, and with an engine: not yet.

const inPlaceChecks = [
  passed('disk', 'Room for the data next to the quarantine'),
  failed('bootstrap documents', 'elasticsearch.yml is mounted', 'Name the node there'),
  passed('repository', 'It answers'),
];
const open = {} as OpenPlatform;
const assess = (change: Partial<RestoreSituation>) =>
  assessBeside(open, demoSituation(change), { run: besideRun, scene: 'to be filled', checks: inPlaceChecks });

test('too little memory for a scene is refused with figures and the offer of the restore in place', async () => {
  const drill: DrillPolicy = { core: [], memoryBytes: 2 ** 29, processors: 1 };
  const { plan, checks } = await assess({ platform: { ...demoPlatform(), drill } });
  expect(plan).toBeUndefined();
  expect(checks).toMatchObject([
    { name: 'repository', verdict: 'pass' },
    {
      name: 'beside',
      verdict: 'fail',
      evidence: expect.stringContaining('drill.memory of demo is 512 MiB, and a drill needs 768 MiB') as string,
      remedy: expect.stringMatching(/^Restore in place: leave out --beside; or: Set drill.memory to 768mb/) as string,
    },
  ]);
});

test('several hosts are refused likewise, and a point of which no capture is known', async () => {
  const spread = demoPlatform();
  spread.deployment.hosts = { zookeeper: 'other' };
  expect((await assess({ platform: spread })).checks.at(-1)).toMatchObject({
    name: 'beside',
    verdict: 'fail',
    evidence: expect.stringContaining('Its services lie on several hosts') as string,
    remedy: 'Restore in place: leave out --beside',
  });
  const unknown = await assess({ manifest: without(demoManifest(), 'capture'), captureSource: undefined });
  expect(unknown.checks.at(-1)).toMatchObject({
    verdict: 'fail',
    evidence: expect.stringContaining('No recovery point') as string,
  });
});
