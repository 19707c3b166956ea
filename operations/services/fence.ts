import { failed, warned } from '../../domain/checks.ts';
import { ChecksFailed } from '../../domain/checks-failed.ts';
import { listed } from '../../domain/listed.ts';
import type { StepOutcome } from '../../domain/plans/steps.ts';
import type { StepCall } from '../../domain/runs/run.ts';
import type { Watch } from '../../domain/watch.ts';
import type { Dependencies } from '../open-platform.ts';

/**
 * What was stopped is still stopped, and no other client has joined. What the plan names is stopped again, and the report
 * says so. Failures: ClientJoined, for a person to decide; ContainerFailed.
 */
export async function fence(
  { docker }: Dependencies,
  { arguments: { before, ...task } }: StepCall<'fence'>,
  watch: Watch,
): Promise<StepOutcome> {
  const { stopped, others } = await docker.fence(task, watch);
  const names = stopped.join(', ');
  const checks = stopped.length === 0 ? [] : [restarted(before, names)];
  if (others.length === 0)
    return {
      summary: stopped.length === 0 ? 'what was stopped is stopped, no other client' : `stopped again: ${names}`,
      checks,
    };
  const joined = failed(
    `fence before ${before}`,
    `Started since the plan was made: ${listed(others.map(({ container, over }) => `${container} (over ${over})`))}`,
    `${[...new Set(others.map(({ container, remedy }) => remedy ?? `Stop it (docker stop ${container})`))].join('; ')}; then retry`,
  );
  throw new ChecksFailed('Others can reach the data services', [...checks, joined], 'ClientJoined');
}

const restarted = (before: string, names: string) =>
  warned(
    `fence before ${before}`,
    `${names} had been started by somebody else during the restore, and was stopped again`,
    'Find out who started it (docker events, a supervisor, a cron job): until then it could read and write the data',
  );
