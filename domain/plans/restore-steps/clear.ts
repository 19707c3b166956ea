import { elsewhere, engineOf } from '../../hosts.ts';
import { suffixOf } from './graph.ts';
import { servicesInStopOrder, type ServiceName, type VolumeName } from '../../platform.ts';
import type { Step, StepId } from '../steps.ts';
import {
  dataVolumes,
  helperImage,
  onEachHost,
  presentDataVolumes,
  situationOf,
  type RestoreSituation,
} from './situation.ts';

/**
 * Those that cannot start again, those that hold a volume which is to be removed, and those that share the network, IPC or
 * PID space of one of them: a new container has new spaces.
 */
export function containersToRemove(whole: RestoreSituation, service: ServiceName) {
  const situation = situationOf(whole, service);
  const { containers } = situation.observed;
  const volumes = situation.volumes === 'remove' ? dataVolumes(situation) : new Set<VolumeName>();
  const removed = new Set<string>();
  for (let before = -1; before < removed.size;) {
    before = removed.size;
    for (const { name, networkGone, ...container } of containers)
      if (
        networkGone ||
        container.volumes.some((volume) => volumes.has(volume)) ||
        container.sharesWith.some((host) => removed.has(host))
      )
        removed.add(name);
  }
  return containers.filter((container) => container.service === service && removed.has(container.name));
}

/** What stands in the way of new data: containers that cannot start again, and the old data, set aside or removed. */
export function clearSteps(situation: RestoreSituation, stopped: StepId[]): Step[] {
  const { platform, volumes, manifest, versions = {} } = situation;
  const steps: Step[] = [];
  const old = presentDataVolumes(situation);
  // What was true before the stops must still be true when the first data is moved.
  if (old.length > 0) {
    steps.push({
      id: 'last-preflight',
      action: 'repeatPreflight',
      arguments: { recoveryPoint: manifest.id, volumes, platformIs: 'stopped', versions },
      after: stopped,
    });
    stopped = ['last-preflight'];
  }
  for (const service of servicesInStopOrder(platform)) {
    const toRemove = containersToRemove(situation, service);
    if (toRemove.length === 0) continue;
    const remove = { service, containers: toRemove.map(({ name }) => name) };
    const id = `remove-containers-${service}`;
    const engine = engineOf(platform, service);
    steps.push({ id, action: 'removeContainers', ...engine, arguments: remove, after: stopped });
    // A node keeps containers of tasks that have ended, and they keep their volumes.
    const node = elsewhere(platform, service);
    if (node.host !== engine.host)
      steps.push({
        id: `${id}${suffixOf(node)}`,
        action: 'removeContainers',
        ...node,
        arguments: remove,
        after: [id],
      });
  }
  const cleared = [...new Set([...stopped, ...steps.map(({ id }) => id)])];
  const moves = onEachHost(situation, (there, at) =>
    presentDataVolumes(there).map(({ name: volume }): Step => {
      const id = `${volumes}-${volume}${suffixOf(at)}`;
      const rest = {
        ...at,
        arguments: { volume, host: there.observed.host, image: helperImage(there) },
        after: cleared,
        destructive: true as const,
      };
      return volumes === 'remove'
        ? { id, action: 'removeVolume', ...rest }
        : { id, action: 'quarantineVolume', ...rest };
    }),
  );
  return [...steps, ...moves];
}
