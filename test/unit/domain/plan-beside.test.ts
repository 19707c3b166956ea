import { inOrder } from '../../../domain/plans/plan.ts';
import { measuredRun } from '../../../domain/forecast/measured.ts';
import { downtimeOf } from '../../../domain/runs/downtime.ts';
import { followPlan, startProgress } from '../../../domain/runs/progress.ts';
import { earlierSteps } from '../../../domain/runs/repeat.ts';
import { besideOf, besideRun } from '../../beside-situation.ts';
import { demoPlatform } from '../../demo-situation.ts';
import { wholeCapture } from '../../drill-situation.ts';
import { before, ids, planOf, stepOf, withAction } from './plan-queries.ts';

const plan = besideOf().plan();
const scenic = plan.steps.filter(({ scene }) => scene);
const firstStop = 'stop-job-distributor';

test('everything that can fail for want of the recovery point is done and proven before the first stop', () => {
  for (const id of ['beside-verify-documents', 'leave-documents', 'beside-stop-elasticsearch'])
    expect(before(plan, id, firstStop)).toBe(true);
  for (const { id } of withAction(plan, 'quarantineVolume')) expect(before(plan, 'stop-elasticsearch', id)).toBe(true);
  expect(plan.steps.find(({ destructive }) => destructive)?.id).toBe(plan.pointOfNoReturn);
});

test('no step of the scene names anything of the living platform, and none outside it works in the scene but the swap', () => {
  const living = wholeCapture();
  const names = [...living.containers, ...living.volumes, ...living.networks].map(({ name }) => `"${name}"`);
  const text = JSON.stringify(scenic);
  expect(names.filter((name) => text.includes(name))).toEqual([]);
  expect(scenic.some(({ destructive }) => destructive)).toBe(false);
  const inPlace = plan.steps.filter(({ scene, action }) => scene === undefined && action !== 'adoptVolume');
  expect(JSON.stringify(inPlace)).not.toContain('rekindle-drill-');
});

test('the scene holds the primary stores alone: queues are rebuilt in place', () => {
  const { scene, inScene } = besideOf();
  expect(Object.keys(scene.memory)).toEqual(['elasticsearch', 'the way of documents']);
  expect(inScene.capture.volumes.map(({ name }) => name)).toEqual(['rekindle-drill-ab12cd34-elasticsearch-0']);
  expect(withAction(plan, 'startService').flatMap(({ id, scene: there }) => (there ? [id] : []))).toEqual([
    'beside-start-elasticsearch',
  ]);
  expect(stepOf(plan, 'rebuildQueue', 'rebuild-jobs').scene).toBeUndefined();
});

test('the scene’s server forgets its repository, then stops by itself: its data is used as it is', () => {
  expect(stepOf(plan, 'stopService', 'beside-stop-elasticsearch').arguments).toMatchObject({
    containers: [{ name: 'rekindle-drill-ab12cd34-elasticsearch' }],
    gently: true,
  });
  expect(before(plan, 'leave-documents', 'beside-stop-elasticsearch')).toBe(true);
  expect(before(plan, 'beside-reset-throttles-documents', 'leave-documents')).toBe(true);
});

test('before the first stop preflight is repeated: at the beginning with room for the scene, then without', () => {
  const repeated = withAction(plan, 'repeatPreflight').map(({ id, arguments: given }) => [
    id,
    given.platformIs,
    given.beside,
  ]);
  expect(repeated).toEqual([
    ['repeat-preflight', 'running', 'to be filled'],
    ['preflight-before-swap', 'running', 'filled'],
    ['last-preflight', 'stopped', 'filled'],
  ]);
  expect(before(plan, 'repeat-preflight', 'open-scene')).toBe(true);
  expect(before(plan, 'preflight-before-swap', firstStop)).toBe(true);
  for (const { arguments: given } of withAction(planOf(), 'repeatPreflight'))
    expect(given).not.toHaveProperty('beside');
});

test('the scene’s way has ended before the fence, which knows nobody of the scene', () => {
  // One that runs is never removed.
  expect(stepOf(plan, 'stopService', 'close-way-documents').arguments.containers).toMatchObject([
    { name: 'rekindle-drill-ab12cd34-way-documents' },
  ]);
  expect(before(plan, 'close-way-documents', 'fence-before-data-moves')).toBe(true);
});

test('a cluster that has formed in the scene makes no other one in place', () => {
  const node = { container: 'demo_elasticsearch_1', service: 'elasticsearch', nodeName: 'es' };
  const formed = besideOf({ bootstraps: { documents: node } }).plan();
  expect(stepOf(formed, 'startService', 'start-elasticsearch').arguments).not.toHaveProperty('bootstrap');
  expect(withAction(formed, 'endBootstrap')).toEqual([]);
});

test('each volume gets the data that its server had at the same path, after all old data was set aside', () => {
  const adopt = withAction(plan, 'adoptVolume');
  expect(adopt.map(({ arguments: given }) => given)).toMatchObject([
    { volume: 'demo_es-data', from: 'rekindle-drill-ab12cd34-elasticsearch-0', host: 'machine' },
  ]);
  for (const { id } of withAction(plan, 'quarantineVolume')) expect(before(plan, id, 'adopt-demo_es-data')).toBe(true);
  expect(before(plan, 'adopt-demo_es-data', 'start-elasticsearch')).toBe(true);
});

