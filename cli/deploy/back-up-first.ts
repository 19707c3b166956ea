import { Failure, isFailureKind } from '../../domain/failures.ts';
import type { RecoveryPointId } from '../../domain/recovery-points/recovery-point.ts';
import type { RunProgress } from '../../domain/runs/progress.ts';
import { beforeDeployment, type CommandContext } from '../command.ts';
import { follow } from '../follow.ts';
import { withDesk } from '../with-desk.ts';

/** Takes a recovery point and answers with its id. Failure: why it is not good, of the kind that the backup ended with. */
export async function backUpFirst(
  { environment, output }: Pick<CommandContext, 'environment' | 'output'>,
  platform: string,
): Promise<RecoveryPointId> {
  return withDesk(environment, async (desk) => {
    const run = await desk.start('backup', { platform, startedBy: beforeDeployment() });
    const progress = await follow(desk, run, output);
    if (progress.phase !== 'passed' || progress.recoveryPoint === undefined) throw notBackedUp(progress);
    return progress.recoveryPoint.id;
  });
}

function notBackedUp({ run, platform, phase, note = '', failure }: RunProgress): Failure {
  if (phase === 'skipped')
    return new Failure('PlatformBusy', {
      message: `${note}; the command was not run`,
      remedy: `Watch it with "rekindle watch ${platform}", and deploy when it has ended`,
    });
  return new Failure(failure && isFailureKind(failure.kind) ? failure.kind : 'RunFailed', {
    message: `${failure?.message ?? `${run} ended as ${phase}`}; the command was not run`,
    remedy: failure?.remedy || `Read "rekindle report ${run}", remove the cause, then deploy again`,
  });
}
