import { createHash } from 'node:crypto';
import { adoptionsOf } from '../../domain/beside/adoptions.ts';
import { checkBeside, inPlaceInstead } from '../../domain/beside/hindrances.ts';
import { primaryCapture, primaryPart, sceneBeside } from '../../domain/beside/scene.ts';
import { basesIn, withBases } from '../../domain/bases.ts';
import { failed, overallVerdict, type Check } from '../../domain/checks.ts';
import { findHelperImage, outlineOf } from '../../domain/deployment.ts';
import { usualDrill } from '../../domain/drills/drill-policy.ts';
import { platformInScene } from '../../domain/drills/platform-in-scene.ts';
import { checkKept, type KeptScene } from '../../domain/drills/kept.ts';
import type { Scene } from '../../domain/drills/scene.ts';
import { Failure } from '../../domain/failures.ts';
import { isSpread } from '../../domain/hosts.ts';
import { whatGoes } from '../../domain/plans/mount-fates.ts';
import type { UnhashedPlan } from '../../domain/plans/plan.ts';
import { planBeside } from '../../domain/plans/plan-beside.ts';
import type { RestoreSituation } from '../../domain/plans/plan-restore.ts';
import { beforeRun, type SceneIs } from '../../domain/plans/step-arguments.ts';
import type { RestoreInput } from '../../domain/runs/run.ts';
import type { Watch } from '../../domain/watch.ts';
import { sceneCapture } from '../drill/in-scene.ts';
import { checkDrillDisk, checkScene } from '../drill/room.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { readCapture, readExpectedSetOf } from '../recovery-points/read-point.ts';

/** A restore beside the platform is asked for. */
export interface Beside {
  /** The run to which the scene belongs; names in it follow from this. */
  run: string;
  scene: SceneIs;
  /** `run` is a drill that has filled the scene. */
  promotes?: KeptScene;
}

/** What is asked for, in the name of this run. A dry run is none, so its scene has other names, and its plan another hash. */
export function besideAsked(
  { platform, beside }: Pick<RestoreInput, 'platform' | 'beside'>,
  run = `restore/${platform}/dry-run`,
): Beside | undefined {
  return beside ? { run, scene: 'to be filled' } : undefined;
}

/** Whether a check of a restore in place says nothing of one beside: its data is put into the scene, where the cluster forms as well. */
export const isOfInPlaceAlone = ({ name }: Pick<Check, 'name'>): boolean =>
  name === 'disk' || name.startsWith('bootstrap ');

/**
 * What preflight adds for a restore beside the platform, and its plan. No plan when it is refused: each refusal offers the restore in place.
 * `inPlace`: as preflight has seen it, with its `checks`. Failures: those of reading the capture and the expected sets.
 */
export async function assessBeside(
  open: OpenPlatform,
  inPlace: RestoreSituation,
  { run, scene: sceneState, promotes, checks: before, ...watch }: Beside & { checks: readonly Check[] } & Watch,
): Promise<{ checks: Check[]; plan?: UnhashedPlan }> {
  const kept = before.filter((check) => !isOfInPlaceAlone(check));
  const { platform, observed, captureSource: source } = inPlace;
  const refused = (...more: Check[]) => ({ checks: [...kept, ...more] });
  // A scene has words of its own for these, which are about drills.
  if (platform.deployment.kind !== 'compose' || isSpread(platform))
    return refused(checkBeside(inPlace, { adoptions: [], unmatched: [] }));
  const scene = promotes?.scene ?? sceneOrRefusal(inPlace, run);
  if ('verdict' in scene) return refused(scene);
  if (source === undefined || source === beforeRun)
    return refused(failed('beside', 'No recovery point tells how the data services are created', inPlaceInstead));
  const whole = await readCapture(open, source);
  const inScene = {
    platform: withBases(platformInScene(primaryPart(platform), scene), basesIn(platform).bases),
    capture: primaryCapture(outlineOf(sceneCapture(whole, { platform, scene })), platform),
  };
  const matched = adoptionsOf({ platform, observed, goes: whatGoes(inPlace), inScene: inScene.capture });
  const room = sceneState === 'filled' ? [] : await checkRoom(open, inPlace, scene, watch);
  const untouched = promotes ? [checkKept(run, promotes, await open.docker.inventory(open.host))] : [];
  const checks = [...kept, checkBeside(inPlace, matched), ...untouched, ...room];
  if (overallVerdict(checks) !== 'pass') return { checks };
  const { adoptions } = matched;
  return { checks, plan: planBeside({ inPlace, inScene, scene, adoptions, ...(promotes && { promotes: run }) }) };
}

/** The same names each time that a run's plan is made. */
function sceneOrRefusal({ platform }: RestoreSituation, run: string): Scene | Check {
  const id = createHash('sha256').update(run).digest('hex').slice(0, 8);
  try {
    return sceneBeside(platform, { run, id });
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return failed('beside', error.message, `${inPlaceInstead}; or: ${error.remedy}`);
  }
}

/** With figures, next to what runs: memory and processors of the scene's containers, and disk for the indices, which stay where they then are. */
async function checkRoom(open: OpenPlatform, inPlace: RestoreSituation, scene: Scene, watch: Watch): Promise<Check[]> {
  const { platform, observed, capture, manifest } = inPlace;
  const image = findHelperImage(platform.deployment, observed, capture);
  const task = { platform: platform.platform, volumes: [], folders: [], ...watch };
  const room = image === undefined ? undefined : await open.docker.measureDisk({ ...task, image });
  const expected = await Promise.all(manifest.stores.map((store) => readExpectedSetOf(open, store)));
  const bytes = expected.reduce((sum, { totalBytes }) => sum + totalBytes, 0);
  const { diskBytes } = platform.drill ?? usualDrill;
  return [...(await checkScene(scene, open)), checkDrillDisk(bytes, room, diskBytes)].map((check) =>
    check.verdict === 'pass' ? check : { ...check, remedy: `${inPlaceInstead}; or: ${check.remedy}` },
  );
}
