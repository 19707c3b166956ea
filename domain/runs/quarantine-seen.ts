import type { PlatformName } from '../platform.ts';
import type { Obstacle, QuarantineState, RunProgress } from './progress.ts';

/** What a list shows of the data that a restore set aside. */
export interface QuarantineSeen extends Partial<Omit<QuarantineState, 'workflow'>> {
  quarantine: string;
  /** The restore that set the data aside. */
  run: string;
  platform: PlatformName;
  /** ISO 8601, UTC. */
  startedAt: string;
  phase: RunProgress['phase'] | 'no worker answers';
  /** What it cannot do now. */
  obstacle?: Obstacle | undefined;
}

export const restoreOf = (quarantine: string): string => quarantine.replace(/^quarantine\//, '');
