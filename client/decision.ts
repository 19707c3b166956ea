import { Failure } from '../domain/failures.ts';
import { haveOneCause } from '../domain/runs/choices.ts';
import { restoreOf } from '../domain/runs/quarantine-seen.ts';
import type { RunProgress } from '../domain/runs/progress.ts';

/** The step that a decision without one means. Failure: InvalidArgument. */
export function onlyPendingStep({ run, phase, pendingDecisions }: RunProgress): string {
  const [first, ...others] = pendingDecisions;
  // One answer serves all that failed for one cause.
  if (first !== undefined && others.every((other) => haveOneCause(first, other))) return first.step;
  throw new Failure('InvalidArgument', {
    message:
      first === undefined
        ? `No step of ${run} waits for a decision: its phase is "${phase}"`
        : `Several steps of ${run} wait for a decision`,
    remedy:
      first === undefined
        ? `"rekindle status ${run}" shows where it stands`
        : `Name one with --step: ${pendingDecisions.map(({ step }) => step).join(', ')}`,
  });
}

/** Failure: InvalidArgument for a quarantine. */
export function assertCancellable({ id, kind }: { id: string; kind: string }): void {
  if (kind !== 'quarantine') return;
  const run = restoreOf(id);
  throw new Failure('InvalidArgument', {
    message: `${id} cannot be cancelled: it keeps the data that ${run} set aside, and without it there is no way back`,
    remedy: `Bring the data back: rekindle rollback ${run}; or delete it: rekindle release ${run}`,
  });
}

/** Failure: InvalidArgument, when the platform was not the one that the person typed. */
export function assertTyped({ id, platform }: { id: string; platform: string }, typed: string): void {
  if (typed === platform) return;
  throw new Failure('InvalidArgument', {
    message: `The field "platform" says "${typed}", which is not the platform of ${id}`,
    remedy: `Type the name of the platform whose plan you approve: ${platform}`,
  });
}
