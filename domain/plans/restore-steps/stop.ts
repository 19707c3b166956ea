import type { ObservedContainer } from '../../deployment.ts';
import { engineOf } from '../../hosts.ts';
import { servicesInStopOrder } from '../../platform.ts';
import { beforeRun } from '../step-arguments.ts';
import type { Step, StepId } from '../steps.ts';
import { containersToRemove } from './clear.ts';
import { membersOf, referenceTo } from './members.ts';
import type { RestoreSituation } from './situation.ts';

/** Core one after the other in reverse order, so that no consumer outlives what it calls; then the data side by side. */
export function stopSteps(situation: RestoreSituation, first: StepId[]): Step[] {
  const { platform, observed } = situation;
  const { deployment } = platform;
  const steps: Step[] = [];
  let after = first;
  for (const service of servicesInStopOrder(platform)) {
    const present = observed.containers.filter((container) => container.service === service);
    const runs = ({ running, restartPolicy, oneShot }: ObservedContainer) =>
      running || (restartPolicy.name !== 'no' && oneShot !== true);
    if (!present.some(runs)) continue;
    const containers = present.map((container) => referenceTo(container, situation));
    // What has done its work, or shares its data with another one, is not started by an undo.
    const resting = membersOf(situation, service).leftOut.concat(
      present.filter((container) => !runs(container) && container.oneShot),
    );
    const id = `stop-${service}`;
    steps.push({
      id,
      action: 'stopService',
      ...engineOf(platform, service),
      arguments: { service, containers, graceSeconds: deployment.stopGraceSeconds },
      after,
      undo: {
        action: 'startService',
        arguments: {
          service,
          containers: containers.filter(({ name }) => !resting.some((container) => container.name === name)),
          // Containers may be removed before the first volume is: the way back then creates them again.
          ...(containersToRemove(situation, service).length > 0 ? { capture: beforeRun } : {}),
          healthTimeoutSeconds: deployment.healthTimeoutSeconds,
          settleSeconds: deployment.settleSeconds,
          stopGraceSeconds: deployment.stopGraceSeconds,
        },
      },
    });
    if (!deployment.data.includes(service)) after = [id];
  }
  return steps;
}
