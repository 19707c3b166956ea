import type { EngineInventory } from './engine-inventory.ts';
import type { ComposeDeployment } from './platform.ts';

/** A container that is as it was, but for having been started meanwhile. */
export interface Restarted {
  service?: string;
  /** `container demo_api_1 was restarted at 2026-11-21T04:00:07Z`. */
  words: string;
}

/**
 * What was started between two inventories with starts, and is the same container in the same state: stopped, gone and made anew shows by
 * itself. Without what Rekindle put there.
 */
export function restartedBetween(before: EngineInventory, after: EngineInventory): Restarted[] {
  const now = new Map(after.containers.map((container) => [container.id, container]));
  return before.containers.flatMap(({ id, running, own, start: then }): Restarted[] => {
    const { name, start, running: runs } = now.get(id) ?? {};
    if (own || then === undefined || start === undefined || runs !== running || start.at === then.at) return [];
    const at = `at ${toSeconds(start.at)}`;
    const byEngine = start.restarts - then.restarts;
    const times = byEngine === 1 ? 'once' : `${byEngine} times, last`;
    const what = !runs
      ? `ran ${at} and has ended`
      : byEngine > 0
        ? `ended and was restarted by the engine ${times} ${at}`
        : `was restarted ${at}`;
    return [{ ...(start.service !== undefined && { service: start.service }), words: `container ${name} ${what}` }];
  });
}

/** Engines give nanoseconds. */
const toSeconds = (at: string) => at.replace(/\.\d+Z$/, 'Z');

/** Whether the platform file names the service. */
export function isServiceOf(
  { project, data, core, alsoStop }: ComposeDeployment,
  service: string | undefined,
): boolean {
  return [...data, ...core, ...alsoStop].some((one) => service === (one.includes('/') ? one : `${project}/${one}`));
}
