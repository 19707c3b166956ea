import type { StepStatus } from '../domain/runs/progress.ts';

/** Size of the square that a mark is drawn in. */
export const markSize = 12;

/**
 * One shape for each state, as `d` of an SVG path that is stroked and not filled: the characters that a terminal shows
 * look different, or coloured, or not at all, in the fonts of others.
 */
export const markPaths: Record<StepStatus, string> = {
  waiting: 'M6 5.6V6.4',
  running: 'M3.5 2L9.5 6L3.5 10Z',
  done: 'M2 6.5L5 9.5L10.5 2.5',
  failed: 'M2.5 2.5L9.5 9.5M9.5 2.5L2.5 9.5',
  skipped: 'M2 8C3.5 2.5 8.5 2.5 9.5 7.5M6.5 6L9.6 8L11 4.8',
  undone: 'M10 8C8.5 2.5 3.5 2.5 2.5 7.5M5.5 6L2.4 8L1 4.8',
};

/** A step that removes data from where its service looks for it. */
export const warningPath = 'M6 1.5L11 10.5H1ZM6 4.8V7.2M6 8.9V9';
