import type { Step } from '../../domain/plans/steps.ts';
import { isMissing, leftOutOfBackup, missingStore } from '../../domain/recovery-points/missing-stores.ts';
import type { FailureRecord } from './failure-record.ts';
import type { Run } from './open-run.ts';
import { stateOf } from './step-state.ts';

/** Whether the step need not be done, since the run goes on without its store. */
export function isLeftOut(run: Run, step: Step): boolean {
  if (step.optionalStore === undefined || !isMissing(run, step.optionalStore)) return false;
  Object.assign(stateOf(run, step), { status: 'skipped', summary: `the backup goes on without ${step.optionalStore}` });
  run.show();
  return true;
}

/** Whether the run goes on without the step's store, which is noted. */
export function leavesOut(run: Run, { optionalStore }: Step, { message, remedy }: FailureRecord): boolean {
  if (optionalStore === undefined) return false;
  const missing = missingStore(optionalStore, message);
  run.missing.push(missing);
  run.progress.checks.push(leftOutOfBackup(missing, remedy));
  run.show();
  return true;
}
