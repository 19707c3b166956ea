import { randomBytes } from 'node:crypto';
import { adoptionsOf } from '../../domain/beside/adoptions.ts';
import { checkBeside } from '../../domain/beside/hindrances.ts';
import { primaryCapture, primaryPart } from '../../domain/beside/scene.ts';
import { basesOfPoint, withBases } from '../../domain/bases.ts';
import { failed, overallVerdict, type Check } from '../../domain/checks.ts';
import { outlineOf, type CaptureOutline } from '../../domain/deployment.ts';
import { usualDrill } from '../../domain/drills/drill-policy.ts';
import { checkGathered } from '../../domain/drills/not-rehearsed.ts';
import { platformInScene } from '../../domain/drills/platform-in-scene.ts';
import { isGathered } from '../../domain/drills/scene-host.ts';
import { checkDeployed, type Scene } from '../../domain/drills/scene.ts';
import { whatGoes } from '../../domain/plans/mount-fates.ts';
import type { Forecast } from '../../domain/runs/forecast.ts';
import type { Plan } from '../../domain/plans/plan.ts';
import { planDrill } from '../../domain/plans/plan-drill.ts';
import { Failure } from '../../domain/failures.ts';
import type { Platform } from '../../domain/platform.ts';
import type {
  PointChoice,
  RecoveryPointId,
  RecoveryPointManifest,
} from '../../domain/recovery-points/recovery-point.ts';
import { streamedStores } from '../../domain/store-kinds.ts';
import type { DrillInput } from '../../domain/runs/run.ts';
import { sourcesOf, type RunSources } from '../../domain/runs/sources.ts';
import type { Watch } from '../../domain/watch.ts';
import { observeHere } from '../hosts/observe-here.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { runCheck } from '../observation.ts';
import { checkParts } from '../preflight/streams.ts';
import { choiceOf } from '../recovery-points/point-choice.ts';
import { observeForRestore } from '../restore/assess-restore.ts';
import { forecastRun } from '../restore/forecast.ts';
import { readEarlierRuns } from '../restore/measured-runs.ts';
import { withHash } from '../with-hash.ts';
import { chooseRehearsed } from './choose-rehearsed.ts';
import { considerPoint } from './consider-point.ts';
import { sceneCapture } from './in-scene.ts';
import { checkDrillDisk, checkDrillMemory, checkDrillProcessors } from './room.ts';
import { checkSceneHost } from './scene-room.ts';

export interface PreparedDrill {
  /** Absent: it does not fit, as the checks say. */
  plan?: Plan;
  checks: Check[];
  /** How long its copy of the platform will take until it is up and verified. */
  forecast?: Forecast;
  sources?: RunSources;
}

/**
 * Chooses the recovery point, checks that there is room beside the living platform, and plans. Nothing is made yet. Failures: those of choosing
 * and reading the point; InvalidArgument for what cannot be rehearsed; CaptureUnreadable when no capture tells how.
 */
