import { servicesInStopOrder, type ServiceName, type VolumeName } from '../../platform.ts';
import type { Step, StepId } from '../steps.ts';
import { dataVolumes, helperImage, presentDataVolumes, type RestoreSituation } from './situation.ts';

/** Those that cannot start again, and those that hold a volume which is to be removed. */
export function containersToRemove(situation: RestoreSituation, service: ServiceName) {
  const removed = situation.volumes === 'remove' ? dataVolumes(situation) : new Set<VolumeName>();
  return situation.observed.containers.filter(
    (container) =>
      container.service === service && (container.networkGone || container.volumes.some((name) => removed.has(name))),
  );
}

/** What stands in the way of new data: containers that cannot start again, and the old data, set aside or removed. */
export function clearSteps(situation: RestoreSituation, stopped: StepId[]): Step[] {
  const { platform, observed, volumes, manifest } = situation;
  const steps: Step[] = [];
  const old = presentDataVolumes(situation);
  // What was true before the stops must still be true when the first data is moved.
  if (old.length > 0) {
    steps.push({
      id: 'last-preflight',
      action: 'repeatPreflight',
      arguments: { recoveryPoint: manifest.id, volumes, platformIs: 'stopped' },
      after: stopped,
    });
    stopped = ['last-preflight'];
  }
  for (const service of servicesInStopOrder(platform)) {
    const toRemove = containersToRemove(situation, service);
    if (toRemove.length === 0) continue;
    steps.push({
      id: `remove-containers-${service}`,
      action: 'removeContainers',
      arguments: { service, containers: toRemove.map(({ name }) => name) },
      after: stopped,
    });
  }
  const cleared = [...new Set([...stopped, ...steps.map(({ id }) => id)])];
  for (const { name: volume } of old) {
    const host = observed.host;
    const image = helperImage(situation);
    if (volumes === 'remove')
      steps.push({
        id: `remove-${volume}`,
        action: 'removeVolume',
        arguments: { volume, host, image },
        after: cleared,
        destructive: true,
      });
    else
      steps.push({
        id: `quarantine-${volume}`,
        action: 'quarantineVolume',
        arguments: { volume, host, image },
        after: cleared,
        destructive: true,
      });
  }
  return steps;
}
