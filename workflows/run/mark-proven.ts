import type { RecoveryPointId } from '../../domain/recovery-points/recovery-point.ts';
import type { RunPolicy } from '../../domain/runs/run.ts';
import { onHost } from './activity-options.ts';
import type { Run } from './open-run.ts';
import type { callOf } from './step-executor.ts';

/** Marks the recovery point proven by this run; the report says since when. */
export async function markProven(
  run: Run,
  policy: RunPolicy,
  call: ReturnType<typeof callOf> & { recoveryPoint: RecoveryPointId },
): Promise<void> {
  await onHost(policy).markProven.executeWithOptions({ summary: 'mark the recovery point proven' }, [call]);
  run.progress.provenAt = run.now();
}
