import type { Adoption } from '../beside/adoptions.ts';
import { basesIn } from '../bases.ts';
import type { CaptureOutline } from '../deployment.ts';
import type { Scene } from '../drills/scene.ts';
import { storesOfKind, type Platform } from '../platform.ts';
import { without } from '../without.ts';
import { inOrder, type UnhashedPlan } from './plan.ts';
import { mountFates } from './mount-fates.ts';
import { emptyEngine } from './plan-drill.ts';
import { rebuildSteps } from './plan-rebuild.ts';
import { clearSteps } from './restore-steps/clear.ts';
import { deploySteps } from './restore-steps/deploy.ts';
import { withFences } from './restore-steps/fence.ts';
import { last, leaves } from './restore-steps/graph.ts';
import { leaveSteps } from './restore-steps/leave-scene.ts';
import { prepareSteps } from './restore-steps/prepare.ts';
import { restoreSteps } from './restore-steps/restore.ts';
import { captureSourceOf, helperImage, presentDataVolumes, type RestoreSituation } from './restore-steps/situation.ts';
import { startSteps } from './restore-steps/start.ts';
import { stopSteps } from './restore-steps/stop.ts';
import type { SceneIs } from './step-arguments.ts';
import type { Step, StepId } from './steps.ts';

/** What the plan of a restore beside the platform is made from. */
export interface BesideSituation {
  /** As of a restore in place; its data is quarantined, never removed. */
  inPlace: RestoreSituation;
  /** Platform and capture as they are in the scene, the primary stores alone: `primaryPart`, `primaryCapture`. */
  inScene: { platform: Platform; capture: CaptureOutline };
  scene: Scene;
  /** Which data goes where at the swap. */
  adoptions: readonly Adoption[];
  /** The drill that has filled the scene, and keeps it: only the swap is left to do. */
  promotes?: string;
}

/**
 * The restore that costs the least downtime: primary stores are restored and verified in a scene while the platform serves. Then it stops,
 * its data is set aside as in place, the scene's data takes its place by a rename, and everything starts. Until the first stop the platform
 * is not touched; past the point of no return the way back is that of a restore in place. Pure: the same situation gives the same plan.
 * Failures: ServiceNotFound, SnapshotMissing, VolumeRefused (preflight says all of them before).
 */
export function planBeside(situation: BesideSituation): UnhashedPlan {
  const { scene, promotes } = situation;
  // The cluster has formed in the scene: a node that were to make one would make another.
  const inPlace = without(situation.inPlace, 'bootstraps');
  const { platform, manifest, observed } = inPlace;
  const before = promotes === undefined ? fillSteps({ ...situation, inPlace }) : promotionSteps(inPlace, promotes);
  const swap = swapSteps({ ...situation, inPlace }, last(before)).map((step) => sceneIs('filled', step));
  const close: Step = {
    id: 'close-scene',
    action: 'closeScene',
    scene: true,
    arguments: {},
    after: ['resume-schedules'],
  };
  // The drill that is promoted closes its scene itself.
  const end = promotes === undefined ? [close] : [];
  const steps = inOrder([...before, ...withFences(inPlace, swap), ...end]);
  const pointOfNoReturn = steps.find((step) => step.destructive)?.id;
  return {
    version: 1,
    kind: 'restore',
    platform: platform.platform,
    host: observed.host,
    ...basesIn(platform),
    recoveryPoint: { id: manifest.id, startedAt: manifest.startedAt, ...(manifest.adopted && { adopted: true }) },
    ...(captureSourceOf(inPlace) !== manifest.id && { capture: captureSourceOf(inPlace) }),
    ...(promotes === undefined && { scene }),
    steps,
    ...(pointOfNoReturn === undefined ? {} : { pointOfNoReturn }),
    volumes: presentDataVolumes(inPlace).map(({ name, createdAt }) => ({ name, createdAt })),
    mounts: mountFates(inPlace),
    platformFileHash: inPlace.platformFileHash,
  };
}

/** All that comes before the swap, which preflight precedes once more: filling takes long. */
function fillSteps(situation: BesideSituation): Step[] {
  const prepare = prepareSteps(situation.inPlace).map((step) => sceneIs('to be filled', step));
  const fill = besideSteps(situation, last(prepare));
  const again = prepare
    .filter(({ action }) => action === 'repeatPreflight')
    .map((step) => ({ ...sceneIs('filled', step), id: 'preflight-before-swap', after: leaves(fill) }));
  return [...prepare, ...fill, ...again];
}

