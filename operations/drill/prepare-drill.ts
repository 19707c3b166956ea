import { randomBytes } from 'node:crypto';
import { basesOfPoint, withBases } from '../../domain/bases.ts';
import { overallVerdict, type Check } from '../../domain/checks.ts';
import { findHelperImage, outlineOf } from '../../domain/deployment.ts';
import { platformInScene } from '../../domain/drills/platform-in-scene.ts';
import { sceneOf } from '../../domain/drills/scene.ts';
import type { Plan } from '../../domain/plans/plan.ts';
import { planDrill } from '../../domain/plans/plan-drill.ts';
import { beforeRun } from '../../domain/plans/steps.ts';
import { Failure } from '../../domain/failures.ts';
import type { RecoveryPointId } from '../../domain/recovery-points/recovery-point.ts';
import type { DrillInput } from '../../domain/runs/run.ts';
import type { Watch } from '../../domain/watch.ts';
import { observeHere } from '../hosts/observe-here.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { chooseReadable } from '../recovery-points/choose-readable.ts';
import { choiceOf } from '../recovery-points/point-choice.ts';
import { readCapture, readExpectedSetOf } from '../recovery-points/read-point.ts';
import { findCapture } from '../restore/find-capture.ts';
import { withHash } from '../with-hash.ts';
import { sceneCapture } from './in-scene.ts';
import { availableMemory, checkDrillDisk, checkDrillMemory } from './room.ts';

export interface PreparedDrill {
  /** Absent: it does not fit, as the checks say. */
  plan?: Plan;
  checks: Check[];
}

/**
 * Chooses the recovery point, checks that there is room beside the living platform, and plans. Nothing is made yet. Failures: those of choosing
 * and reading the point; InvalidArgument for what cannot be rehearsed; CaptureUnreadable when no capture tells how.
 */
export async function prepareDrill(
  open: OpenPlatform,
  { point, run }: Pick<DrillInput, 'point'> & { run: string },
  { onChosen, ...watch }: Watch & { onChosen?: (id: RecoveryPointId) => Promise<void> } = {},
): Promise<PreparedDrill> {
  const { platform, fileHash: platformFileHash, host, docker } = open;
  const scene = sceneOf(platform, { run, id: randomBytes(4).toString('hex') });
  const observed = await observeHere(open);
  const { manifest, read } = await chooseReadable(
    open,
    choiceOf({ ...(point !== undefined && { point }) }),
    async (chosen) => {
      const indices = await Promise.all(
        chosen.stores.map(async (store) => [store.store, (await readExpectedSetOf(open, store)).indices] as const),
      );
      return { indices: Object.fromEntries(indices), source: (await findCapture(open, chosen, observed)).source };
    },
  );
  await onChosen?.(manifest.id);
  const { source, indices } = read;
  if (source === undefined || source === beforeRun) throw notCaptured(platform.platform, manifest.id);
  const whole = await readCapture(open, source);
  const capture = outlineOf(sceneCapture(whole, { platform, scene }));
  const image = findHelperImage(platform.deployment, observed, outlineOf(whole));
  const seen =
    image === undefined
      ? undefined
      : await docker.measureDisk({ platform: platform.platform, image, volumes: [], folders: [], ...watch });
  const checks = [checkDrillMemory(scene, await availableMemory()), ...(seen ? [checkDrillDisk(manifest, seen)] : [])];
  if (overallVerdict(checks) !== 'pass') return { checks };
  const plan = planDrill({
    platform: withBases(platformInScene(platform, scene), basesOfPoint(platform, manifest.stores)),
    platformFileHash,
    manifest,
    indices,
    captureSource: source,
    capture,
    scene,
    host,
  });
  return { plan: withHash(plan), checks };
}

function notCaptured(platform: string, id: RecoveryPointId): Failure {
  return new Failure('CaptureUnreadable', {
    message: `No recovery point of ${platform} tells how the services of ${id} are created, so they cannot be rehearsed`,
    remedy: 'Take a backup while the platform runs: it captures the deployment',
  });
}
