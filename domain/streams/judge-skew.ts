import { failed, passed, type Check } from '../checks.ts';
import type { Objectives } from '../policies.ts';
import { acceptCommand } from '../recovery-points/judge-content.ts';
import type { RecoveryPointManifest } from '../recovery-points/recovery-point.ts';

/** Whether the stores of a new recovery point were read as close to each other as is wanted; one that is not is suspect. */
export function judgeSkew(
  { id, platform, skewSeconds }: Pick<RecoveryPointManifest, 'id' | 'platform' | 'skewSeconds'>,
  { skewSeconds: most }: Pick<Objectives, 'skewSeconds'>,
): Check[] {
  if (most === undefined || skewSeconds === undefined) return [];
  const evidence = `The stores of ${id} are ${skewSeconds.toFixed(1)} s apart; at most ${most} s are wanted`;
  if (skewSeconds <= most) return [passed('skew', evidence)];
  return [
    failed(
      'skew',
      evidence,
      `Take the backup again when less runs on the platform's host; until then a restore takes an older point; if ${id} will do, accept it: ${acceptCommand(platform, id)}`,
    ),
  ];
}
