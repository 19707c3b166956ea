import { Failure } from '../../failures.ts';
import type { ServiceName } from '../../platform.ts';
import type { Step, StepId } from '../steps.ts';
import { containersToRemove } from './clear.ts';
import { captureSourceOf, dataVolumes, referenceTo, type RestoreSituation } from './situation.ts';

/** What is missing is created from the capture; then the data services start side by side. */
export function deploySteps(situation: RestoreSituation, cleared: StepId[]): Step[] {
  const { platform, observed, capture, volumes } = situation;
  const source = captureSourceOf(situation);
  const create: Step[] = [];
  for (const network of capture.networks)
    if (!observed.networks.some(({ name }) => name === network))
      create.push({
        id: `create-network-${network}`,
        action: 'createNetwork',
        arguments: { network, capture: source },
        after: cleared,
      });
  const data = dataVolumes(situation);
  for (const { name: volume } of capture.volumes) {
    const present = observed.volumes.some(({ name }) => name === volume);
    if (present && !(volumes === 'remove' && data.has(volume))) continue;
    create.push({
      id: `create-volume-${volume}`,
      action: 'createVolume',
      arguments: { volume, host: observed.host, capture: source },
      after: cleared,
    });
  }
  const ready = [...cleared, ...create.map(({ id }) => id)];
  const start = platform.deployment.data.map((service) => startStep(situation, service, ready));
  const wait = platform.stores.map((store): Step => ({
    id: `await-${store.name}`,
    action: 'awaitStore',
    arguments: { store: store.name, timeoutSeconds: platform.deployment.healthTimeoutSeconds },
    after: [`start-${store.service}`],
  }));
  return [...create, ...start, ...wait];
}

/** Creates what is missing of the service, starts it and waits until it is healthy. Failure: ServiceNotFound. */
export function startStep(situation: RestoreSituation, service: ServiceName, after: StepId[]): Step {
  const { platform, observed, capture, manifest } = situation;
  const present = observed.containers.filter((container) => container.service === service);
  const captured = capture.containers.filter((container) => container.service === service);
  const missing = captured.filter(({ name }) => !present.some((container) => container.name === name));
  if (present.length + captured.length === 0)
    throw new Failure('ServiceNotFound', {
      message: `The service "${service}" is neither on the engine nor in the capture of ${manifest.id}`,
      remedy: 'Correct its name in the platform file, or remove it there',
    });
  const removed = containersToRemove(situation, service).length > 0;
  const { healthTimeoutSeconds, settleSeconds } = platform.deployment;
  return {
    id: `start-${service}`,
    action: 'startService',
    arguments: {
      service,
      containers: [...present, ...missing].map((container) => referenceTo(container, situation)),
      ...(missing.length > 0 || removed ? { capture: captureSourceOf(situation) } : {}),
      healthTimeoutSeconds,
      settleSeconds,
    },
    after,
  };
}
