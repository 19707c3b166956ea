import type { EngineInventory } from './engine-inventory.ts';
import type { Deployment } from './platform.ts';
import { namedServices } from './swarm.ts';

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

/**
 * Services of a swarm of which a task ended between two inventories with starts. Swarm starts another one in its place, so nothing of it is
 * what it was.
 */
export function tasksEndedBetween(before: EngineInventory, after: EngineInventory): Restarted[] {
  const now = new Set((after.tasks ?? []).map(({ id }) => id));
  const ended = (before.tasks ?? []).filter(({ id }) => !now.has(id)).map(({ service }) => service);
  return [...new Set(ended)].toSorted().map((service) => {
    const count = ended.filter((one) => one === service).length;
    return { service, words: `service ${service} lost ${count === 1 ? 'a task' : `${count} tasks`}` };
  });
}

/** Whether the platform file names the service; of Compose as `project/service`, of Swarm by its own name. */
export function isServiceOf(deployment: Deployment, service: string | undefined): boolean {
  if (deployment.kind === 'swarm') return service !== undefined && namedServices(deployment).has(service);
  if (deployment.kind === 'none') return false;
  const { project, data, core, alsoStop } = deployment;
  return [...data, ...core, ...alsoStop].some((one) => service === (one.includes('/') ? one : `${project}/${one}`));
}