/** A drill has done the rest, and must not be ended as others are. */
function promotionSteps(inPlace: RestoreSituation, promotes: string): Step[] {
  return prepareSteps(inPlace).map((plain): Step => {
    const step = sceneIs('filled', plain);
    if (step.action === 'pauseSchedules') return { ...step, arguments: { ...step.arguments, promotes } };
    return step.action === 'repeatPreflight' ? { ...step, arguments: { ...step.arguments, promotes } } : step;
  });
}

/** Preflight, repeated, does not demand once more what the scene has already. */
function sceneIs(beside: SceneIs, step: Step): Step {
  return step.action === 'repeatPreflight' ? { ...step, arguments: { ...step.arguments, beside } } : step;
}

/** Of steps that are in a plan twice, in the scene and in place, the former. */
const beside = (id: StepId): StepId => `beside-${id}`;

/** What a drill does up to the proof of each primary store; at the end its servers stop, and their data is whole. */
function besideSteps({ inPlace, inScene, scene }: BesideSituation, first: StepId[]): Step[] {
  const { manifest, indices, nodes, captureSource = manifest.id, platformFileHash } = inPlace;
  const { platform } = inScene;
  const stores = storesOfKind(platform, 'elasticsearch');
  const open: Step[] = [
    { id: 'remove-leftovers', action: 'removeDrillLeftovers', arguments: {}, after: first },
    {
      id: 'open-scene',
      action: 'openScene',
      arguments: { stores: stores.map(({ name }) => name), capture: captureSource },
      after: ['remove-leftovers'],
      undo: { action: 'closeScene', arguments: {} },
      undoAlways: true,
    },
  ];
  const there: RestoreSituation = {
    platform,
    platformFileHash,
    manifest,
    indices,
    ...(nodes && { nodes }),
    captureSource,
    // The scene is there as a whole, network and ways, before anything is put into it.
    capture: { ...inScene.capture, networks: [] },
    observed: emptyEngine(inPlace.observed.host),
    storePaths: {},
    volumes: 'remove',
  };
  const work = [...deploySteps(there, []), ...stores.flatMap((store) => restoreSteps(there, store))]
    // What is in the scene goes with it: nothing of it is undone alone.
    .map((step) => without(step, 'undo', 'undoAlways') as Step)
    .map((step) => ({
      ...step,
      id: beside(step.id),
      after: step.after.length === 0 ? ['open-scene'] : step.after.map(beside),
    }));
  const proven = leaves(work);
  const leave = leaveSteps(platform, scene, proven);
  return [...open, ...work, ...leave].map((step) => ({ ...step, scene: true }));
}

/** The platform's downtime: from the first stop until its core serves again. */
function swapSteps({ inPlace, adoptions }: BesideSituation, filled: StepId[]): Step[] {
  const { platform, observed } = inPlace;
  const stop = stopSteps(inPlace, filled);
  const stopped = stop.length > 0 ? leaves(stop) : filled;
  const clear = clearSteps(inPlace, stopped);
  const cleared = clear.map(({ id }) => id);
  const adopt = adoptions.map(({ volume, from }): Step => ({
    id: `adopt-${volume}`,
    action: 'adoptVolume',
    arguments: { volume, from, host: observed.host, image: helperImage(inPlace) },
    after: cleared,
  }));
  const deploy = deploySteps(inPlace, [...stopped, ...cleared, ...adopt.map(({ id }) => id)]);
  const stores = storesOfKind(platform, 'elasticsearch');
  const proof = stores.flatMap((store) => proofSteps(inPlace, store));
  const derived = rebuildSteps(platform, {
    exactOrder: true,
    ready: ({ name }) => [`await-${name}`, ...stores.map((store) => `await-${store.name}`)],
  });
  const start = startSteps(inPlace, leaves([...deploy, ...proof, ...derived]));
  return [...stop, ...clear, ...adopt, ...deploy, ...proof, ...derived, ...start];
}

/**
 * That what was proven in the scene is what serves now: the same check as after a restore in place. The repository is registered
 * meanwhile: nothing is read from it any more.
 */
function proofSteps(situation: RestoreSituation, store: Parameters<typeof restoreSteps>[1]): Step[] {
  return restoreSteps(situation, store).flatMap((step): Step[] => {
    if (step.action === 'configureRepository') return [step];
    return step.action === 'verifyIndices' ? [{ ...step, after: [`await-${store.name}`] }] : [];
  });
}
