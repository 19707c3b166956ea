import { planRollback, type RollbackSituation } from '../../../domain/plans/plan-rollback.ts';
import { inOrder } from '../../../domain/plans/plan.ts';
import { demoCapture, demoObserved, demoPlatform } from '../../demo-situation.ts';

const quarantined = ['demo_es-data', 'demo_zk-data', 'demo_zk-log'];
const planOf = (change: Partial<RollbackSituation> = {}) =>
  planRollback({
    platform: demoPlatform(),
    platformFileHash: 'f'.repeat(64),
    observed: demoObserved(),
    before: demoCapture(),
    quarantined,
    image: 'stack/elasticsearch:1',
    ...change,
  });
const idsOf = (plan: ReturnType<typeof planOf>) => inOrder(plan.steps).map(({ id }) => id);
const before = (plan: ReturnType<typeof planOf>, first: string, second: string) => {
  const ids = idsOf(plan);
  expect(ids).toContain(first);
  expect(ids).toContain(second);
  return ids.indexOf(first) < ids.indexOf(second);
};

describe('everything ran before', () => {
  const plan = planOf();

  test('core stops in reverse, then data; the old data returns; data starts, then core in order', () => {
    expect(before(plan, 'rollback-stop-job-distributor', 'rollback-stop-api')).toBe(true);
    expect(before(plan, 'rollback-stop-api', 'rollback-stop-elasticsearch')).toBe(true);
    for (const volume of quarantined) {
      expect(before(plan, 'rollback-stop-elasticsearch', `rollback-return-${volume}`)).toBe(true);
      expect(before(plan, `rollback-return-${volume}`, 'rollback-start-elasticsearch')).toBe(true);
    }
    expect(before(plan, 'rollback-await-documents', 'rollback-repository-documents')).toBe(true);
    expect(before(plan, 'rollback-repository-documents', 'rollback-start-api')).toBe(true);
    expect(before(plan, 'rollback-start-api', 'rollback-start-job-distributor')).toBe(true);
    expect(idsOf(plan).at(-1)).toBe('rollback-resume-schedules');
  });

  test('the repository is registered again and writable: the old cluster remembers an older generation', () => {
    expect(plan.steps.find(({ id }) => id === 'rollback-repository-documents')?.arguments).toEqual({
      store: 'documents',
      access: 'writable',
      anew: true,
    });
  });

  test('health checks may be skipped, since the platform may have been unhealthy before; the return of data may not', () => {
    for (const step of plan.steps)
      expect(step.skippable === true).toBe(
        ['startService', 'awaitStore', 'configureRepository', 'smokeCheck', 'confirmHealth'].includes(step.action),
      );
  });
});

test('only what ran before starts again; what was stopped stays so, and is not asked for its health', () => {
  const capture = demoCapture();
  const plan = planOf({
    before: {
      ...capture,
      containers: capture.containers.map((one) => ({ ...one, running: one.service === 'elasticsearch' })),
    },
  });
  const started = plan.steps.filter(({ action }) => action === 'startService').map(({ id }) => id);
  expect(started).toEqual(['rollback-start-elasticsearch']);
  expect(idsOf(plan)).not.toContain('rollback-smoke-check');
  expect(idsOf(plan)).not.toContain('rollback-await-jobs');
  expect(idsOf(plan)).toContain('rollback-stop-api');
});

test('containers that the restore made are removed; those of before get their former restart policy', () => {
  const capture = demoCapture();
  const onFailure = { name: 'on-failure' as const, maximumRetryCount: 3 };
  const plan = planOf({
    before: {
      ...capture,
      containers: capture.containers
        .filter(({ service }) => service !== 'api')
        .map((one) => ({ ...one, restartPolicy: onFailure })),
    },
  });
  const remove = plan.steps.find(({ id }) => id === 'rollback-remove-api');
  expect(remove?.arguments).toMatchObject({ containers: ['demo_api_1'] });
  expect(before(plan, 'rollback-stop-api', 'rollback-remove-api')).toBe(true);
  const start = plan.steps.find(({ id }) => id === 'rollback-start-elasticsearch');
  expect(start?.arguments).toMatchObject({ capture: 'before', containers: [{ restartPolicy: onFailure }] });
});

test('no containers before: what the run made goes, the data returns, nothing starts', () => {
  const plan = planOf({ before: { ...demoCapture(), containers: [] } });
  for (const service of ['elasticsearch', 'zookeeper', 'api', 'job-executor', 'job-distributor'])
    expect(before(plan, `rollback-stop-${service}`, `rollback-remove-${service}`)).toBe(true);
  for (const volume of quarantined)
    expect(before(plan, 'rollback-remove-elasticsearch', `rollback-return-${volume}`)).toBe(true);
  const actions = new Set(plan.steps.map(({ action }) => action));
  expect([...actions].toSorted()).toEqual(['removeContainers', 'resumeSchedules', 'returnVolume', 'stopService']);
});

test('a volume that somebody removed since is made again, as it was recorded', () => {
  const observed = { ...demoObserved(), containers: [], volumes: [], networks: [] };
  const plan = planOf({ observed });
  const create = plan.steps.find(({ id }) => id === 'rollback-create-volume-demo_es-data');
  expect(create).toMatchObject({ action: 'createVolume', arguments: { volume: 'demo_es-data', capture: 'before' } });
  expect(before(plan, 'rollback-create-volume-demo_es-data', 'rollback-return-demo_es-data')).toBe(true);
});
