import { elsewhere, enginesOfServices, hostsOfServices } from '../../hosts.ts';
import { servicesInStopOrder, storesOfKind } from '../../platform.ts';
import { askedBySmoke } from '../../smoke-checks.ts';
import type { Step, StepId } from '../steps.ts';
import { startStep } from './deploy.ts';
import { leaves, suffixOf } from './graph.ts';
import type { RestoreSituation } from './situation.ts';

/** Core in its order, distributors last; then the smoke check, and back to normal operation. */
export function startSteps(situation: RestoreSituation, restored: StepId[]): Step[] {
  const { platform, manifest } = situation;
  const steps: Step[] = [];
  let after = restored;
  for (const service of [...platform.deployment.core, ...platform.deployment.alsoStop.toReversed()]) {
    const step = startStep(situation, service, after);
    steps.push(step);
    after = [step.id];
  }
  const then = (step: Step) => {
    steps.push(step);
    after = [step.id];
  };
  const thenOnEach = (each: Step[]) => {
    steps.push(...each);
    after = leaves(each);
  };
  const smoked = hostsOfServices(platform, askedBySmoke(platform));
  if (platform.smoke.length > 0)
    thenOnEach(
      smoked.map((at) => ({ id: `smoke-check${suffixOf(at)}`, action: 'smokeCheck', ...at, arguments: {}, after })),
    );
  const { healthTimeoutSeconds } = platform.deployment;
  thenOnEach(
    enginesOfServices(platform, servicesInStopOrder(platform)).map((at) => ({
      id: `confirm-health${suffixOf(at)}`,
      action: 'confirmHealth',
      ...at,
      arguments: { healthTimeoutSeconds },
      after,
    })),
  );
  const writable = storesOfKind(platform, 'elasticsearch').map(({ name, service }): Step => ({
    id: `repository-writable-${name}`,
    action: 'configureRepository',
    ...elsewhere(platform, service),
    arguments: { store: name, access: 'writable' },
    after,
  }));
  thenOnEach(writable);
  then({ id: 'resume-schedules', action: 'resumeSchedules', arguments: {}, after });
  then({ id: 'fresh-backup', action: 'takeBackup', arguments: { restored: manifest.id }, after, skippable: true });
  return steps;
}
