import type { Action } from '../plans/steps.ts';
import type { RunProgress } from './progress.ts';

/** How long a restore's platform was, or has been, without service. */
export interface Downtime {
  seconds: number;
  /** False: the core is not healthy, and the downtime goes on, or went on when the run ended. */
  over: boolean;
}

/** What a restore's downtime begins with: the first of these. A drill stops nothing: what it starts begins it. */
export const beginsRecovery: ReadonlySet<Action> = new Set([
  'stopService',
  'quarantineVolume',
  'createNetwork',
  'startService',
]);
/** And ends with: the last of these. */
export const endsRecovery: ReadonlySet<Action> = new Set([
  'startService',
  'awaitStore',
  'verifyIndices',
  'compareStore',
  'verifyQueue',
  'runContainer',
]);

/** Of a restore its downtime; of a drill the same time in its scene, where nothing was stopped before. */
export function recoveryOf(progress: Pick<RunProgress, 'steps' | 'kind' | 'finishedAt'>, now: number) {
  return downtimeOf(progress.kind === 'drill' ? { ...progress, kind: 'restore' } : progress, now);
}

/**
 * From the first stop (or the first thing made) until every service is healthy: core services start last. Where there are
 * none, until the stores are verified. `now` in ms since 1970. Undefined before the first stop.
 */
export function downtimeOf(
  progress: Pick<RunProgress, 'steps' | 'kind' | 'finishedAt'>,
  now: number,
): Downtime | undefined {
  const { kind, finishedAt } = progress;
  // What a restore does in a scene happens while the platform serves.
  const steps = progress.steps.filter(({ scene }) => scene !== true);
  // A person's decision may have repeated the very first of them hours later.
  const starts = steps
    .filter(({ action }) => beginsRecovery.has(action))
    .map(({ firstStartedAt, startedAt }) => Date.parse(firstStartedAt ?? startedAt ?? ''))
    .filter((time) => !Number.isNaN(time));
  if (kind !== 'restore' || starts.length === 0) return undefined;
  const seconds = (until: number) => (until - Math.min(...starts)) / 1000;
  // After a rollback the services that it starts count, not those that the restore would have started.
  const back = steps.findIndex(({ action }) => action === 'returnVolume');
  const needed = steps.slice(Math.max(0, back)).filter(({ action }) => endsRecovery.has(action));
  const healthy = needed.every(
    ({ action, status }) => status === 'done' || (status === 'skipped' && action !== 'startService'),
  );
  const ends = needed.map((step) => Date.parse(step.finishedAt ?? '')).filter((time) => !Number.isNaN(time));
  if (healthy && ends.length > 0) return { seconds: seconds(Math.max(...ends)), over: true };
  // Undone: what was stopped runs again when the run ends.
  const undone = steps.every(
    ({ action, status }) => !beginsRecovery.has(action) || status === 'undone' || status === 'waiting',
  );
  return { seconds: seconds(finishedAt === undefined ? now : Date.parse(finishedAt)), over: undone };
}
