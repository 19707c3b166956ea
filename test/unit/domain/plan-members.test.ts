import type { ObservedContainer, ObservedDeployment } from '../../../domain/deployment.ts';
import { planRestore } from '../../../domain/plans/plan-restore.ts';
import { planRollback } from '../../../domain/plans/plan-rollback.ts';
import type { Step } from '../../../domain/plans/steps.ts';
import { imagesNeeded } from '../../../operations/preflight/images.ts';
import { checkServices } from '../../../operations/preflight/services.ts';
import {
  demoCapture,
  demoObserved,
  demoPlatform,
  demoSituation,
  never,
  unlessStopped,
  whollyGone,
} from '../../demo-situation.ts';

// Names of containers change between a backup and a restore: the Compose tool's way to write them, container_name, the scale.

function startOf({ steps }: { steps: Step[] }, id: string) {
  const step = steps.find((one): one is Extract<Step, { action: 'startService' }> => one.id === id);
  if (step === undefined) throw new Error(`no step ${id}`);
  return { ...step.arguments, names: step.arguments.containers.map(({ name }) => name) };
}

/** As `docker rename`, or Compose 2 after Compose 1, leaves it. */
const renamed = (change: (container: ObservedContainer) => void = () => undefined): ObservedDeployment => {
  const observed = demoObserved((container) => {
    container.name = container.name.replaceAll('_', '-');
    change(container);
  });
  return observed;
};
const withCopy = (of: string, change: Partial<ObservedContainer>): ObservedDeployment => {
  const observed = demoObserved();
  const found = observed.containers.find(({ name }) => name === of);
  observed.containers.push({ ...found!, ...change });
  return observed;
};

test('renamed containers are started under their names of now, and none is created beside them', () => {
  const plan = planRestore(demoSituation({ observed: renamed() }));
  for (const service of ['zookeeper', 'elasticsearch', 'api']) {
    expect(startOf(plan, `start-${service}`).names).toEqual([`demo-${service}-1`]);
    expect(startOf(plan, `start-${service}`).capture).toBeUndefined();
  }
  expect(startOf(plan, 'start-job-executor').names).toEqual(['demo-job-executor-1', 'demo-job-executor-2']);
});

test('a renamed container that must be created again is created as it was before the run', () => {
  const observed = renamed((container) => (container.networkGone = container.service === 'zookeeper'));
  const situation = demoSituation({ observed });
  expect(startOf(planRestore(situation), 'start-zookeeper')).toMatchObject({
    names: ['demo-zookeeper-1'],
    capture: 'before',
  });
  expect(imagesNeeded(situation).map(({ reference }) => reference)).toEqual(['stack/elasticsearch:1']);
});

test('a renamed container gets the restart policy that its service had', () => {
  const observed = renamed((container) => Object.assign(container, { running: false, restartPolicy: never }));
  const { containers } = startOf(planRestore(demoSituation({ observed })), 'start-zookeeper');
  expect(containers).toEqual([{ name: 'demo-zookeeper-1', restartPolicy: unlessStopped }]);
});

test.each(['quarantine', 'remove'] as const)('a larger and a smaller scale stay, as the check says (%s)', (volumes) => {
  const smaller = demoObserved();
  smaller.containers = smaller.containers.filter(({ name }) => name !== 'demo_job-executor_2');
  expect(startOf(planRestore(demoSituation({ observed: smaller, volumes })), 'start-job-executor').names).toEqual([
    'demo_job-executor_1',
  ]);
  expect(checkServices(demoSituation({ observed: smaller }))).toMatchObject({
    verdict: 'pass',
    warning: true,
    evidence: expect.stringContaining(
      'job-executor is started with 1 containers, as it is now; at the backup it had 2',
    ) as string,
  });
  const larger = withCopy('demo_job-executor_2', { name: 'demo_job-executor_3' });
  expect(startOf(planRestore(demoSituation({ observed: larger, volumes })), 'start-job-executor')).toMatchObject({
    names: ['demo_job-executor_1', 'demo_job-executor_2', 'demo_job-executor_3'],
  });
});

test('nothing is left of a service: it has the scale of the capture', () => {
  const { names, capture } = startOf(planRestore(demoSituation({ observed: whollyGone() })), 'start-job-executor');
  expect(names).toEqual(['demo_job-executor_1', 'demo_job-executor_2']);
  expect(capture).toBe('2026-11-21t0930z');
});

