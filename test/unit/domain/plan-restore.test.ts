import { demoObserved, whollyGone } from '../../demo-situation.ts';
import { planOf, ids, withAction, stepOf, before } from './plan-queries.ts';

describe('the whole platform is there', () => {
  const plan = planOf();

  test('has all steps of the design, by name', () => {
    expect(ids(plan)).toEqual([
      'pause-schedules',
      'repeat-preflight',
      'record-deployment',
      'stop-job-distributor',
      'stop-job-executor',
      'stop-api',
      'stop-zookeeper',
      'stop-elasticsearch',
      'last-preflight',
      'fence-before-data-moves',
      'quarantine-demo_es-data',
      'quarantine-demo_zk-data',
      'quarantine-demo_zk-log',
      'start-elasticsearch',
      'start-zookeeper',
      'await-documents',
      'await-jobs',
      'repository-documents',
      'raise-throttles-documents',
      'verify-snapshot-documents',
      'fence-before-indices-are-restored',
      'restore-documents',
      'reset-throttles-documents',
      'verify-documents',
      'rebuild-jobs',
      'verify-jobs',
      'fence-before-core-starts',
      'start-api',
      'start-job-executor',
      'start-job-distributor',
      'smoke-check',
      'confirm-health',
      'repository-writable-documents',
      'resume-schedules',
      'fresh-backup',
    ]);
  });

  test('stops core one after the other in reverse, then the data services side by side', () => {
    expect(before(plan, 'stop-job-distributor', 'stop-job-executor')).toBe(true);
    expect(before(plan, 'stop-job-executor', 'stop-api')).toBe(true);
    for (const data of ['stop-zookeeper', 'stop-elasticsearch'])
      expect(plan.steps.find(({ id }) => id === data)?.after).toEqual(['stop-api']);
  });

  test('starts the data services side by side, core in its order, distributors last', () => {
    expect(before(plan, 'start-zookeeper', 'start-elasticsearch')).toBe(false);
    expect(before(plan, 'start-elasticsearch', 'start-zookeeper')).toBe(false);
    expect(before(plan, 'start-api', 'start-job-executor')).toBe(true);
    expect(before(plan, 'start-job-executor', 'start-job-distributor')).toBe(true);
  });

  test('restores only after the snapshot was seen, and rebuilds the queue only after the restore', () => {
    expect(before(plan, 'verify-snapshot-documents', 'restore-documents')).toBe(true);
    expect(before(plan, 'restore-documents', 'rebuild-jobs')).toBe(true);
    expect(stepOf(plan, 'verifyQueue', 'verify-jobs').arguments.exactOrder).toBe(true);
  });

  test('restores the expected set of the point, named by its digest: the plan does not grow with it', () => {
    expect(stepOf(plan, 'restoreIndices', 'restore-documents').arguments).toEqual({
      store: 'documents',
      snapshot: 'snapshot.2026-11-21t0930z',
      recoveryPoint: '2026-11-21t0930z',
      expectedSet: 'a'.repeat(64),
      indices: 2,
      globalState: true,
      featureStates: [],
    });
  });

  test('the first quarantine is the point of no return; one that fails has nothing to undo', () => {
    expect(plan.pointOfNoReturn).toBe('quarantine-demo_es-data');
    for (const step of withAction(plan, 'quarantineVolume')) {
      expect(step.destructive).toBe(true);
      expect(step.undo).toBeUndefined();
    }
  });

  test('names the volumes with their creation times', () => {
    expect(plan.volumes.map(({ name }) => name)).toEqual(['demo_es-data', 'demo_zk-data', 'demo_zk-log']);
    expect(plan.volumes[0]?.createdAt).toBe('2026-11-01T00:00:00Z');
  });

  test('a stop is undone by a start of the same containers with their restart policy', () => {
    const { arguments: args, undo } = stepOf(plan, 'stopService', 'stop-job-executor');
    expect(args.containers.map(({ name }) => name)).toEqual(['demo_job-executor_1', 'demo_job-executor_2']);
    // The engine may still be stopping them when the run is cancelled.
    const undone = { containers: args.containers, stopGraceSeconds: args.graceSeconds };
    expect(undo).toMatchObject({ action: 'startService', arguments: undone });
  });

  test('creates nothing', () => {
    const made = plan.steps.filter(({ action }) => action === 'createNetwork' || action === 'createVolume');
    expect(made).toEqual([]);
    for (const start of withAction(plan, 'startService')) expect(start.arguments.capture).toBeUndefined();
  });
});

