import type { RunOutcome } from '../runs/outcome.ts';

/** A backup that neither passed nor was skipped took no verified recovery point. */
export function hasFailed({ phase }: { phase: string }): boolean {
  return phase !== 'passed' && phase !== 'skipped';
}

/** The newest backup that was not skipped. */
export function lastBackupOf(outcomes: Iterable<RunOutcome>, before?: RunOutcome): RunOutcome | undefined {
  let last = before;
  for (const outcome of outcomes) {
    if (outcome.kind !== 'backup' || outcome.phase === 'skipped') continue;
    if (last === undefined || Date.parse(outcome.finishedAt) >= Date.parse(last.finishedAt)) last = outcome;
  }
  return last;
}

/** The newest backup, when it was skipped. */
export function lastSkippedOf(outcomes: Iterable<RunOutcome>, before?: RunOutcome): RunOutcome | undefined {
  const backups = [...outcomes].filter(({ kind }) => kind === 'backup');
  const last = backups.reduce((newest, one) => (newest && newest.finishedAt > one.finishedAt ? newest : one), before);
  return last?.phase === 'skipped' ? last : undefined;
}

/** `note`: of the run's report, why it was skipped. */
export function skippedWords({ run, finishedAt }: RunOutcome, note?: string): string {
  return `the last backup, ${run}, was skipped at ${finishedAt}${note === undefined ? '' : `: ${note}`}`;
}

/** The newest run of all outcomes; a quarantine only keeps what a run set aside, a scrub follows each backup, and a drill leaves the platform alone. */
export function lastRunOf(outcomes: Iterable<RunOutcome>, before?: RunOutcome): RunOutcome | undefined {
  let last = before;
  for (const outcome of outcomes)
    if (
      !['quarantine', 'scrub', 'drill'].includes(outcome.kind) &&
      (last === undefined || outcome.finishedAt >= last.finishedAt)
    )
      last = outcome;
  return last;
}

export function lastRestoreOf(outcomes: Iterable<RunOutcome>, before?: RunOutcome): RunOutcome | undefined {
  const restores = [...outcomes].filter(({ kind }) => kind === 'restore');
  return lastRunOf(restores, before);
}

/** The newest drill that passed. */
export function lastDrillOf(outcomes: Iterable<RunOutcome>, before?: RunOutcome): RunOutcome | undefined {
  let last = before;
  for (const outcome of outcomes)
    if (
      outcome.kind === 'drill' &&
      outcome.phase === 'passed' &&
      (last === undefined || outcome.finishedAt >= last.finishedAt)
    )
      last = outcome;
  return last;
}

/** The newest restore or drill that says how good its forecast was. */
export function lastMeasuredOf(outcomes: Iterable<RunOutcome>, before?: RunOutcome): RunOutcome | undefined {
  let last = before;
  for (const outcome of outcomes)
    if (outcome.recovery && (last === undefined || outcome.finishedAt >= last.finishedAt)) last = outcome;
  return last;
}
