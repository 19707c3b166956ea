import { storesOfKind } from '../../platform.ts';
import type { Step, StepId } from '../steps.ts';
import { startStep } from './deploy.ts';
import { leaves } from './graph.ts';
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
  if (platform.smoke.length > 0) then({ id: 'smoke-check', action: 'smokeCheck', arguments: {}, after });
  const { healthTimeoutSeconds } = platform.deployment;
  then({ id: 'confirm-health', action: 'confirmHealth', arguments: { healthTimeoutSeconds }, after });
  const writable = storesOfKind(platform, 'elasticsearch').map(({ name }): Step => ({
    id: `repository-writable-${name}`,
    action: 'configureRepository',
    arguments: { store: name, access: 'writable' },
    after,
  }));
  steps.push(...writable);
  after = leaves(writable);
  then({ id: 'resume-schedules', action: 'resumeSchedules', arguments: {}, after });
  then({ id: 'fresh-backup', action: 'takeBackup', arguments: { restored: manifest.id }, after, skippable: true });
  return steps;
}
