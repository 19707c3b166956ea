import { servicesInStopOrder } from '../../../domain/platform.ts';
import { demoCapture, demoObserved, demoPlatform, demoSituation, never } from '../../demo-situation.ts';
import { planOf, ids, withAction, stepOf, before } from './plan-queries.ts';

describe('volumes are removed instead of quarantined', () => {
  const plan = planOf({ volumes: 'remove' });

  test('their containers are removed first, then the volumes, then both are created again', () => {
    expect(withAction(plan, 'quarantineVolume')).toEqual([]);
    expect(before(plan, 'remove-containers-elasticsearch', 'remove-demo_es-data')).toBe(true);
    expect(before(plan, 'remove-demo_es-data', 'create-volume-demo_es-data')).toBe(true);
    expect(before(plan, 'create-volume-demo_es-data', 'start-elasticsearch')).toBe(true);
    expect(stepOf(plan, 'startService', 'start-elasticsearch').arguments.capture).toBe('2026-11-21t0930z');
    expect(plan.pointOfNoReturn).toMatch(/^remove-demo_/);
  });

  test('containers of core services stay', () => {
    expect(ids(plan)).not.toContain('remove-containers-api');
  });

  test('before the volumes are removed there is a way back for the containers that were removed', () => {
    const { undo } = stepOf(plan, 'stopService', 'stop-elasticsearch');
    expect(undo).toMatchObject({ action: 'startService', arguments: { capture: 'before' } });
  });
});

test('a restart policy of "no" that an earlier run left is taken from the capture', () => {
  const observed = demoObserved((container) => Object.assign(container, { running: false, restartPolicy: never }));
  const plan = planOf({ observed });
  expect(withAction(plan, 'stopService')).toEqual([]);
  for (const start of withAction(plan, 'startService'))
    for (const { restartPolicy } of start.arguments.containers) expect(restartPolicy.name).toBe('unless-stopped');
});

test('a restart policy of "no" that the capture has too stays', () => {
  const capture = demoCapture();
  for (const container of capture.containers) container.restartPolicy = never;
  const observed = demoObserved((container) => (container.restartPolicy = never));
  const start = stepOf(planOf({ observed, capture }), 'startService', 'start-api');
  expect(start.arguments.containers).toEqual([{ name: 'demo_api_1', restartPolicy: never }]);
});

test('other clients stop before core and start after it, in reverse', () => {
  const platform = demoPlatform();
  platform.deployment.core = ['api'];
  platform.deployment.alsoStop = ['job-distributor', 'job-executor'];
  const plan = planOf({ platform });
  expect(servicesInStopOrder(platform)).toEqual([
    'job-distributor',
    'job-executor',
    'api',
    'zookeeper',
    'elasticsearch',
  ]);
  expect(before(plan, 'stop-job-distributor', 'stop-job-executor')).toBe(true);
  expect(before(plan, 'stop-job-executor', 'stop-api')).toBe(true);
  expect(before(plan, 'start-api', 'start-job-executor')).toBe(true);
  expect(before(plan, 'start-job-executor', 'start-job-distributor')).toBe(true);
});

test('a service that is in neither engine nor capture is refused by name', () => {
  const platform = demoPlatform();
  platform.deployment.core.push('ghost');
  expect(() => planOf({ platform })).toThrow(
    expect.objectContaining({
      kind: 'ServiceNotFound',
      message: expect.stringContaining('"ghost"') as string,
    }) as Error,
  );
});

test('a store that the recovery point does not hold is refused', () => {
  expect(() => planOf({ manifest: { ...demoSituation().manifest, stores: [] } })).toThrow(
    expect.objectContaining({ kind: 'SnapshotMissing' }) as Error,
  );
});

test('without smoke checks the plan stays connected to its end', () => {
  const plan = planOf({ platform: { ...demoPlatform(), smoke: [] } });
  expect(before(plan, 'start-job-distributor', 'repository-writable-documents')).toBe(true);
});

test('a side container runs as the step of its store', () => {
  const platform = demoPlatform();
  platform.stores[1] = {
    name: 'jobs',
    kind: 'container',
    service: 'zookeeper',
    image: 'tool:1',
    arguments: [],
    environment: {},
    timeoutSeconds: 60,
  };
  const plan = planOf({ platform });
  expect(before(plan, 'restore-documents', 'run-jobs')).toBe(true);
  expect(before(plan, 'run-jobs', 'start-api')).toBe(true);
});
