import type { AskRunState } from '../../domain/recovery-points/unfinished.ts';
import type { Catalogue } from '../../systems/catalogue/catalogue.ts';
import { isPerson } from '../recovery-points/pins.ts';

/**
 * Removes the pins of runs that are over and did not do it themselves: they were terminated, or their report could not be
 * written. A run that Temporal does not know may be another orchestrator's: it is over when it has a report.
 */
export async function dropStalePins(catalogue: Catalogue, runState: AskRunState): Promise<string[]> {
  const { points } = await catalogue.listPoints();
  const runs = [...new Set(points.flatMap(({ pinnedBy = [] }) => pinnedBy))].filter((by) => !isPerson(by));
  if (runs.length === 0) return [];
  const reports = new Set(await catalogue.listReports());
  const stale: string[] = [];
  for (const run of runs) {
    const state = await runState(run);
    if (state === 'unknown' ? reports.has(run) : state !== 'running') stale.push(run);
  }
  for (const { id, pinnedBy = [] } of points)
    for (const run of pinnedBy) if (stale.includes(run)) await catalogue.unmark(id, 'pinned', { run });
  return stale;
}
