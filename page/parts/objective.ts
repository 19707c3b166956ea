import type { Tone } from './tones.ts';

/** How much of an objective is used up. */
export interface Used {
  /** 0 to 1, for a bar. */
  share: number;
  tone: Tone;
}

/** From this share on, it will soon be too much. */
const soon = 0.8;

/** Of an age against the RPO, of a duration against the RTO; undefined without an objective. */
export function usedOf(isSeconds: number, objectiveSeconds: number | undefined): Used | undefined {
  if (objectiveSeconds === undefined || objectiveSeconds <= 0) return undefined;
  const share = isSeconds / objectiveSeconds;
  return { share: Math.min(1, Math.max(0, share)), tone: share > 1 ? 'bad' : share > soon ? 'warn' : 'good' };
}
