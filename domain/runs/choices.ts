import type { PendingDecision } from './progress.ts';

/** Whether one answer serves both: they failed alike, or miss the same. */
export function haveOneCause(a: PendingDecision, b: PendingDecision): boolean {
  if (a.from !== undefined || b.from !== undefined) return a.from === b.from;
  return a.failure.kind === b.failure.kind && a.failure.message === b.failure.message;
}

/** What a person may choose when a step failed past the point of no return, and what each choice does. */
export function choicesOffered(given: {
  skippable: boolean;
  /** Something was set aside, and can be brought back. */
  wayBack: boolean;
  /** The point of no return was not passed: ending the run undoes it. */
  undoes: boolean;
  /** Steps that have not begun. */
  waiting: number;
  /** What this earlier step made is gone. */
  from?: string | undefined;
}): PendingDecision['choices'] {
  const kept = given.wayBack ? '; the old data is kept until you roll back or release it' : '';
  return [
    {
      choice: 'retry',
      meaning:
        given.from === undefined
          ? 'run the step again, once the cause is fixed'
          : `go on from ${given.from}: what it made is gone and is made anew; then run the step again`,
    },
    ...(given.skippable
      ? [{ choice: 'skip' as const, meaning: 'go on without this step; the verdict cannot be pass' }]
      : []),
    {
      choice: 'abort',
      meaning: given.undoes
        ? 'end the run and undo what it did: stopped services start again'
        : `end the run and leave everything as it is; ${given.waiting} steps do not run${kept}`,
    },
    ...(given.wayBack
      ? [
          {
            choice: 'rollback' as const,
            meaning: 'stop the new services, bring the old data back, start the previous services',
          },
        ]
      : []),
  ];
}
