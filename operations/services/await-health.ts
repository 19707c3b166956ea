import { Failure } from '../../domain/failures.ts';
import { hostsOf, isSpread } from '../../domain/hosts.ts';
import { isDeployed, servicesInStopOrder, type ServiceName } from '../../domain/platform.ts';
import { swarmNameOf, unitOf } from '../../domain/swarm.ts';
import type { Watch } from '../../domain/watch.ts';
import { observeHere } from '../hosts/observe-here.ts';
import { openPlatform, type Dependencies, type OpenPlatform } from '../open-platform.ts';
import { smokeCheck } from '../smoke/smoke-check.ts';

/** The services of the platform that have a container which runs. Failures: those of the engine and of the platform file. */
export async function runningServices(dependencies: Dependencies, name: string): Promise<ServiceName[]> {
  const { containers } = await observeHere(await openPlatform(dependencies, name));
  return containers.filter(({ running }) => running).map(({ service }) => service);
}

export interface AwaitHealth extends Watch {
  timeoutSeconds: number;
  /** Services that ran before: one that has ended since has not done its work, but was stopped. */
  ran: readonly ServiceName[];
}

/**
 * Waits until all services of a platform are healthy and its smoke checks hold, as a restore does at its end, and answers in
 * one line what was found. Failures: ServiceUnhealthy and ServiceNotFound when it is not so within `timeoutSeconds` in all;
 * HostWorkerMissing where nobody can tell from here.
 */
export async function awaitHealth(
  dependencies: Dependencies,
  name: string,
  { timeoutSeconds, ran, ...watch }: AwaitHealth,
): Promise<string> {
  const { environment, endpoints = {} } = dependencies;
  const deadline = performance.now() + timeoutSeconds * 1000;
  const left = () => ({ timeoutSeconds: Math.max(1, Math.ceil((deadline - performance.now()) / 1000)) });
  const open = await openPlatform(dependencies, name);
  const { platform, docker, host } = open;
  if (isSpread(platform)) throw untold(name, `its services lie on ${hostsOf(platform, host).join(', ')}`);
  if (host !== environment.host && endpoints[host] === undefined)
    throw untold(name, `it lies on ${host}, and this is ${environment.host}`);
  const { names, oneShots } = await containersOf(open, ran, watch.signal);
  const { settleSeconds } = platform.deployment;
  const starts = await docker.awaitHealthy(names, { ...left(), settleSeconds, oneShots }, watch);
  await assertReachable(open);
  // Whoever deploys says how long all of it may take.
  const smoke = platform.smoke.map((check) => ({ ...check, ...left() }));
  const { summary } = await smokeCheck({ ...open, platform: { ...platform, smoke } }, { arguments: {} }, watch);
  await docker.confirmHealthy(starts, left(), watch);
  return [...names.map((one) => `${one} healthy`), ...(summary === '' ? [] : [summary])].join(', ');
}

/** Those of the services that the platform file names. Failures: ServiceNotFound; HostWorkerMissing when there are none. */
async function containersOf(
  open: OpenPlatform,
  ran: readonly ServiceName[],
  signal: AbortSignal | undefined,
): Promise<{ names: string[]; oneShots: string[] }> {
  const { platform, host } = open;
  const { containers } = await observeHere(open, signal);
  if (containers.length === 0 && isDeployed(platform))
    throw untold(platform.platform, `the Docker engine of ${host} has no container of it`);
  if (!isDeployed(platform) && platform.smoke.length === 0)
    throw untold(platform.platform, 'its file names neither containers nor smoke checks');
  const missing = servicesInStopOrder(platform).find((one) => !containers.some(({ service }) => service === one));
  if (missing !== undefined)
    throw new Failure('ServiceNotFound', {
      message: `The service "${missing}" has no container on ${host}`,
      remedy: 'Start it, or correct its name in the platform file',
    });
  return {
    names: containers.map((container) => container.name),
    oneShots: containers
      .filter(({ oneShot, service }) => oneShot && !ran.includes(service))
      .map((container) => container.name),
  };
}

/** A service that Swarm runs on another node cannot be reached from here. Failure: HostWorkerMissing. */
async function assertReachable({ platform, docker }: OpenPlatform): Promise<void> {
  const { deployment, smoke } = platform;
  if (deployment.kind !== 'swarm') return;
  for (const check of smoke) {
    if (!('service' in check)) continue;
    const node = await docker.nodeElsewhere(unitOf(swarmNameOf(deployment, check.service)));
    if (node !== undefined)
      throw untold(platform.platform, `a smoke check asks ${check.service}, which runs on ${node}`);
  }
}

function untold(platform: string, why: string): Failure {
  return new Failure('HostWorkerMissing', {
    message: `Whether ${platform} is healthy cannot be told from here: ${why}`,
    remedy: 'Check it yourself, and deploy with --no-wait-health from now on, or on the host that runs the services',
  });
}