test('volumes that only a larger scale held are not created', () => {
  const capture = demoCapture();
  capture.containers.push({ ...capture.containers[1]!, name: 'demo_zookeeper_2', volumes: ['zk2'] });
  capture.volumes.push({ name: 'zk2', host: 'machine' });
  const ids = (observed: ObservedDeployment) =>
    planRestore(demoSituation({ capture, observed })).steps.map((s) => s.id);
  expect(ids(demoObserved())).not.toContain('create-volume-zk2');
  expect(ids(whollyGone())).toContain('create-volume-zk2');
});

test.each([
  ['the one that runs', { running: false }, {}, 'demo_zookeeper_1'],
  ['the other that runs', { running: true }, { running: false }, 'demo-zookeeper-1'],
  ['the one that the capture knows, when none runs', { running: false }, { running: false }, 'demo_zookeeper_1'],
])('never two containers on one data volume: %s', (_, copy, original, started) => {
  const observed = withCopy('demo_zookeeper_1', { name: 'demo-zookeeper-1', ...copy });
  Object.assign(
    observed.containers.find(({ name }) => name === 'demo_zookeeper_1')!,
    original,
  );
  const situation = demoSituation({ observed });
  const plan = planRestore(situation);
  expect(startOf(plan, 'start-zookeeper').names).toEqual([started]);
  const stop = plan.steps.find(({ id }) => id === 'stop-zookeeper');
  expect(stop?.arguments).toMatchObject({ containers: [{ name: 'demo_zookeeper_1' }, { name: 'demo-zookeeper-1' }] });
  expect(stop?.undo?.arguments).toMatchObject({ containers: [{ name: started }] });
  expect(checkServices(situation).evidence).toMatch(/stays stopped: it holds the same volumes as/);
});

test('two that run on one volume have shown that they may, and so have core services', () => {
  const both = withCopy('demo_zookeeper_1', { name: 'demo-zookeeper-1' });
  expect(startOf(planRestore(demoSituation({ observed: both })), 'start-zookeeper').names).toHaveLength(2);
  const observed = demoObserved((container) => {
    if (container.service === 'job-executor') Object.assign(container, { volumes: ['shared'], running: false });
  });
  expect(startOf(planRestore(demoSituation({ observed })), 'start-job-executor').names).toHaveLength(2);
});

test('a name that a container of others has is found before, not when it is created past the point of no return', () => {
  const observed = { ...whollyGone(), otherNames: ['demo_api_1', 'unrelated'] };
  expect(checkServices(demoSituation({ observed }))).toMatchObject({
    verdict: 'fail',
    evidence: expect.stringContaining('demo_api_1 (of api)') as string,
    remedy: expect.stringContaining('docker rename demo_api_1 demo_api_1-old') as string,
  });
});

test('whatever shares the space of a container that is created again is created again, too', () => {
  const observed = demoObserved((container) => {
    if (container.service === 'job-executor') container.sharesWith = ['demo_api_1'];
    if (container.service === 'job-distributor') container.sharesWith = ['demo_job-executor_2'];
    if (container.service === 'api') container.networkGone = true;
  });
  const plan = planRestore(demoSituation({ observed }));
  for (const service of ['api', 'job-executor', 'job-distributor']) {
    expect(plan.steps.map(({ id }) => id)).toContain(`remove-containers-${service}`);
    expect(startOf(plan, `start-${service}`).capture).toBe('2026-11-21t0930z');
  }
  expect(startOf(plan, 'start-zookeeper').capture).toBeUndefined();
});

test('a rollback removes what was renamed since, and creates it as it was: one container on each volume', () => {
  const plan = planRollback({
    platform: demoPlatform(),
    platformFileHash: 'f'.repeat(64),
    observed: renamed(),
    before: demoCapture(),
    quarantined: ['demo_zk-data'],
    image: 'stack/elasticsearch:1',
  });
  const removed = plan.steps.find(({ id }) => id === 'rollback-remove-zookeeper');
  expect(removed?.arguments).toMatchObject({ containers: ['demo-zookeeper-1'] });
  expect(startOf(plan, 'rollback-start-zookeeper')).toMatchObject({ names: ['demo_zookeeper_1'], capture: 'before' });
});