test('in place, nothing is restored: what serves is verified once more, as after any restore', () => {
  expect(withAction(plan, 'restoreIndices').map(({ scene }) => scene)).toEqual([true]);
  expect(stepOf(plan, 'verifyIndices', 'verify-documents').arguments).toEqual(
    stepOf(planOf(), 'verifyIndices', 'verify-documents').arguments,
  );
  expect(before(plan, 'verify-documents', 'start-api')).toBe(true);
  expect(before(plan, 'verify-jobs', 'start-api')).toBe(true);
  expect(stepOf(plan, 'configureRepository', 'repository-documents').arguments.access).toBe('readonly');
});

test('stops, quarantine, core, checks and what comes after them are those of a restore in place', () => {
  const shared = ['stopService', 'quarantineVolume', 'fence', 'smokeCheck', 'takeBackup', 'resumeSchedules'] as const;
  for (const action of shared) {
    const inPlace = withAction(planOf(), action).filter(({ id }) => id !== 'fence-before-indices-are-restored');
    const here = withAction(plan, action).filter(({ scene }) => scene === undefined);
    expect(here.map(({ id, arguments: given, undo }) => ({ id, given, undo }))).toEqual(
      inPlace.map(({ id, arguments: given, undo }) => ({ id, given, undo })),
    );
  }
});

test('the scene goes however the run ends, and nothing in it is undone alone', () => {
  expect(scenic.flatMap(({ id, undo, undoAlways }) => (undo ? [[id, undo.action, undoAlways]] : []))).toEqual([
    ['open-scene', 'closeScene', true],
  ]);
  expect(before(plan, 'confirm-health', 'close-scene')).toBe(true);
});

test('made twice it is the same, its graph has no loop, and no step has the id of another', () => {
  expect(besideOf().plan()).toEqual(plan);
  expect(inOrder(plan.steps)).toHaveLength(plan.steps.length);
  expect(new Set(ids(plan)).size).toBe(plan.steps.length);
  expect(plan.scene?.run).toBe(besideRun);
});

test('a service that prepares the folder does so in the scene as well', () => {
  const platform = demoPlatform();
  platform.deployment.data = ['chown', ...platform.deployment.data];
  const whole = wholeCapture();
  whole.containers.push({ ...whole.containers[0]!, name: 'demo_chown_1', service: 'chown', oneShot: true });
  const { plan: planned } = besideOf({ platform, capture: besideOf().inPlace.capture }, whole);
  // The capture in place does not know it: only the scene's part is looked at here.
  expect(() => planned()).toThrow(/"chown" is neither on the engine nor in the capture/);
  const { inScene } = besideOf({ platform }, whole);
  expect(inScene.capture.containers.map(({ service }) => service)).toEqual(['chown', 'elasticsearch']);
});

test('the downtime begins with the first stop, not with what happens in the scene', () => {
  const progress = startProgress(besideRun, 'restore', 'demo', '2026-11-29T03:00:00.000Z');
  followPlan(progress, { ...plan, hash: 'h' });
  const at = (seconds: number) => new Date(Date.parse(progress.startedAt) + seconds * 1000).toISOString();
  const done = (id: string, from: number, to: number) =>
    Object.assign(
      progress.steps.find((step) => step.id === id)!,
      {
        status: 'done',
        startedAt: at(from),
        finishedAt: at(to),
      },
    );
  done('beside-start-elasticsearch', 5, 20);
  expect(downtimeOf(progress, Date.parse(at(100)))).toBeUndefined();
  done(firstStop, 100, 110);
  expect(downtimeOf(progress, Date.parse(at(130)))).toEqual({ seconds: 30, over: false });
});

test('a retry in place never starts the scene’s servers again', () => {
  const verify = stepOf(plan, 'verifyIndices', 'verify-documents');
  expect(earlierSteps(plan, verify).some(({ scene }) => scene)).toBe(false);
  expect(earlierSteps(plan, verify).map(({ id }) => id)).toContain('start-elasticsearch');
});

test('what the scene took says nothing of a restore in place: its server has less memory', () => {
  const progress = startProgress(besideRun, 'restore', 'demo', '2026-11-29T03:00:00.000Z');
  followPlan(progress, { ...plan, hash: 'h' });
  for (const step of progress.steps)
    Object.assign(step, { status: 'done', startedAt: progress.startedAt, finishedAt: '2026-11-29T03:00:10.000Z' });
  const measured = measuredRun({ ...progress, phase: 'passed' }, 1000)?.steps ?? {};
  expect(Object.keys(measured).filter((id) => id.startsWith('beside-'))).toEqual([]);
  expect(measured).toMatchObject({ 'start-elasticsearch': { seconds: 10 }, 'adopt-demo_es-data': { seconds: 10 } });
});

describe('of a drill that is promoted', () => {
  const drill = 'drill/demo/2026-11-29T04:00:00Z';
  const promotion = besideOf().plan(drill);

  test('only the swap is left: the same steps, and none in a scene', () => {
    expect(promotion.scene).toBeUndefined();
    const rest = plan.steps.filter(({ id, scene }) => !scene && id !== 'preflight-before-swap').map(({ id }) => id);
    expect(ids(promotion).toSorted()).toEqual(rest.toSorted());
    for (const { id } of withAction(promotion, 'quarantineVolume'))
      for (const adopted of withAction(promotion, 'adoptVolume')) expect(before(promotion, id, adopted.id)).toBe(true);
  });

  test('the drill is not ended with the schedules, and preflight looks at what it keeps', () => {
    expect(stepOf(promotion, 'pauseSchedules', 'pause-schedules').arguments).toMatchObject({ promotes: drill });
    expect(stepOf(promotion, 'repeatPreflight', 'repeat-preflight').arguments).toMatchObject({
      promotes: drill,
      beside: 'filled',
    });
  });
});