describe('the platform is half gone', () => {
  test('what is missing is created from the capture, what is there is stopped', () => {
    const all = demoObserved();
    const plan = planOf({
      observed: {
        ...all,
        containers: all.containers.filter(({ service }) => service !== 'elasticsearch' && service !== 'api'),
        volumes: all.volumes.filter(({ name }) => name !== 'demo_es-data'),
      },
    });
    expect(ids(plan)).not.toContain('stop-elasticsearch');
    expect(ids(plan)).not.toContain('quarantine-demo_es-data');
    expect(ids(plan)).toContain('stop-zookeeper');
    expect(before(plan, 'create-volume-demo_es-data', 'start-elasticsearch')).toBe(true);
    expect(stepOf(plan, 'startService', 'start-api').arguments.capture).toBe('2026-11-21t0930z');
    expect(stepOf(plan, 'startService', 'start-zookeeper').arguments.capture).toBeUndefined();
  });

  test('one replica of two is there: the scale is that of now', () => {
    const all = demoObserved();
    const plan = planOf({
      observed: { ...all, containers: all.containers.filter(({ name }) => name !== 'demo_job-executor_2') },
    });
    const { arguments: args } = stepOf(plan, 'startService', 'start-job-executor');
    expect(args.containers.map(({ name }) => name)).toEqual(['demo_job-executor_1']);
    expect(args.capture).toBeUndefined();
    const stopped = stepOf(plan, 'stopService', 'stop-job-executor').arguments.containers;
    expect(stopped.map(({ name }) => name)).toEqual(['demo_job-executor_1']);
  });

  test('containers whose network vanished are removed and created again', () => {
    const observed = demoObserved((container) => (container.networkGone = container.service !== 'zookeeper'));
    const plan = planOf({ observed: { ...observed, networks: [] } });
    expect(ids(plan)).toContain('remove-containers-api');
    expect(ids(plan)).not.toContain('remove-containers-zookeeper');
    expect(before(plan, 'remove-containers-api', 'create-network-demo_back')).toBe(true);
    expect(before(plan, 'create-network-demo_back', 'start-elasticsearch')).toBe(true);
    expect(stepOf(plan, 'startService', 'start-api').arguments.capture).toBe('2026-11-21t0930z');
  });

  test('a stopped service that would start by itself is still stopped, for its restart policy', () => {
    const plan = planOf({ observed: demoObserved((container) => (container.running = false)) });
    expect(ids(plan)).toContain('stop-elasticsearch');
  });
});

describe('the platform is completely gone', () => {
  const plan = planOf({ observed: whollyGone() });

  test('nothing is stopped or removed: there is no point of no return', () => {
    expect(withAction(plan, 'stopService')).toEqual([]);
    expect(plan.steps.some(({ destructive }) => destructive)).toBe(false);
    expect(plan.pointOfNoReturn).toBeUndefined();
    expect(plan.volumes).toEqual([]);
  });

  test('network, volumes and containers come from the capture, after the preflight was repeated', () => {
    expect(ids(plan)).toEqual(
      expect.arrayContaining(['create-network-demo_back', 'create-volume-demo_es-data', 'create-volume-demo_zk-log']),
    );
    expect(before(plan, 'repeat-preflight', 'create-network-demo_back')).toBe(true);
    for (const start of withAction(plan, 'startService')) {
      expect(start.arguments.capture).toBe('2026-11-21t0930z');
      expect(start.arguments.containers.length).toBeGreaterThan(0);
      expect(start.arguments.containers.every(({ restartPolicy }) => restartPolicy.name === 'unless-stopped')).toBe(
        true,
      );
    }
  });
});
