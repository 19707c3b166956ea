import { recoveryOf } from '../runs/downtime.ts';
import { forecastError } from '../runs/outcome.ts';
import { seconds } from '../units.ts';
import type { RunReport } from './run-report.ts';

/** What was asked for, or foretold, beside what it came to. */
export interface Comparison {
  name: 'data loss' | 'age of the point' | 'recovery time' | 'forecast' | 'skew of the stores';
  /** In words: `15 min 0 s (RPO)`; `none set`. */
  wanted: string;
  actualSeconds: number;
  actual: string;
  /** Absent: nothing was asked for, or this run cannot tell. */
  met?: boolean;
}

/**
 * Of a restore that chose a point: the point's age at the start against the RPO, the downtime against the RTO and against the
 * forecast. Of a drill, which loses nothing and stops nothing: the age of the point, and how long its copy took until it was
 * up and verified, against the same. Empty where nothing was restored.
 */
export function compareObjectives(report: RunReport): Comparison[] {
  const { kind, recoveryPoint, startedAt, finishedAt, objectives = {}, forecast, rehearses } = report;
  if ((kind !== 'restore' && kind !== 'drill') || recoveryPoint === undefined) return [];
  const age = Math.max(0, (Date.parse(startedAt) - Date.parse(recoveryPoint.startedAt)) / 1000);
  const lost = kind === 'drill' ? 'age of the point' : 'data loss';
  const rows = [against(lost, age, 'RPO', objectives.recoveryPointMinutes), ...skewOf(report)];
  const recovery = recoveryOf(report, Date.parse(finishedAt ?? startedAt));
  if (recovery === undefined) return rows;
  const { over } = recovery;
  const took = against('recovery time', recovery.seconds, 'RTO', objectives.recoveryTimeMinutes, over);
  rows.push(rehearses === undefined ? took : ofAPart(took));
  if (forecast !== undefined && over) rows.push(againstForecast(recovery.seconds, forecast.downtimeSeconds, kind));
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

/** A part that was back in time says nothing of all; one that was not says enough. */
function ofAPart({ met, ...row }: Comparison): Comparison {
  return { ...row, actual: `${row.actual}, for a part of the indices`, ...(met === false && { met }) };
}

function skewOf({ objectives, sources }: RunReport): Comparison[] {
  const [allowed, actualSeconds] = [objectives?.skewSeconds, sources?.skewSeconds];
  if (allowed === undefined || actualSeconds === undefined) return [];
  const wanted = `${seconds(allowed)} (skewSeconds)`;
  const actual = seconds(actualSeconds);
  return [{ name: 'skew of the stores', wanted, actualSeconds, actual, met: actualSeconds <= allowed }];
}

function againstForecast(actualSeconds: number, foretold: number, kind: 'restore' | 'drill'): Comparison {
  const error = forecastError({ forecastSeconds: foretold, tookSeconds: actualSeconds });
  const actual = `${seconds(actualSeconds)}, error ${error} %`;
  const what = kind === 'drill' ? 'until the copy is up' : 'without service';
  return { name: 'forecast', wanted: `${seconds(foretold)} ${what}`, actualSeconds, actual };
}
