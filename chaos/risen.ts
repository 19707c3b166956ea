import type { DemoPlatform } from '../stack/demo-platform.ts';
import { containersOf, SERVICE_LABEL } from '../stack/engine.ts';
import type { FollowedRun } from './follow.ts';

export async function runningServices({ project }: DemoPlatform): Promise<string[]> {
  const containers = (await containersOf(project)).filter(({ State }) => State === 'running');
  return [...new Set(containers.map(({ Labels }) => Labels[SERVICE_LABEL] ?? ''))];
}

/** Those that did not run before, and that the run has not begun to start: the engine brought them up by itself. */
export async function risenServices(platform: DemoPlatform, before: string[], run: FollowedRun): Promise<string[]> {
  const risen = (await runningServices(platform)).filter((service) => !before.includes(service));
  const progress = await run.progress();
  if (progress === undefined || progress.phase === 'undoing') return [];
  const begun = progress.steps.filter(({ action, status }) => action === 'startService' && status !== 'waiting');
  return risen.filter((service) => !begun.some(({ id }) => id.endsWith(`start-${service}`)));
}
