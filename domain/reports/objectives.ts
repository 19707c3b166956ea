import { downtimeOf } from '../runs/downtime.ts';
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
 * forecast. Empty where nothing was restored.
 */
export function compareObjectives(report: RunReport): Comparison[] {
  const { kind, recoveryPoint, startedAt, finishedAt, objectives = {}, forecast } = report;
  if (kind !== 'restore' || recoveryPoint === undefined) return [];
  const age = Math.max(0, (Date.parse(startedAt) - Date.parse(recoveryPoint.startedAt)) / 1000);
  const rows = [against('data loss', age, 'RPO', objectives.recoveryPointMinutes)];
  const downtime = downtimeOf(report, Date.parse(finishedAt ?? startedAt));
  if (downtime === undefined) return rows;
  rows.push(against('recovery time', downtime.seconds, 'RTO', objectives.recoveryTimeMinutes, downtime.over));
  if (forecast !== undefined && downtime.over) rows.push(againstForecast(downtime.seconds, forecast.downtimeSeconds));
  return rows;
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

function againstForecast(actualSeconds: number, foretold: number): Comparison {
  const percent = Math.round((Math.abs(actualSeconds - foretold) / Math.max(actualSeconds, 0.1)) * 100);
  const actual = `${seconds(actualSeconds)}, ${percent} % ${actualSeconds <= foretold ? 'less' : 'more'}`;
  return { name: 'forecast', wanted: `${seconds(foretold)} without service`, actualSeconds, actual };
}
