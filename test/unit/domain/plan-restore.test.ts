import fc from 'fast-check';
import type { UnhashedPlan } from '../../../domain/plans/plan.ts';
import { planRestore, type RestoreSituation } from '../../../domain/plans/plan-restore.ts';
import { servicesInStopOrder } from '../../../domain/platform.ts';
import type { Action, Step } from '../../../domain/plans/steps.ts';
import { demoCapture, demoObserved, demoPlatform, demoSituation, never, whollyGone } from '../../demo-situation.ts';
import { expecting } from '../../expecting.ts';

const planOf = (change: Partial<RestoreSituation> = {}) => planRestore(demoSituation(change));
const ids = ({ steps }: UnhashedPlan) => steps.map(({ id }) => id);
const withAction = <A extends Action>({ steps }: UnhashedPlan, action: A) =>
  steps.filter((step): step is Extract<Step, { action: A }> => step.action === action);

function stepOf<A extends Action>(plan: UnhashedPlan, action: A, id: string): Extract<Step, { action: A }> {
  const step = withAction(plan, action).find((candidate) => candidate.id === id);
  if (step === undefined) throw new Error(`no step ${id} among ${ids(plan).join(', ')}`);
  return step;
}

/** All that must be done before the step starts, near and far. */
function waitsFor(plan: UnhashedPlan, id: string, seen = new Set<string>()): Set<string> {
  for (const before of plan.steps.find((step) => step.id === id)?.after ?? [])
    if (!seen.has(before)) waitsFor(plan, before, seen.add(before));
  return seen;
}
const before = (plan: UnhashedPlan, first: string, second: string) => waitsFor(plan, second).has(first);

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
      'restore-documents',
      'reset-throttles-documents',
      'verify-documents',
      'rebuild-jobs',
      'verify-jobs',
      'start-api',
      'start-job-executor',
      'start-job-distributor',
      'smoke-check',
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

  test('restores exact names and closes those that were closed', () => {
    expect(stepOf(plan, 'restoreIndices', 'restore-documents').arguments).toEqual({
      store: 'documents',
      snapshot: 'snapshot.2026-11-21t0930z',
      indices: ['nuvla-job', 'nuvla-old'],
      closed: ['nuvla-old'],
      globalState: true,
    });
  });

  test('the first quarantine is the point of no return, and each has its way back', () => {
    expect(plan.pointOfNoReturn).toBe('quarantine-demo_es-data');
    for (const step of withAction(plan, 'quarantineVolume')) {
      expect(step.destructive).toBe(true);
      expect(step.undo).toEqual({ action: 'returnVolume', arguments: step.arguments });
    }
  });

  test('names the volumes with their creation times', () => {
    expect(plan.volumes.map(({ name }) => name)).toEqual(['demo_es-data', 'demo_zk-data', 'demo_zk-log']);
    expect(plan.volumes[0]?.createdAt).toBe('2026-11-01T00:00:00Z');
  });

  test('a stop is undone by a start of the same containers with their restart policy', () => {
    const { arguments: args, undo } = stepOf(plan, 'stopService', 'stop-job-executor');
    expect(args.containers.map(({ name }) => name)).toEqual(['demo_job-executor_1', 'demo_job-executor_2']);
    expect(undo).toMatchObject({ action: 'startService', arguments: { containers: args.containers } });
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

  test('one replica of two is missing: both are started, the missing one from the capture', () => {
    const all = demoObserved();
    const plan = planOf({
      observed: { ...all, containers: all.containers.filter(({ name }) => name !== 'demo_job-executor_2') },
    });
    const { arguments: args } = stepOf(plan, 'startService', 'start-job-executor');
    expect(args.containers.map(({ name }) => name)).toEqual(['demo_job-executor_1', 'demo_job-executor_2']);
    expect(args.capture).toBe('2026-11-21t0930z');
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

describe('the platform is wholly gone', () => {
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

describe('volumes are removed instead of quarantined', () => {
  const plan = planOf({ volumes: 'remove' });

  test('their containers go first, then the volumes, then both are made anew', () => {
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

test('without smoke checks the way to the end stays whole', () => {
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

/** Any part of the platform may be there, running or not, with its network or without. */
const situations = fc.record({
  present: fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
  running: fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
  policyNo: fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
  networkGone: fc.boolean(),
  volumesPresent: fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
  volumes: fc.constantFrom('quarantine' as const, 'remove' as const),
  coreCount: fc.integer({ min: 0, max: 3 }),
  smoke: fc.boolean(),
});

test('whatever is left of the platform, the plan keeps its promises', () => {
  fc.assert(
    fc.property(situations, (drawn) => {
      const platform = demoPlatform();
      const core = platform.deployment.core;
      platform.deployment.alsoStop = core.splice(drawn.coreCount);
      if (!drawn.smoke) platform.smoke = [];
      let index = 0;
      const all = demoObserved((container) => {
        container.running = drawn.running[index] ?? true;
        if (drawn.policyNo[index]) container.restartPolicy = never;
        container.networkGone = drawn.networkGone;
        index += 1;
      });
      const observed = {
        ...all,
        containers: all.containers.filter((_, position) => drawn.present[position]),
        volumes: all.volumes.filter((_, position) => drawn.volumesPresent[position]),
        networks: drawn.networkGone ? [] : all.networks,
      };
      const plan = planOf({ platform, observed, volumes: drawn.volumes });

      const known = new Set(ids(plan));
      expect(known.size).toBe(plan.steps.length);
      const seen = new Set<string>();
      for (const step of plan.steps) {
        // In order and without cycles: all that a step waits for stands before it.
        for (const earlier of step.after) expecting(seen.has(earlier), `${step.id} after ${earlier}`).toBe(true);
        seen.add(step.id);
      }
      const stops = withAction(plan, 'stopService').map(({ id }) => id);
      const verifies = plan.steps.filter(({ action }) => /^verify|^runContainer/.test(action)).map(({ id }) => id);
      for (const step of plan.steps) {
        const awaited = waitsFor(plan, step.id);
        if (step.destructive || step.action === 'removeContainers')
          expect([...awaited]).toEqual(expect.arrayContaining([...stops, 'repeat-preflight']));
        if (step.action === 'stopService') expect(awaited.has('repeat-preflight')).toBe(true);
        const isCore = step.action === 'startService' && !platform.deployment.data.includes(step.arguments.service);
        if (isCore) expect([...awaited]).toEqual(expect.arrayContaining(verifies));
        if (step.id === 'fresh-backup') expect(awaited.size).toBe(plan.steps.length - 1);
      }
      // Only what the plan names, and all of it: every service of the file is started once.
      const started = withAction(plan, 'startService').map(({ arguments: args }) => args.service);
      expect(started.toSorted()).toEqual(servicesInStopOrder(platform).toSorted());
    }),
    { numRuns: 300 },
  );
});
