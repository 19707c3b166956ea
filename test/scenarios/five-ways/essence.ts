import type { RunProgress } from '../../../domain/runs/progress.ts';

/** What two restores of the same may differ in: who they are, who started them, when, what they guessed before, where in the chain they are. */
const own = new Set(['run', 'startedBy', 'startedAt', 'finishedAt', 'provenAt', 'planHash', 'forecast', 'chain']);

/** All else that a report says; of what carries times, all but these. */
export function essenceOf(report: RunProgress): object {
  const { approvals, waits = [], steps, checks, quarantine, pointOfNoReturn } = report;
  return {
    ...Object.fromEntries(Object.entries(report).filter(([field]) => !own.has(field))),
    approvals: approvals.map(({ by, how }) => ({ by, how })),
    waits: waits.map((wait) => wait.for),
    steps: steps.map(({ id, action, title, status }) => ({ id, action, title, status })),
    // Steps that run side by side end in any order.
    checks: checks.map(({ name, verdict }) => `${name}: ${verdict}`).toSorted(),
    quarantine: quarantine?.volumes.toSorted(),
    pointOfNoReturn: pointOfNoReturn?.step,
  };
}
