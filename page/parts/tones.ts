import type { Verdict } from '../../domain/checks.ts';
import type { ReadinessVerdict } from '../../domain/readiness/readiness.ts';
import { finalPhases, waitsForPerson, type Phase } from '../../domain/runs/progress.ts';
import type { HealthState } from '../../domain/status/status.ts';

/** Colour and mark of a state; the word always stands beside them. */
export type Tone = 'good' | 'bad' | 'warn' | 'busy' | 'asks' | 'quiet';

export interface StateWord {
  tone: Tone;
  word: string;
}

export const healthWords: Record<HealthState, StateWord> = {
  good: { tone: 'good', word: 'Good' },
  failed: { tone: 'bad', word: 'Failed' },
  none: { tone: 'bad', word: 'No backup' },
  stale: { tone: 'warn', word: 'Too old' },
  unknown: { tone: 'warn', word: 'Unknown' },
};

/** Whatever the backups are like: nothing begins or goes on. */
export const noWorker: StateWord = { tone: 'bad', word: 'No worker' };

export const verdictWords: Record<Verdict, StateWord> = {
  pass: { tone: 'good', word: 'Pass' },
  fail: { tone: 'bad', word: 'Fail' },
  inconclusive: { tone: 'warn', word: 'Inconclusive' },
};

export const readinessWords: Record<ReadinessVerdict, StateWord> = {
  ready: { tone: 'good', word: 'Ready' },
  'not ready': { tone: 'bad', word: 'Not ready' },
  unknown: { tone: 'warn', word: 'Unknown' },
};

export function phaseWord(phase: string): StateWord {
  return { tone: phaseTone(phase), word: phase.charAt(0).toUpperCase() + phase.slice(1) };
}

function phaseTone(phase: string): Tone {
  if (waitsForPerson({ phase })) return 'asks';
  if (phase === 'passed') return 'good';
  if (phase === 'failed' || phase === 'refused') return 'bad';
  if (phase === 'rolled back' || phase === 'no worker answers') return 'warn';
  if (phase === 'quarantined' || finalPhases.has(phase as Phase)) return 'quiet';
  return 'busy';
}

/** One mark for each tone, in a square of 12: those who see no colours see shapes. */
export const tonePaths: Record<Tone, string> = {
  good: 'M2 6.5L5 9.5L10.5 2.5',
  bad: 'M2.5 2.5L9.5 9.5M9.5 2.5L2.5 9.5',
  warn: 'M6 1.5L11 10.5H1ZM6 4.8V7.2M6 8.9V9',
  busy: 'M3.5 2L9.5 6L3.5 10Z',
  asks: 'M3.6 4A2.4 2.4 0 1 1 6 6.4V7.4M6 10V10.1',
  quiet: 'M3 6H9',
};
