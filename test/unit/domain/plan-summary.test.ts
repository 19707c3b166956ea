import { summarizePlan } from '../../../domain/notifications/plan-summary.ts';
import { planBackup } from '../../../domain/plans/plan-backup.ts';
import { planPrune } from '../../../domain/plans/plan-prune.ts';
import { planRebuild } from '../../../domain/plans/plan-rebuild.ts';
import { planRollback } from '../../../domain/plans/plan-rollback.ts';
import type { UnhashedPlan } from '../../../domain/plans/plan.ts';
import type { Step } from '../../../domain/plans/steps.ts';
import { demoCapture, demoObserved, demoPlatform, whollyGone } from '../../demo-situation.ts';
import { planOf } from './plan-queries.ts';

const now = '2026-11-21T11:35:12.000Z';
const forecast = {
  downtimeSeconds: 45,
  basis: 'from 3 earlier',
  lost: [
    {
      store: 'documents',
      since: '2026-11-21T09:30:12.000Z',
      indices: [{ index: 'nuvla-job', atLeast: 4, atMost: 7 }],
      others: { indices: 60, atLeast: 0, atMost: 100 },
    },
  ],
};
const approval = { approvers: ['ann', 'bob'], needed: 2, until: '2026-11-22T11:35:12.000Z' };
const common = { platform: demoPlatform(), platformFileHash: 'f', host: 'machine' };
const summary = (plan: UnhashedPlan, more: object = {}) => summarizePlan({ ...plan, hash: 'h' }, { now, ...more });

test('a restore: what stops, what is set aside, what comes back, what it costs, and who may say yes', () => {
  const plan = planOf();
  expect(summary(plan, { forecast, approval })).toEqual([
    'Recovery point: 2026-11-21t0930z, data as of 2026-11-21T09:30:12.000Z, 2 h 5 min old',
    'Stopped: job-distributor, job-executor, api, zookeeper, elasticsearch',
    'Set aside: demo_es-data, demo_zk-data, demo_zk-log',
    expect.stringMatching(/^Restored: documents \(\d+ indices of snapshot \S+\); Rebuilt: jobs$/),
    expect.stringMatching(/^Point of no return: step \d+ of \d+, quarantine volume demo_es-data$/),
    'Forecast: 45 s without service (from 3 earlier)',
    'Lost: at most 107 operations in 61 indices of documents, all since 2026-11-21T09:30:12.000Z',
    'Approval: 2 of ann, bob, until 2026-11-22T11:35:12.000Z',
  ]);
});

test('a restore that keeps nothing says so', () => {
  const plan = planOf({ volumes: 'remove' });
  expect(summary(plan)).toContain('Removed, with no way back: demo_es-data, demo_zk-data, demo_zk-log');
});

test('a platform that is gone: what is made anew, and loss that nobody can count', () => {
  const plan = planOf({ observed: whollyGone() });
  const lost = [{ store: 'documents', since: '2026-11-21T09:30:12.000Z' }];
  const lines = summary(plan, { forecast: { ...forecast, lost }, approval: { ...approval, approvers: [], needed: 1 } });
  expect(lines).toContain('Created: demo_back, demo_es-data, demo_zk-data, demo_zk-log');
  expect(lines.at(-2)).toBe('Lost: everything in documents since 2026-11-21T09:30:12.000Z (how much is unknown)');
  expect(lines.at(-1)).toBe('Approval: one of anybody, until 2026-11-22T11:35:12.000Z');
  expect(lines.some((line) => line.startsWith('Stopped'))).toBe(false);
});

test('plans of the other kinds', () => {
  const backup = planBackup({ ...common, recoveryPoint: '2026-11-21t0930z', startedAt: '2026-11-21T09:30:00Z' });
  expect(summary(backup)).toEqual(['Snapshot: documents (snapshot.2026-11-21t0930z)']);
  expect(summary(planRebuild(common))).toEqual(['Rebuilt: jobs']);
  const removals = [1, 2].map((each) => ({ id: `p${each}`, snapshots: { documents: `s${each}` } }));
  expect(summary(planPrune({ ...common, removals, halfRemoved: [], runs: [] }))).toContain(
    'Deleted recovery points: p1, p2',
  );
  const back = planRollback({
    ...common,
    observed: demoObserved(),
    before: demoCapture(),
    quarantined: ['demo_es-data'],
    image: 'i',
  });
  expect(summary(back)).toContain('Brought back: demo_es-data');
});

test('a plan of hundreds of steps still has ten lines, and none is long', () => {
  const many = Array.from({ length: 300 }, (_each, index) => `a-service-with-a-rather-long-name-${index}`);
  const common = { after: [] };
  const steps = many.flatMap((name): Step[] => [
    { ...common, id: `1${name}`, action: 'stopService', arguments: { service: name, containers: [], graceSeconds: 1 } },
    { ...common, id: `2${name}`, action: 'quarantineVolume', arguments: { volume: name, host: 'h', image: 'i' } },
    { ...common, id: `3${name}`, action: 'removeVolume', arguments: { volume: name, host: 'h', image: 'i' } },
    { ...common, id: `4${name}`, action: 'createVolume', arguments: { volume: name, host: 'h', capture: 'before' } },
    { ...common, id: `5${name}`, action: 'rebuildQueue', arguments: { store: name } },
  ]);
  const plan = { ...planOf(), steps, pointOfNoReturn: steps[2]?.id };
  const lines = summary(plan, { forecast, approval: { ...approval, approvers: many } });
  expect(lines).toHaveLength(10);
  expect(lines[1]).toMatch(/^Stopped: a-service.* and 294 more$|…$/);
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(240);
});
