import { findHelperImage, outlineOf, type ObservedDeployment } from '../../domain/deployment.ts';
import { usualDrill } from '../../domain/drills/drill-policy.ts';
import { Failure } from '../../domain/failures.ts';
import { beforeRun } from '../../domain/plans/step-arguments.ts';
import type { Platform } from '../../domain/platform.ts';
import type { ExpectedSet, PointChoice, RecoveryPointId } from '../../domain/recovery-points/recovery-point.ts';
import type { Watch } from '../../domain/watch.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { chooseReadable } from '../recovery-points/choose-readable.ts';
import { readCapture, readExpectedSetOf } from '../recovery-points/read-point.ts';
import { findCapture } from '../restore/find-capture.ts';
import type { Considered } from './choose-rehearsed.ts';
import { chooseExtent } from './choose-share.ts';
import { mostDrillBytes } from './room.ts';

export interface ConsideredPoint extends Considered {
  expected: ExpectedSet[];
  /** The point whose capture tells how the services are created, and that capture. */
  source: RecoveryPointId;
  whole: Awaited<ReturnType<typeof readCapture>>;
  /** Of the engine's disk; undefined: no image of the platform is there to measure it with. */
  room: Awaited<ReturnType<OpenPlatform['docker']['measureDisk']>> | undefined;
  /** Bytes of the dumps, which are restored whole: what they leave is for indices. */
  streamed: number;
}

export interface Wanted {
  choice: PointChoice;
  /** As the drill has it. */
  platform: Platform;
  observed: ObservedDeployment;
  indices: readonly string[] | undefined;
}

/**
 * Reads a recovery point, the disk that there is for it, and how much of it fits. Failures: those of choosing and reading it; CaptureUnreadable when
 * no capture tells how; InvalidArgument when no index has a name that is wanted.
 */
export async function considerPoint(
  open: OpenPlatform,
  { choice, platform, observed, indices }: Wanted,
  watch: Watch,
): Promise<ConsideredPoint> {
  const { manifest, read } = await chooseReadable(open, choice, async (chosen) => ({
    expected: await Promise.all(chosen.stores.map((store) => readExpectedSetOf(open, store))),
    source: (await findCapture(open, chosen, observed)).source,
  }));
  const { source, expected } = read;
  if (source === undefined || source === beforeRun) throw notCaptured(platform.platform, manifest.id);
  const whole = await readCapture(open, source);
  const image = findHelperImage(platform.deployment, observed, outlineOf(whole));
  const room =
    image === undefined
      ? undefined
      : await open.docker.measureDisk({ platform: platform.platform, image, volumes: [], folders: [], ...watch });
  const { diskBytes } = platform.drill ?? usualDrill;
  const streamed = (manifest.streams ?? []).reduce((sum, { dataBytes }) => sum + dataBytes, 0);
  const mostBytes = Math.max(0, mostDrillBytes(room, diskBytes) - streamed);
  const extent = await chooseExtent(open, { point: manifest.id, expected, patterns: indices, mostBytes });
  return { manifest, expected, source, whole, room, streamed, extent };
}

function notCaptured(platform: string, id: RecoveryPointId): Failure {
  return new Failure('CaptureUnreadable', {
    message: `No recovery point of ${platform} tells how the services of ${id} are created, so they cannot be rehearsed`,
    remedy: 'Take a backup while the platform runs: it captures the deployment',
  });
}
