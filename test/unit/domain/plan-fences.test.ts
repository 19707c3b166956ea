import { demoCapture, demoObserved, demoPlatform, whollyGone } from '../../demo-situation.ts';
import { before, ids, planOf, stepOf, withAction } from './plan-queries.ts';

const core = ['demo_api_1', 'demo_job-distributor_1', 'demo_job-executor_1', 'demo_job-executor_2'];
const data = ['demo_elasticsearch_1', 'demo_zookeeper_1'];

describe('a restore is fenced', () => {
  const plan = planOf();

  test('before the first data moves: nothing of the platform may run', () => {
    const fence = stepOf(plan, 'fence', 'fence-before-data-moves');
    expect(fence.arguments).toEqual({
      before: 'data moves',
      containers: [...core, ...data].toSorted(),
      allowed: [],
      networks: ['demo_back'],
      graceSeconds: 30,
    });
    expect(fence.after).toContain('last-preflight');
    for (const { id } of plan.steps.filter(({ destructive }) => destructive))
      expect(before(plan, fence.id, id)).toBe(true);
    // Nothing is lost yet, but a person may only have to stop the newcomer.
    expect(fence.asks).toBe(true);
  });

  test('before indices are restored: only the data services run', () => {
    const fence = stepOf(plan, 'fence', 'fence-before-indices-are-restored');
    expect(fence.arguments).toMatchObject({ containers: core, allowed: data });
    expect(before(plan, 'verify-snapshot-documents', fence.id)).toBe(true);
    expect(before(plan, 'raise-throttles-documents', fence.id)).toBe(true);
    expect(stepOf(plan, 'restoreIndices', 'restore-documents').after).toEqual([fence.id]);
  });

  test('before core starts, after everything was restored and checked', () => {
    const fence = stepOf(plan, 'fence', 'fence-before-core-starts');
    expect(fence.arguments).toMatchObject({ containers: core, allowed: data });
    for (const done of ['verify-documents', 'verify-jobs']) expect(before(plan, done, fence.id)).toBe(true);
    expect(stepOf(plan, 'startService', 'start-api').after).toEqual([fence.id]);
  });
});

test('a platform that is wholly gone is fenced by the names of the capture', () => {
  const plan = planOf({ observed: whollyGone() });
  expect(ids(plan)).not.toContain('fence-before-data-moves');
  for (const { arguments: args } of withAction(plan, 'fence'))
    expect(args).toMatchObject({ containers: core, allowed: data, networks: ['demo_back'] });
  expect(withAction(plan, 'fence')).toHaveLength(2);
});

test('what preflight accepted on the networks may stay', () => {
  const otherContainers = [{ container: 'backups_minio_1', network: 'demo_back', answersTo: [] }];
  const plan = planOf({ observed: { ...demoObserved(), otherContainers } });
  for (const { arguments: args } of withAction(plan, 'fence')) expect(args.allowed).toContain('backups_minio_1');
});

test('a captured name that the plan does not start is not ours to stop', () => {
  const capture = demoCapture();
  capture.containers.push({ ...capture.containers[2]!, name: 'of_another_project_1', service: 'not-in-the-file' });
  const plan = planOf({ capture });
  for (const { arguments: args } of withAction(plan, 'fence'))
    expect(args.containers).not.toContain('of_another_project_1');
});

test('without core there is no fence before core', () => {
  const platform = demoPlatform();
  const plan = planOf({ platform: { ...platform, deployment: { ...platform.deployment, core: [] } } });
  expect(ids(plan)).not.toContain('fence-before-core-starts');
});
