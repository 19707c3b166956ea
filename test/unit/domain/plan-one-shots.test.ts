import { outlineOf, type DeploymentCapture } from '../../../domain/deployment.ts';
import { planRestore, type RestoreSituation } from '../../../domain/plans/plan-restore.ts';
import { checkVolumes } from '../../../operations/preflight/volumes.ts';
import {
  demoCapture,
  demoObserved,
  demoPlatform,
  demoSituation,
  never,
  unlessStopped,
  whollyGone,
} from '../../demo-situation.ts';
import { before } from './plan-queries.ts';

// cspell:ignore esperms
// A one-shot service, as many Compose files have one: `chown` on the data volume, ended with exit code 0.

/** The demo with such a service among `data` or `core`, as it was captured and as it is now. */
function withOneShot(place: 'data' | 'core', change: Partial<RestoreSituation> = {}): RestoreSituation {
  const platform = demoPlatform();
  platform.deployment[place].unshift('esperms');
  const as = {
    name: 'demo_esperms_1',
    service: 'esperms',
    running: false,
    restartPolicy: never,
    oneShot: true as const,
  };
  const capture = demoCapture();
  capture.containers.push({ ...capture.containers[0]!, ...as });
  const observed = demoObserved();
  observed.containers.push({ ...observed.containers[0]!, ...as });
  return demoSituation({ platform, capture, observed, ...change });
}
const stepOf = (situation: RestoreSituation, id: string) => planRestore(situation).steps.find((step) => step.id === id);

test.each([undefined, whollyGone()])('its success is what its start waits for', (observed) => {
  const situation = withOneShot('core', observed && { observed });
  expect(stepOf(situation, 'start-esperms')?.arguments).toMatchObject({
    containers: [{ name: 'demo_esperms_1', oneShot: true }],
  });
  expect(stepOf(situation, 'start-api')?.arguments).not.toMatchObject({ containers: [{ oneShot: true }] });
  expect(stepOf(situation, 'stop-esperms')).toBeUndefined();
});

test('among the data services it ends before a server opens the folders', () => {
  expect(stepOf(withOneShot('data'), 'start-elasticsearch')?.after).toContain('start-esperms');
});

test('a server that somebody stopped, with exit code 0, is none: the capture knows that it ran', () => {
  const observed = demoObserved((container) => {
    if (container.service === 'api') Object.assign(container, { running: false, restartPolicy: never, oneShot: true });
  });
  const started = stepOf(demoSituation({ observed }), 'start-api')?.arguments as { containers: object[] } | undefined;
  expect(started?.containers[0]).toEqual({ name: 'demo_api_1', restartPolicy: unlessStopped });
});

test('the capture tells it to the plan', () => {
  const container = { ...demoCapture().containers[0]!, oneShot: true as const, create: { Env: ['A=b'] } };
  const capture = { containers: [container], networks: [], volumes: [] } as unknown as DeploymentCapture;
  expect(outlineOf(capture).containers).toEqual([expect.objectContaining({ oneShot: true })]);
});

test('outside the platform file it is no obstacle, as long as its volume is not removed', () => {
  const observed = demoObserved();
  Object.assign(observed.volumes[0]!, {
    usedBy: ['demo_elasticsearch_1', 'demo_esperms_1'],
    finished: ['demo_esperms_1'],
  });
  expect(checkVolumes(demoSituation({ observed }))).toMatchObject({ verdict: 'pass' });
  expect(checkVolumes(demoSituation({ observed, volumes: 'remove' }))).toMatchObject({
    verdict: 'fail',
    evidence: 'demo_es-data is also used by demo_esperms_1',
  });
});

test('whoever holds a volume that is removed goes first, also a core service', () => {
  const situation = withOneShot('core', { volumes: 'remove' });
  expect(before(planRestore(situation), 'remove-containers-esperms', 'remove-demo_es-data')).toBe(true);
  expect(stepOf(situation, 'remove-containers-api')).toBeUndefined();
});
