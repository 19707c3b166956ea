import { usualDrill } from '../../domain/drills/drill-policy.ts';
import { Failure } from '../../domain/failures.ts';
import { beforeRun } from '../../domain/plans/step-arguments.ts';
import type { ExpectedSet, PointChoice, RecoveryPointId } from '../../domain/recovery-points/recovery-point.ts';
import type { Watch } from '../../domain/watch.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { chooseReadable } from '../recovery-points/choose-readable.ts';
import { readCapture, readExpectedSetOf } from '../recovery-points/read-point.ts';
import { findCapture } from '../restore/find-capture.ts';
import type { Considered } from './choose-rehearsed.ts';
import { chooseExtent } from './choose-share.ts';
import { mostDrillBytes } from './room.ts';
import { stageScene, type Stage, type Staging } from './stage-scene.ts';

export interface ConsideredPoint extends Considered {
  expected: ExpectedSet[];
  /** The point whose capture tells how the services are created, and that capture. */
  source: RecoveryPointId;
  whole: Awaited<ReturnType<typeof readCapture>>;
  stage: Stage;
  /** Bytes of the dumps, which are restored whole: what they leave is for indices. */
  streamed: number;
}

export interface Wanted extends Staging {
  choice: PointChoice;
  indices: readonly string[] | undefined;
}

/**
 * Reads a recovery point, what there is for its scene, and how much of it fits. Failures: those of choosing and reading it, and of its stage;
 * CaptureUnreadable when no capture tells how; InvalidArgument when no index has a name that is wanted.
 */
export async function considerPoint(
  open: OpenPlatform,
  { choice, indices, ...staging }: Wanted,
  watch: Watch,
): Promise<ConsideredPoint> {
  const { manifest, read } = await chooseReadable(open, choice, async (chosen) => ({
    expected: await Promise.all(chosen.stores.map((store) => readExpectedSetOf(open, store))),
    source: (await findCapture(open, chosen, staging.observed)).source,
  }));
  const { source, expected } = read;
  if (source === undefined || source === beforeRun) throw notCaptured(open.platform.platform, manifest.id);
  const whole = await readCapture(open, source);
  const stage = await stageScene(open, whole, staging, watch);
  const { diskBytes } = stage.platform.drill ?? usualDrill;
  const streamed = (manifest.streams ?? []).reduce((sum, { dataBytes }) => sum + dataBytes, 0);
  const mostBytes = Math.max(0, mostDrillBytes(stage.room.disk, diskBytes) - streamed);
  const extent = await chooseExtent(stage.open, { point: manifest.id, expected, patterns: indices, mostBytes });
  return { manifest, expected, source, whole, stage, streamed, extent };
}

function notCaptured(platform: string, id: RecoveryPointId): Failure {
  return new Failure('CaptureUnreadable', {
    message: `No recovery point of ${platform} tells how the services of ${id} are created, so they cannot be rehearsed`,
    remedy: 'Take a backup while the platform runs: it captures the deployment',
  });
}
