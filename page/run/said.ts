import type { Approval, RunProgress } from '../../domain/runs/progress.ts';

const approvalWords: Record<Approval['how'], (by: string) => string> = {
  caller: (by) => `${by} approved the plan with the start`,
  update: (by) => `${by} approved the plan`,
  authenticated: (by) => `${by} approved the plan, logged in at the gateway`,
  wave: (by) => `${by} approved the plan with those of its wave`,
  'not required': () => 'No approval is required by the platform file',
};

const rejectionWords = ({ by, reason }: NonNullable<RunProgress['rejection']>) =>
  `${by} rejected the plan${reason === undefined ? '' : `: ${reason}`}`;

/** Approvals, a rejection and decisions in the order in which they were made. */
export function wordsOf({
  approvals,
  decisions,
  rejection,
}: Pick<RunProgress, 'approvals' | 'decisions' | 'rejection'>): { at: string; text: string }[] {
  return [
    ...approvals.map(({ at, by, how }) => ({ at, text: approvalWords[how](by) })),
    ...(rejection ? [{ at: rejection.at, text: rejectionWords(rejection) }] : []),
    ...decisions.map(({ at, by, step, choice }) => ({ at, text: `${by} chose ${choice} for ${step}` })),
  ].toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
}
