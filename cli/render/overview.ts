import type { RunOutcome } from '../../domain/runs/outcome.ts';
import { onlyKeeps } from '../../domain/runs/progress.ts';
import type { StatusDetails } from '../../domain/status/status-page.ts';
import type { Output } from '../output.ts';
import { table } from './table.ts';
import { age, seconds } from '../../domain/units.ts';

export interface PlatformOverview extends StatusDetails {
  lastRun?: RunOutcome;
  /** ISO 8601, UTC; absent: none is scheduled, it is paused, or Temporal does not answer. */
  nextBackup?: string;
}

export function renderOverview(view: PlatformOverview, { colour }: Pick<Output, 'colour'>, now: number): string {
  const { platform, state, reason, remedy, newestGood, newestProven, objectiveSeconds, lastRun } = view;
  const objective = objectiveSeconds === undefined ? '' : `; RPO ${seconds(objectiveSeconds)}`;
  const paint = state === 'good' ? colour.green : colour.red;
  const known = view.catalogue.reachable;
  return [
    `${platform}: ${paint(state)}${reason === undefined ? '' : `, ${reason}`}`,
    ...(state === 'good' || remedy === undefined ? [] : [`  → ${remedy}`]),
    ...table(
      [
        ...(known ? [['newest point', pointWords(newestGood, now, objective)]] : []),
        ...(known ? [['proven point', pointWords(newestProven, now)]] : []),
        ...(known ? [['last run', lastRun === undefined ? 'none' : outcomeWords(lastRun)]] : []),
        ['now', nowWords(view, now)],
        ['next backup', view.nextBackup ?? (view.temporal.reachable ? 'none is scheduled' : 'not known')],
      ],
      { indent: '  ' },
    ),
  ].join('\n');
}

function pointWords(point: StatusDetails['newestGood'], now: number, objective = ''): string {
  return point === undefined ? 'none' : `${point.id}, data ${age(point.startedAt, now)} old${objective}`;
}

function outcomeWords({ run, phase, finishedAt, durationSeconds, failure }: RunOutcome): string {
  const why = failure === undefined ? '' : ` (${failure})`;
  return `${run}, ${phase}${why} at ${finishedAt} after ${seconds(durationSeconds)}`;
}

function nowWords({ platform, runs, temporal }: PlatformOverview, now: number): string {
  if (runs === 'unknown') return `not known: ${temporal.reachable ? '' : temporal.reason}`;
  const working = runs.filter((run) => !onlyKeeps(run));
  const kept = runs.length - working.length;
  return [
    ...working.map(({ run, phase, startedAt }) => `${run}, ${phase}, began ${age(startedAt, now)} ago`),
    ...(working.length === 0 ? ['nothing runs'] : []),
    ...(kept > 0 ? [`${kept} in quarantine ("rekindle quarantines ${platform}")`] : []),
  ].join('; ');
}
