import type { Forecast, ForecastPart, LostOperations } from '../../domain/runs/forecast.ts';
import { forecastError, outcomeOf } from '../../domain/runs/outcome.ts';
import type { RunProgress } from '../../domain/runs/progress.ts';
import { age } from '../../domain/units.ts';
import { table } from './table.ts';

/** What the restore will cost: time, and per index what was written since the recovery point. Of a drill: the time of its copy. */
export function renderForecast(
  { downtimeSeconds, basis, parts = [], lost }: Forecast,
  now: number,
  kind: RunProgress['kind'] = 'restore',
): string {
  const data = lost.flatMap(({ store, since, indices, others }) => {
    const gone = `  ${store}: everything written since ${since} (${age(since, now)} ago) will be gone`;
    if (indices === undefined) return [`${gone}; how much is not known, since it does not answer`];
    if (indices.length === 0) return [`  ${store}: nothing was written since ${since}`];
    const more = others ? [{ ...others, index: `${others.indices} more indices` }] : [];
    const rows = [...indices, ...more].map(({ index, atLeast, atMost, note }: LostOperations) => [
      index,
      atLeast === atMost ? `${atMost} operations` : `${atLeast} to ${atMost} operations`,
      note ?? '',
    ]);
    return [gone, ...table(rows, { indent: '    ' })];
  });
  const known = parts.map(({ part, seconds, from, runs }) => [
    part,
    `${seconds.toFixed(1)} s`,
    sourceWords(from, runs),
  ]);
  const what = kind === 'drill' ? 'until the copy is up' : 'without service';
  return [`Forecast: ${downtimeSeconds} s ${what} (${basis})`, ...table(known, { indent: '  ' }), ...data].join('\n');
}

/** What a part of the forecast is known from. */
function sourceWords(from: ForecastPart['from'], runs: ForecastPart['runs']): string {
  return from
    .map((source) => {
      if (source === 'guess') return 'a guess';
      const count = runs[source] ?? 0;
      return `measured in ${count} ${count === 1 ? source.slice(0, -1) : source}`;
    })
    .join(', ');
}

/** How good the forecast was; none while it is not over. */
export function forecastLines(progress: RunProgress): string[] {
  const recovery = outcomeOf(progress)?.recovery;
  if (recovery === undefined) return [];
  const { forecastSeconds, tookSeconds } = recovery;
  const what = progress.kind === 'drill' ? 'until the copy was up' : 'without service';
  return [`Forecast: ${forecastSeconds} s ${what}, took ${tookSeconds} s, error ${forecastError(recovery)} %`];
}
