import type { PendingDecision } from './progress.ts';

/** What a person may choose when a step failed past the point of no return, and what each choice would do. */
export function choicesOffered(given: {
  skippable: boolean;
  /** Something was set aside, and can be brought back. */
  wayBack: boolean;
  /** Steps that have not begun. */
  waiting: number;
}): PendingDecision['choices'] {
  const kept = given.wayBack ? ', the old data stays in quarantine' : '';
  return [
    { choice: 'retry', meaning: 'run the step again, after you mended what it says' },
    ...(given.skippable ? [{ choice: 'skip' as const, meaning: 'go on without it; the verdict cannot be pass' }] : []),
    {
      choice: 'abort',
      meaning: `end the run and leave everything as it is; ${given.waiting} steps are not carried out${kept}`,
    },
    ...(given.wayBack
      ? [{ choice: 'rollback' as const, meaning: 'stop the new services, bring the old data back, start what ran' }]
      : []),
  ];
}
