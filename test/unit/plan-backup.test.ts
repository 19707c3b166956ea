import { describe, expect, test } from 'vitest';
import { planBackup } from '../../domain/plan-backup.ts';
import { planRebuild } from '../../domain/plan-rebuild.ts';
import { demoPlatform } from '../demo-situation.ts';

const common = { platform: demoPlatform(), platformFileHash: 'f', host: 'machine' };

describe('a backup', () => {
  const plan = planBackup({ ...common, recoveryPoint: '2026-11-21t0930z', startedAt: '2026-11-21T09:30:00Z' });

  test('publishes last, after every artefact', () => {
    const last = plan.steps.at(-1);
    expect(last?.id).toBe('publish');
    expect(last?.after).toEqual(expect.arrayContaining(['capture-deployment', 'snapshot-documents']));
  });

  test('destroys nothing and waits for its store no longer than an outage may last', () => {
    expect(plan.pointOfNoReturn).toBeUndefined();
    expect(plan.steps.some(({ destructive }) => destructive)).toBe(false);
    expect(plan.steps.find(({ id }) => id === 'await-documents')?.arguments).toMatchObject({ timeoutSeconds: 300 });
  });
});

describe('a rebuild', () => {
  test('waits for the store and its source; producers go on, so order is not compared', () => {
    const { steps } = planRebuild(common);
    expect(steps.map(({ id }) => id)).toEqual(['await-documents', 'await-jobs', 'rebuild-jobs', 'verify-jobs']);
    expect(steps.at(-1)?.arguments).toEqual({ store: 'jobs', exactOrder: false });
  });

  test('of a store that is not derived is refused, naming those that are', () => {
    expect(() => planRebuild({ ...common, only: 'documents' })).toThrow(
      expect.objectContaining({ kind: 'InvalidArgument', remedy: expect.stringContaining('jobs') as string }),
    );
  });

  test('of a platform without derived stores is refused', () => {
    const platform = demoPlatform();
    platform.stores.pop();
    expect(() => planRebuild({ ...common, platform })).toThrow('no derived store');
  });
});