export async function prepareDrill(
  opened: OpenPlatform,
  { point, indices, keepHours, run }: Pick<DrillInput, 'point' | 'indices' | 'keepHours'> & { run: string },
  { onChosen, ...watch }: Watch & { onChosen?: (id: RecoveryPointId) => Promise<void> } = {},
): Promise<PreparedDrill> {
  const { fileHash: platformFileHash, host } = opened;
  // What is promoted are the primary stores: the rest is rebuilt in place, or was never away.
  const keeps = keepHours !== undefined;
  const partOf = (whole: Platform) => (keeps ? primaryPart(whole) : whole);
  checkDeployed(opened.platform);
  if (keeps && isGathered(opened.platform)) throw notKept(opened.platform);
  const observed = await observeHere(opened);
  const staging = { run, id: randomBytes(4).toString('hex'), observed, partOf };
  const consider = (choice: PointChoice) => considerPoint(opened, { choice, indices, ...staging }, watch);
  // What a person named, or wants whole, is taken as it is.
  const { chosen, checks: choosing } =
    point === undefined && indices === undefined && !keeps
      ? await chooseRehearsed(opened, consider)
      : { chosen: await consider(choiceOf({ ...(point !== undefined && { point }) })), checks: [] };
  const { manifest, expected, source, whole, stage, streamed, extent } = chosen;
  const { open, platform, there, scene: empty, secrets, images, room } = stage;
  await onChosen?.(manifest.id);
  const { diskBytes } = platform.drill ?? usualDrill;
  const scene = { ...empty, ...(extent.share && { share: extent.share }) };
  const all = outlineOf(sceneCapture(whole, { platform, scene }));
  const capture = keeps ? primaryCapture(all, platform) : all;
  const gathered = checkGathered(whole, { platform, scene, secrets });
  const checks = [
    ...(gathered ? [gathered] : []),
    ...checkSceneHost(room, images, there ?? host),
    checkDrillMemory(empty, room.availableBytes),
    checkDrillProcessors(empty, room.processors),
    room.network,
    checkDrillDisk(extent.bytes + streamed, room.disk, diskBytes),
    ...(await checkDrillStreams(open, platform, manifest, watch)),
    ...choosing,
    ...extent.checks,
    ...(keeps ? await checkKeeping(open, { point: manifest.id, scene, capture }) : []),
  ];
  if (overallVerdict(checks) !== 'pass') return { checks };
  const held = Object.fromEntries(expected.map((set) => [set.store, set.indices]));
  const plan = planDrill({
    platform: withBases(platformInScene(platform, scene), basesOfPoint(platform, manifest.stores)),
    platformFileHash,
    manifest,
    indices: held,
    captureSource: source,
    capture,
    scene,
    host,
    ...(keeps && { keepHours }),
  });
  const forecast = forecastRun(platform, manifest, plan, { earlier: await readEarlierRuns(open), lost: [] });
  // Its Elasticsearch is that of the captured image: the one that took the snapshot.
  const elasticsearch = Object.fromEntries(expected.map((set) => [set.store, set.elasticsearchVersion]));
  const sources = sourcesOf(manifest, capture, observed, elasticsearch);
  return { plan: withHash(plan), checks, forecast, sources };
}

/** Every part is there, and the key opens it: as preflight of a restore has it. */
async function checkDrillStreams(
  open: OpenPlatform,
  platform: OpenPlatform['platform'],
  manifest: RecoveryPointManifest,
  watch: Watch,
): Promise<Check[]> {
  const stores = streamedStores(platform);
  const checks = stores.map((store) =>
    runCheck(`parts ${store.name}`, () => checkParts(open, store, { manifest }, watch)),
  );
  return (await Promise.all(checks)).flatMap((check) => check ?? []);
}

/** Whether a restore could promote it, as far as can be told now: an hour of drilling would be for nothing. */
async function checkKeeping(
  open: OpenPlatform,
  { point, scene, capture }: { point: RecoveryPointId; scene: Scene; capture: CaptureOutline },
): Promise<Check[]> {
  const { platform } = open;
  const remedy = 'Drill without --keep: it proves the recovery point all the same';
  if (scene.share !== undefined)
    return [failed('promotion', 'Not all indices fit, and half a platform cannot be swapped in', remedy)];
  const input = { platform: platform.platform, point, volumes: 'quarantine' } as const;
  const inPlace = await observeForRestore(open, input);
  const check = checkBeside(inPlace, adoptionsOf({ ...inPlace, goes: whatGoes(inPlace), inScene: capture }));
  return [{ ...check, name: 'promotion', ...(check.verdict !== 'pass' && { remedy }) }];
}

function notKept({ platform, deployment }: Platform): Failure {
  const why = deployment.kind === 'swarm' ? 'it is deployed by Docker Swarm' : 'its services lie on several hosts';
  return new Failure('InvalidArgument', {
    message: `What a drill restores of ${platform} cannot be kept, to be swapped in: ${why}`,
    remedy: 'Drill without --keep: it proves the recovery point all the same',
  });
}
