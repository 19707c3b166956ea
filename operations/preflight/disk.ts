import { failed, passed, type Check } from '../../domain/checks.ts';
import type { RestoreSituation } from '../../domain/plans/plan-restore.ts';
import { presentDataVolumes } from '../../domain/plans/restore-steps/situation.ts';

/** Logs, translogs and whatever else grows next to the data. */
const marginBytes = 512 * 1024 * 1024;
/** Merges write new segments before the old ones go. */
const growth = 1.1;

/** What was measured on the engine's disk. */
export interface DiskSeen {
  freeBytes: number;
  volumeBytes: Record<string, number>;
}

/**
 * Room for the snapshot's data next to what is there: quarantined data stays on the disk, removed data makes room for the
 * new. A volume whose size is not known makes none.
 */
export function checkDisk(situation: RestoreSituation, { freeBytes, volumeBytes }: DiskSeen): Check {
  const { manifest, volumes } = situation;
  const dataBytes = manifest.stores.reduce((sum, { totalBytes }) => sum + totalBytes, 0);
  const removed = volumes === 'remove' ? presentDataVolumes(situation) : [];
  const removedBytes = removed.reduce((sum, { name }) => sum + (volumeBytes[name] ?? 0), 0);
  const neededBytes = Math.max(0, Math.ceil(dataBytes * growth) + marginBytes - removedBytes);
  const room =
    volumes === 'remove' ? `, less ${gigabytes(removedBytes)} that are removed` : ', in addition to the quarantine';
  const evidence = `${gigabytes(freeBytes)} free under the engine's root, ${gigabytes(neededBytes)} needed (data ${gigabytes(dataBytes)} and a margin${room})`;
  if (freeBytes >= neededBytes) return passed('disk', evidence);
  return failed(
    'disk',
    evidence,
    volumes === 'remove'
      ? "Make room on the engine's disk, or move its root to a larger one"
      : "Make room on the engine's disk (an old quarantine, unused images), or use --volumes remove, which leaves no way back",
  );
}

/** `12.3 GB`, or `0.4 GB`: what disks are sold in. */
function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
