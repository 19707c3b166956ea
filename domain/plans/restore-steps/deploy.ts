import { Failure } from '../../failures.ts';
import { elsewhere, engineOf } from '../../hosts.ts';
import { servicesOf, type HostName, type ServiceName, type VolumeName } from '../../platform.ts';
import { isMissing } from '../../recovery-points/missing-stores.ts';
import { beforeRun, type CaptureSource } from '../step-arguments.ts';
import type { Step, StepId } from '../steps.ts';
import { suffixOf } from './graph.ts';
import { createdFromCapture, creatorOf, membersOf, referenceTo } from './members.ts';
import { nodeCount } from './nodes.ts';
import { captureSourceOf, onEachHost, presentDataVolumes, type RestoreSituation } from './situation.ts';

/** What is missing is created from the capture; then the data services start side by side. */
export function deploySteps(situation: RestoreSituation, cleared: StepId[]): Step[] {
  const { platform } = situation;
  const create = onEachHost(situation, (there, at) => createSteps(there, at, cleared));
  const ready = [...cleared, ...create.map(({ id }) => id)];
  const { data } = platform.deployment;
  // Those that prepare the folders (`chown`) do so before a server opens them.
  const first = data.filter((service) => isOneShot(situation, service));
  const prepare = first.map((service) => startStep(situation, service, ready));
  const prepared = [...ready, ...prepare.map(({ id }) => id)];
  const serve = data
    .filter((service) => !first.includes(service))
    .map((service) => startStep(situation, service, prepared));
  const start = [...prepare, ...serve];
  const awaited = platform.stores.filter(({ name }) => !isMissing(situation.manifest, name));
  const wait = awaited.map((store): Step => ({
    id: `await-${store.name}`,
    action: 'awaitStore',
    ...elsewhere(platform, store.service),
    arguments: {
      store: store.name,
      timeoutSeconds: platform.deployment.healthTimeoutSeconds,
      ...(store.kind === 'elasticsearch' ? { nodes: nodeCount(situation, store).awaited } : {}),
    },
    after: servicesOf(store).map((service) => `start-${service}`),
  }));
  const formed = Object.entries(situation.bootstraps ?? {}).map(([store, { service, container }]): Step => ({
    id: `end-bootstrap-${store}`,
    action: 'endBootstrap',
    ...elsewhere(platform, service),
    arguments: { service, container },
    after: [`await-${store}`],
  }));
  return [...create, ...start, ...wait, ...formed];
}

/** Networks and volumes of one host. */
function createSteps(situation: RestoreSituation, at: { host?: HostName }, cleared: StepId[]): Step[] {
  const { observed, capture } = situation;
  const networks = capture.networks
    .filter((network) => !observed.networks.some(({ name }) => name === network))
    .map((network): Step => ({
      id: `create-network-${network}${suffixOf(at)}`,
      action: 'createNetwork',
      ...at,
      arguments: { network, capture: captureSourceOf(situation) },
      after: cleared,
    }));
  const volumes = [...volumesToCreate(situation)].map(([volume, from]): Step => ({
    id: `create-volume-${volume}${suffixOf(at)}`,
    action: 'createVolume',
    ...at,
    arguments: { volume, host: observed.host, capture: from },
    after: cleared,
  }));
  return [...networks, ...volumes];
}

function isOneShot(situation: RestoreSituation, service: ServiceName): boolean {
  const { present, missing } = membersOf(situation, service);
  const all = [...present, ...missing].map((container) => referenceTo(container, situation));
  return all.length > 0 && all.every(({ oneShot }) => oneShot);
}

/** Those that are gone or will be, and whose capture knows them; none that only containers of a larger scale held. */
function volumesToCreate(situation: RestoreSituation): Map<VolumeName, CaptureSource> {
  const { observed, capture, volumes } = situation;
  const created = new Set(createdFromCapture(situation).map(({ name }) => name));
  const removed = new Set(volumes === 'remove' ? presentDataVolumes(situation).map(({ name }) => name) : []);
  const wanted = new Map<VolumeName, CaptureSource>();
  for (const { name } of capture.volumes) {
    const users = capture.containers.filter((container) => container.volumes.includes(name));
    const present = observed.volumes.some((volume) => volume.name === name);
    const held = observed.containers.some((container) => container.volumes.includes(name));
    const needed = held || users.length === 0 || users.some((container) => created.has(container.name));
    if (removed.has(name) || (!present && needed)) wanted.set(name, captureSourceOf(situation));
  }
  // A name that the point does not know is one of now, so it was recorded before the first stop.
  for (const name of removed) if (!wanted.has(name)) wanted.set(name, beforeRun);
  return wanted;
}

/** Creates what is missing of the service, starts it and waits until it is healthy. Failure: ServiceNotFound. */
export function startStep(situation: RestoreSituation, service: ServiceName, after: StepId[]): Step {
  const { platform, manifest } = situation;
  const { present, missing } = membersOf(situation, service);
  if (present.length + missing.length === 0)
    throw new Failure('ServiceNotFound', {
      message: `The service "${service}" is neither on the engine nor in the capture of ${manifest.id}`,
      remedy: 'Correct its name in the platform file, or remove it there',
    });
  const creator = creatorOf(situation, service);
  const { healthTimeoutSeconds, settleSeconds } = platform.deployment;
  const bootstrap = Object.values(situation.bootstraps ?? {}).find((one) => one.service === service);
  return {
    id: `start-${service}`,
    action: 'startService',
    ...engineOf(platform, service),
    arguments: {
      service,
      containers: [...present, ...missing].map((container) => referenceTo(container, situation)),
      ...(creator === undefined ? {} : { capture: creator }),
      ...(bootstrap && { bootstrap: { container: bootstrap.container, nodeName: bootstrap.nodeName } }),
      healthTimeoutSeconds,
      settleSeconds,
    },
    after,
  };
}
