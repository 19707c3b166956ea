import { recoveryOf } from '../runs/downtime.ts';
import { forecastError } from '../runs/outcome.ts';
import { seconds } from '../units.ts';
import type { RunReport } from './run-report.ts';

/** What was asked for, or foretold, beside what it came to. */
export interface Comparison {
  name: 'data loss' | 'recovery time' | 'forecast';
  /** In words: `15 min 0 s (RPO)`; `none set`. */
  wanted: string;
  actualSeconds: number;
  actual: string;
  /** Absent: nothing was asked for. */
  met?: boolean;
}

/**
 * Of a restore that chose a point: the point's age at the start against the RPO, the downtime against the RTO and against the
 * forecast. Of a drill: the time until its copy was up, against the forecast alone, since nothing was lost or out of service.
 * Empty where nothing was restored.
 */
export function compareObjectives(report: RunReport): Comparison[] {
  const { kind, recoveryPoint, startedAt, finishedAt, objectives = {}, forecast } = report;
  if ((kind !== 'restore' && kind !== 'drill') || recoveryPoint === undefined) return [];
  const recovery = recoveryOf(report, Date.parse(finishedAt ?? startedAt));
  const foretold =
    forecast !== undefined && recovery?.over === true
      ? [againstForecast(recovery.seconds, forecast.downtimeSeconds, kind)]
      : [];
  if (kind === 'drill') return foretold;
  const age = Math.max(0, (Date.parse(startedAt) - Date.parse(recoveryPoint.startedAt)) / 1000);
  const rows = [against('data loss', age, 'RPO', objectives.recoveryPointMinutes)];
  if (recovery === undefined) return rows;
  rows.push(against('recovery time', recovery.seconds, 'RTO', objectives.recoveryTimeMinutes, recovery.over));
  return [...rows, ...foretold];
}

/** `over`: false when it went on after the end of the run, so that no objective can be met. */
function against(
  name: Comparison['name'],
  actualSeconds: number,
  objective: string,
  minutes: number | undefined,
  over = true,
): Comparison {
  const actual = over ? seconds(actualSeconds) : `${seconds(actualSeconds)} by the end of the run, and not over`;
  if (minutes === undefined) return { name, wanted: `no ${objective} set`, actualSeconds, actual };
  const met = over && actualSeconds <= minutes * 60;
  return { name, wanted: `${seconds(minutes * 60)} (${objective})`, actualSeconds, actual, met };
}

function againstForecast(actualSeconds: number, foretold: number, kind: 'restore' | 'drill'): Comparison {
  const error = forecastError({ forecastSeconds: foretold, tookSeconds: actualSeconds });
  const actual = `${seconds(actualSeconds)}, error ${error} %`;
  const what = kind === 'drill' ? 'until the copy is up' : 'without service';
  return { name: 'forecast', wanted: `${seconds(foretold)} ${what}`, actualSeconds, actual };
}
