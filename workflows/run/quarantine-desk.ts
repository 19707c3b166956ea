import { CancellationScope, setHandler } from '@temporalio/workflow';
import type { QuarantineInput } from '../../domain/runs/run.ts';
import { release, rollback } from '../messages.ts';
import { assertNamed, openAuthentication } from './authenticated.ts';
import { refuse } from './failure-record.ts';
import type { Run } from './open-run.ts';
import { describeLock } from './platform-lock.ts';

/** What a person asked of a quarantine. */
export interface Request {
  what: 'rollback' | 'release';
  by: string;
}

export interface QuarantineDesk {
  pending(): Request | undefined;
  done(): void;
  /** Takes nothing while the data is being deleted. */
  closedWhile(deleting: () => Promise<void>): Promise<void>;
}

/** Takes the Updates `rollback` and `release`, one at a time. Create it first thing in a workflow. */
export function openQuarantineDesk(run: Run, input: QuarantineInput): QuarantineDesk {
  const authenticate = openAuthentication(run);
  let request: Request | undefined;
  let closed = false;

  // Again after each pause: another request may have come first.
  const refuseWhenTaken = () => {
    if (request) refuse(`${request.by} has already requested the ${request.what}`);
    if (closed) refuse('The data is being deleted');
  };
  // The phase changes at once: who asks where the run stands must not hear of an earlier end.
  const take = (asked: Request) => {
    refuseWhenTaken();
    request = asked;
    run.enter('starting', `${asked.what}, requested by ${asked.by}`);
  };
  const validator = ({ by }: { by?: string }) => {
    assertNamed(by, 'who decides?');
    refuseWhenTaken();
  };
  const refuseWhileHeld = async (matters: (holder: string) => boolean) => {
    // Also after a request to cancel this workflow, which it refuses.
    const holder = await CancellationScope.nonCancellable(() => describeLock(input.platform));
    if (holder && matters(holder.workflowId))
      refuse(`${holder.workflowId} is still working on ${input.platform}: let it end, cancel it, or decide there`);
  };

  setHandler(
    rollback,
    async (word) => {
      await authenticate('rollback', word);
      const { by } = word;
      if (run.progress.phase === 'rolled back') refuse('The old data is already back');
      await refuseWhileHeld(() => true);
      take({ what: 'rollback', by });
      return `rollback of ${input.run} starts, requested by ${by}; watch it: rekindle watch ${run.progress.run}`;
    },
    { description: 'Brings the old data back and starts what ran before: {"by": "…"}', validator },
  );
  setHandler(
    release,
    async (word) => {
      await authenticate('release', word);
      const { by } = word;
      await refuseWhileHeld((holder) => holder === input.run);
      take({ what: 'release', by });
      return `the quarantine of ${input.run} is released, requested by ${by}`;
    },
    { description: 'Deletes the old data for good: {"by": "…"}', validator },
  );
  return {
    pending: () => request,
    done() {
      request = undefined;
    },
    async closedWhile(deleting) {
      closed = true;
      try {
        await deleting();
      } finally {
        closed = false;
      }
    },
  };
}
