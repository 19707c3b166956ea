import { isScrubbed, planScrub } from '../../../domain/plans/plan-scrub.ts';
import { runPolicyOf } from '../../../domain/runs/run-policy.ts';
import type { Platform } from '../../../domain/platform.ts';
import { demoPlatform } from '../../demo-situation.ts';

const base = demoPlatform();
const [documents] = base.stores.filter((store) => store.kind === 'elasticsearch');
const withStores = (types: Record<string, string>, scrubDays = 7): Platform => ({
  ...base,
  backup: { ...base.backup, scrubDays },
  stores: Object.entries(types).map(([name, type]) => ({
    ...documents!,
    name,
    repository: { ...documents!.repository, type },
  })),
});
const common = { platformFileHash: 'f', host: 'machine', startedAt: '2026-11-21T10:00:00Z' };

test('one store after the other, each with what it reads and since when', () => {
  const { steps, volumes } = planScrub({
    ...common,
    platform: withStores({ a: 's3', b: 's3' }),
    scope: { point: 'p' },
  });
  expect(steps).toMatchObject([
    { id: 'scrub-a', arguments: { store: 'a', scope: { point: 'p' }, since: common.startedAt }, after: [] },
    { id: 'scrub-b', arguments: { store: 'b' }, after: ['scrub-a'] },
  ]);
  expect(steps.some(({ destructive }) => destructive)).toBe(false);
  expect(volumes).toEqual([]);
});

test('by rotation only what can be read; whoever asks for all is told of what cannot', () => {
  const platform = withStores({ a: 'fs', b: 's3' });
  const idsOf = (scope: 'share' | 'all') => planScrub({ ...common, platform, scope }).steps.map(({ id }) => id);
  expect(idsOf('share')).toEqual(['scrub-b']);
  expect(idsOf('all')).toEqual(['scrub-a', 'scrub-b']);
});

test('a scrub follows backups where there is something to read, unless the platform file says 0 days', () => {
  expect(isScrubbed(withStores({ a: 's3' }))).toBe(true);
  expect(isScrubbed(withStores({ a: 's3' }, 0))).toBe(false);
  expect(isScrubbed(withStores({ a: 'fs' }))).toBe(false);
  expect(runPolicyOf(withStores({ a: 's3' }), { host: 'h', taskQueue: 'q' }).scrubs).toBe(true);
  expect(runPolicyOf(withStores({ a: 'fs' }), { host: 'h', taskQueue: 'q' })).not.toHaveProperty('scrubs');
});
