import { basesIn } from '../bases.ts';
import type { CaptureOutline, ObservedDeployment } from '../deployment.ts';
import type { Scene } from '../drills/scene.ts';
import { storesOfKind, type HostName, type Platform } from '../platform.ts';
import { without } from '../without.ts';
import { inOrder, type UnhashedPlan } from './plan.ts';
import { rebuildSteps } from './plan-rebuild.ts';
import { deploySteps, startStep } from './restore-steps/deploy.ts';
import { leaves } from './restore-steps/graph.ts';
import { leaveSteps } from './restore-steps/leave-scene.ts';
import { restoreSteps } from './restore-steps/restore.ts';
import { captureSourceOf, type RestoreSituation } from './restore-steps/situation.ts';
import type { Step, StepId } from './steps.ts';
import { restorePartsInScene } from './streamed-steps.ts';

/** What a drill's plan is made from; platform and capture as they are in the scene. */
export interface DrillSituation extends Pick<
  RestoreSituation,
  'platformFileHash' | 'manifest' | 'indices' | 'captureSource'
> {
  platform: Platform;
  capture: CaptureOutline;
  scene: Scene;
  host: HostName;
  /** What was proven is kept so long, stopped, for a restore that promotes it; absent: it is taken down at once. */
  keepHours?: number;
}

/**
 * The restore of a recovery point into a scene of its own, which is taken down again: the steps are a restore's, of a
 * platform of which nothing is left. Failures: SnapshotMissing; ServiceNotFound when the capture lacks a service.
 */
export function planDrill(drill: DrillSituation): UnhashedPlan {
  const { platform, manifest, scene, host } = drill;
  const situation: RestoreSituation = {
    ...drill,
    observed: emptyEngine(scene.host ?? host),
    storePaths: {},
    volumes: 'remove',
  };
  const open = openSteps(drill);
  const opened = leaves(open);
  // The scene is there as a whole, network and ways, before anything is put into it.
  const deploy = deploySteps({ ...situation, capture: { ...drill.capture, networks: [] } }, opened);
  const restored = storesOfKind(platform, 'elasticsearch').filter(
    ({ name }) => scene.share === undefined || (scene.share.indices[name] ?? []).length > 0,
  );
  const restore = restored.flatMap((store) => restoreSteps(situation, store)).map((step) => inShare(step, scene));
  const streamed = restorePartsInScene(platform, manifest);
  const derived = rebuildSteps(platform, {
    exactOrder: true,
    ready: (store) => [`await-${store.name}`, ...restored.map(({ name }) => `restore-${name}`)],
  });
  const work = [...deploy, ...restore, ...streamed, ...derived];
  const end =
    drill.keepHours === undefined ? useSteps(situation, leaves(work)) : keepSteps(drill, drill.keepHours, leaves(work));
  // What is in the scene goes with it: nothing of it is undone alone.
  const inScene = [...work, ...end].map((step) => without(step, 'undo', 'undoAlways') as Step);
  return {
    version: 1,
    kind: 'drill',
    platform: platform.platform,
    host,
    ...basesIn(platform),
    recoveryPoint: { id: manifest.id, startedAt: manifest.startedAt, ...(manifest.adopted && { adopted: true }) },
    ...(captureSourceOf(situation) !== manifest.id && { capture: captureSourceOf(situation) }),
    scene,
    steps: inOrder([...open, ...inScene, ...closeSteps(leaves(inScene))]).map((step) => onHostOf(scene, step, host)),
    volumes: [],
    platformFileHash: drill.platformFileHash,
  };
}

/** All of a scene is on one engine, and so is all work on it. `main`: the platform's own host, which steps do not name. */
function onHostOf({ host = '' }: Scene, step: Step, main: HostName): Step {
  return ['', main].includes(host) ? step : { ...step, host };
}

/** Elasticsearch restores feature states as a whole: a drill of some indices leaves them out. */
function inShare(step: Step, { share }: Scene): Step {
  if (share === undefined || step.action !== 'restoreIndices') return step;
  const indices = share.indices[step.arguments.store] ?? [];
  return { ...step, arguments: { ...step.arguments, indices: indices.length, featureStates: [] } };
}

/** What dead drills left goes first: what is new at the end is then this drill's, or other people's. */
function openSteps({ platform, manifest, captureSource: capture = manifest.id }: DrillSituation): Step[] {
  return [
    { id: 'remove-leftovers', action: 'removeDrillLeftovers', arguments: {}, after: [] },
    {
      id: 'record-engine',
      action: 'recordEngine',
      arguments: {},
      after: ['remove-leftovers'],
      // However the drill ends: its last step, or else what is undone last, when the scene is closed.
      undo: { action: 'proveUntouched', arguments: {} },
    },
    {
      id: 'open-scene',
      action: 'openScene',
      arguments: { stores: storesOfKind(platform, 'elasticsearch').map(({ name }) => name), capture },
      after: ['record-engine'],
      undo: { action: 'closeScene', arguments: {} },
      undoAlways: true,
    },
  ];
}

/** Core services that are rehearsed too, in their order; what the platform's users would notice; that all of it still runs. */
function useSteps(situation: RestoreSituation, restored: StepId[]): Step[] {
  const { platform } = situation;
  const steps: Step[] = [];
  let after = restored;
  const then = (step: Step) => {
    steps.push(step);
    after = [step.id];
  };
  for (const service of platform.deployment.core) then(startStep(situation, service, after));
  if (platform.smoke.length > 0) then({ id: 'smoke-check', action: 'smokeCheck', arguments: {}, after });
  const { healthTimeoutSeconds } = platform.deployment;
  then({ id: 'confirm-health', action: 'confirmHealth', arguments: { healthTimeoutSeconds }, after });
  return steps;
}

function keepSteps({ platform, scene, manifest }: DrillSituation, hours: number, proven: StepId[]): Step[] {
  const leave = leaveSteps(platform, scene, proven);
  const keep = { recoveryPoint: manifest.id, hours };
  return [...leave, { id: 'keep-scene', action: 'keepScene', arguments: keep, after: leaves(leave) }];
}

function closeSteps(after: StepId[]): Step[] {
  return [
    { id: 'close-scene', action: 'closeScene', arguments: {}, after },
    { id: 'prove-untouched', action: 'proveUntouched', arguments: {}, after: ['close-scene'] },
  ];
}

/** An engine on which nothing of the platform is. */
export const emptyEngine = (host: HostName): ObservedDeployment => ({
  host,
  engineVersion: '',
  containers: [],
  volumes: [],
  networks: [],
  otherContainers: [],
  otherNames: [],
});
