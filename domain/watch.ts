import type { StepProgress } from './plans/steps.ts';

/** Everything long takes this: cancelled by `signal`, followed through `onProgress` (an activity's heartbeat). */
export interface Watch {
  signal?: AbortSignal;
  onProgress?: (progress: StepProgress) => void;
}
