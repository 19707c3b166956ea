import { forecastError, type RunOutcome } from '../../domain/runs/outcome.ts';
import { describeReadiness } from '../../domain/readiness/readiness.ts';
import { onlyKeeps } from '../../domain/runs/progress.ts';
import { isWell, type PlatformSummary, type PointBrief } from '../../domain/status/platform-summary.ts';
import type { Coverage } from '../../domain/scrub/coverage.ts';
import type { Output } from '../output.ts';
import { table } from './table.ts';
import { age, bytes, seconds } from '../../domain/units.ts';

export function renderOverview(view: PlatformSummary, { colour }: Pick<Output, 'colour'>, now: number): string {
  const { platform, newestGood, newestProven, lastRun, runs } = view;
  const objectiveSeconds = view.recoveryPointObjectiveSeconds;
  const objective = objectiveSeconds === undefined ? '' : `; RPO ${seconds(objectiveSeconds)}`;
  const paint = isWell(view) ? colour.green : colour.red;
  const { state, reason, remedy } = stateWords(view);
  const known = view.recoveryPoints !== undefined;
  return [
    `${platform}: ${paint(state)}${reason === undefined ? '' : `, ${reason}`}`,
    ...(remedy === undefined ? [] : [`  → ${remedy}`]),
    ...table(
      [
        ...(known || newestGood ? [['newest point', pointWords(newestGood, now, objective)]] : []),
        ...(known ? [['proven point', pointWords(newestProven, now)]] : []),
        ...(known ? [['last run', lastRun === undefined ? 'none' : outcomeWords(lastRun)]] : []),
        ...(view.readiness ? [['readiness', describeReadiness(view.readiness, now)]] : []),
        ...(view.lastDrill || view.drillObjectiveSeconds !== undefined ? [['last drill', drillWords(view, now)]] : []),
        ...(view.lastMeasured ? [['forecast', forecastWords(view.lastMeasured)]] : []),
        ...(view.scrubbed ?? []).map((coverage) => [`scrubbed ${coverage.store}`, scrubWords(coverage, now)]),
        ['now', nowWords(view, now)],
        ...(view.workerVersions ? [['workers', `of different versions: ${view.workerVersions.join(', ')}`]] : []),
        ['next backup', view.nextBackupAt ?? ('value' in runs ? 'none is scheduled' : 'not known')],
      ],
      { indent: '  ' },
    ),
  ].join('\n');
}

/** Good backups are no comfort where nobody takes the next. */
function stateWords({ state, reason, remedy, worker }: PlatformSummary) {
  if (worker !== 'absent') return { state, reason, remedy };
  const nobody = 'no worker takes its work';
  const start = 'Start a worker on its host ("rekindle worker"): until then nothing begins or goes on';
  if (state === 'good') return { state: nobody, remedy: start };
  return { state, reason: [reason, nobody].filter(Boolean).join('; '), remedy: start };
}

function pointWords(point: PointBrief | undefined, now: number, objective = ''): string {
  return point === undefined ? 'none' : `${point.id}, data ${age(point.startedAt, now)} old${objective}`;
}

function outcomeWords({ run, phase, finishedAt, durationSeconds, failure }: RunOutcome): string {
  const why = failure === undefined ? '' : ` (${failure})`;
  return `${run}, ${phase}${why} at ${finishedAt} after ${seconds(durationSeconds)}`;
}

/** The newest that passed; where there is an objective, that there is none is known only when all is read. */
function drillWords({ lastDrill, drillObjectiveSeconds: objective, recoveryPoints }: PlatformSummary, now: number) {
  const allowed = objective === undefined ? '' : `; objective ${Number((objective / 86_400).toFixed(1))} d`;
  if (lastDrill === undefined) return `${recoveryPoints === undefined ? 'not known' : 'none has passed'}${allowed}`;
  const { run, recoveryPoint, finishedAt } = lastDrill;
  const of = recoveryPoint === undefined ? '' : ` of ${recoveryPoint}`;
  return `${run}${of}, passed ${age(finishedAt, now)} ago${allowed}`;
}

/** How good the last forecast was. */
function forecastWords({ run, recovery }: RunOutcome): string {
  if (recovery === undefined) return 'none';
  const { forecastSeconds, tookSeconds } = recovery;
  return `${run} was forecast to take ${seconds(forecastSeconds)} and took ${seconds(tookSeconds)}: error ${forecastError(recovery)} %`;
}

function scrubWords({ days, bytes: all, recentBytes, files, oldest, damaged }: Coverage, now: number): string {
  if (files === 0) return 'nothing could be read';
  const share = all === 0 ? 100 : Math.floor((100 * recentBytes) / all);
  const longest = oldest === undefined ? 'some files were never read' : `the oldest was read ${age(oldest, now)} ago`;
  const faults = damaged === 0 ? '' : `; ${damaged} DAMAGED`;
  return `${share} % of ${bytes(all)} within ${days} days, ${longest}${faults}`;
}

function nowWords({ platform, runs }: PlatformSummary, now: number): string {
  if ('trouble' in runs) return `not known: ${runs.trouble.message}`;
  const working = runs.value.filter((run) => !onlyKeeps(run));
  const kept = runs.value.length - working.length;
  return [
    ...working.map(({ run, phase, startedAt }) => `${run}, ${phase}, began ${age(startedAt, now)} ago`),
    ...(working.length === 0 ? ['nothing runs'] : []),
    ...(kept > 0 ? [`${kept} in quarantine ("rekindle quarantines ${platform}")`] : []),
  ].join('; ');
}
