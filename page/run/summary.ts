import type { RunDetails } from '../../api/types.ts';
import { phaseWord, type StateWord } from '../parts/tones.ts';
import { finalPhases, type RunProgress, type StepStatus } from '../../domain/runs/progress.ts';

export function countsOf({ steps }: Pick<RunProgress, 'steps'>): { ended: number; all: number } {
  const ended = (status: StepStatus) => status !== 'waiting' && status !== 'running' && status !== 'failed';
  return { ended: steps.filter(({ status }) => ended(status)).length, all: steps.length };
}

/** Whether a cancel still means anything. */
export function isOpen({ progress, cutOff }: Pick<RunDetails, 'progress' | 'cutOff'>): boolean {
  return !cutOff && !finalPhases.has(progress.phase);
}

/** In one word. What nobody answers for is not under way, whatever it said last. */
export function stateOf(details: Pick<RunDetails, 'progress' | 'cutOff' | 'silent'>): StateWord {
  if (details.cutOff) return phaseWord('failed');
  if (details.silent !== undefined && isOpen(details)) return { tone: 'bad', word: 'No answer' };
  return phaseWord(details.progress.phase);
}

/** One sentence on where it stands, for screen readers when it changes. */
export function sentenceOf({ progress, pending }: Pick<RunDetails, 'progress' | 'pending'>): string {
  const { ended, all } = countsOf(progress);
  const running = pending.map(({ title }) => title).join(', ');
  const failed = progress.pendingDecisions.map(({ step }) => `${step} failed and waits for a decision`);
  return [
    `${progress.kind}: ${progress.phase}`,
    ...(all > 0 ? [`${ended} of ${all} steps done`] : []),
    ...(running === '' ? [] : [`now ${running}`]),
    ...failed,
  ].join('; ');
}
