import { planBackup } from '../../../domain/plans/plan-backup.ts';
import { planRebuild } from '../../../domain/plans/plan-rebuild.ts';
import { demoPlatform } from '../../demo-situation.ts';

const common = { platform: demoPlatform(), platformFileHash: 'f', host: 'machine' };

describe('a backup', () => {
  const plan = planBackup({ ...common, recoveryPoint: '2026-11-21t0930z', startedAt: '2026-11-21T09:30:00Z' });

  test('publishes last, after every artefact', () => {
    const last = plan.steps.at(-1);
    expect(last?.id).toBe('publish');
    expect(last?.after).toEqual(['capture-deployment', 'verify-documents']);
  });

  test('starts a snapshot only when the store is ready for it, and checks it before publishing', () => {
    const after = Object.fromEntries(plan.steps.map((step) => [step.id, step.after]));
    expect(after).toMatchObject({
      'prepare-documents': [],
      'snapshot-documents': ['prepare-documents'],
      'verify-documents': ['snapshot-documents'],
      'capture-deployment': ['prepare-documents'],
    });
    const { undo } = plan.steps.find(({ id }) => id === 'snapshot-documents') ?? {};
    expect(undo).toMatchObject({ action: 'discardSnapshot', arguments: { snapshot: 'snapshot.2026-11-21t0930z' } });
  });

  test('within a restore it is measured by what was restored, else by the newest good point', () => {
    const publishOf = (given: Partial<Parameters<typeof planBackup>[0]>) =>
      planBackup({ ...common, recoveryPoint: 'new', startedAt: '2026-11-21T09:30:00Z', ...given }).steps.at(-1)
        ?.arguments;
    expect(publishOf({ restored: '2026-11-20t0930z' })).toMatchObject({ restored: '2026-11-20t0930z' });
    expect(publishOf({})).not.toHaveProperty('restored');
    expect(publishOf({ reason: 'before a deployment' })).toMatchObject({ reason: 'before a deployment' });
    expect(publishOf({})).not.toHaveProperty('reason');
  });

  test('destroys nothing and waits for its store no longer than an outage may last', () => {
    expect(plan.pointOfNoReturn).toBeUndefined();
    expect(plan.steps.some(({ destructive }) => destructive)).toBe(false);
    expect(plan.steps.find(({ id }) => id === 'prepare-documents')?.arguments).toMatchObject({ timeoutSeconds: 300 });
  });
});

describe('a rebuild', () => {
  test('waits for the store and its source; producers go on, so order is not compared', () => {
    const { steps } = planRebuild(common);
    expect(steps.map(({ id }) => id)).toEqual(['await-documents', 'await-jobs', 'rebuild-jobs', 'verify-jobs']);
    expect(steps.at(-1)?.arguments).toEqual({ store: 'jobs', exactOrder: false });
  });

  test('marks running jobs as failed first, where the platform file says so; removes what is extra when asked', () => {
    const platform = demoPlatform();
    for (const store of platform.stores) if (store.kind === 'zookeeper-queue') store.running = 'fail';
    const { steps } = planRebuild({ ...common, platform, removeExtra: true });
    expect(steps.slice(2)).toMatchObject([
      { id: 'fail-running-jobs', action: 'failRunningJobs', after: ['await-documents', 'await-jobs'] },
      { id: 'rebuild-jobs', arguments: { store: 'jobs', removeExtra: true }, after: ['fail-running-jobs'] },
      { id: 'verify-jobs' },
    ]);
  });

  test('of a store that is not derived is refused, naming those that are', () => {
    expect(() => planRebuild({ ...common, only: 'documents' })).toThrow(
      expect.objectContaining({ kind: 'InvalidArgument', remedy: expect.stringContaining('jobs') as string }) as Error,
    );
  });

  test('of a platform without derived stores is refused', () => {
    const platform = demoPlatform();
    platform.stores.pop();
    expect(() => planRebuild({ ...common, platform })).toThrow('no derived store');
  });
});
