import type Docker from 'dockerode';
import type { DeploymentCapture, ObservedDeployment } from '../../domain/deployment.ts';
import { Failure } from '../../domain/failures.ts';
import type { Deployment, HostName, ServiceName } from '../../domain/platform.ts';
import type { ContainerReference, ContainerStarts } from '../../domain/plans/step-arguments.ts';
import { serviceOfUnit } from '../../domain/swarm.ts';
import type { Watch } from '../../domain/watch.ts';
import { capture } from './capture/capture.ts';
import { createContainers, type Creation } from './capture/create.ts';
import { confirmHealthy } from './confirm-health.ts';
import { fence, type Fenced, type FenceTask } from './fence.ts';
import { awaitHealthy, type HealthLimits } from './health.ts';
import { observe } from './observe.ts';
import { removeContainers, type Removal } from './remove.ts';
import { serviceContainers } from './service-containers.ts';
import { startContainers, type Start } from './start.ts';
import { stopContainers, type Stop } from './stop.ts';
import { captureServices } from './swarm/capture.ts';
import { containersOfService } from './swarm/containers.ts';
import { createServices } from './swarm/create.ts';
import { fenceNode, fenceServices, isAboutServices } from './swarm/fence.ts';
import { awaitServices, confirmServices } from './swarm/health.ts';
import { observeServices } from './swarm/observe.ts';
import { removeServices } from './swarm/remove.ts';
import { startServices } from './swarm/start.ts';
import { stopServices } from './swarm/stop.ts';

/*
 * The one place that tells containers of Compose from services of Swarm. What begins with a platform goes by the kind of its
 * deployment; what begins with names goes by the names, as a plan is carried out without the platform file. Each function
 * stands with its namesake: `stopContainers` in stop.ts and in swarm/stop.ts.
 */

type SecretWatch = Watch & { secrets?: Record<string, string> };

const isService = ({ name }: { name: string }) => serviceOfUnit(name) !== undefined;
const named = (name: string) => isService({ name });

export async function observeDeployment(
  docker: Docker,
  deployment: Deployment,
  host: HostName,
  signal?: AbortSignal,
): Promise<ObservedDeployment> {
  if (deployment.kind === 'none') return nothing(host);
  return deployment.kind === 'swarm'
    ? observeServices(docker, deployment, host, signal)
    : observe(docker, deployment, host, signal);
}

export async function captureDeployment(
  docker: Docker,
  deployment: Deployment,
  host: HostName,
  signal?: AbortSignal,
): Promise<DeploymentCapture> {
  if (deployment.kind === 'none') throw notDeployed();
  return deployment.kind === 'swarm'
    ? captureServices(docker, deployment, host, signal)
    : capture(docker, deployment, host, signal);
}

export async function containersOf(
  docker: Docker,
  deployment: Deployment,
  service: ServiceName,
): Promise<{ name: string; running: boolean }[]> {
  if (deployment.kind === 'none') return [];
  return deployment.kind === 'swarm'
    ? containersOfService(docker, deployment, service)
    : serviceContainers(docker, deployment, service);
}

export async function stop(
  docker: Docker,
  references: ContainerReference[],
  graceSeconds: number,
  watch?: Watch,
): Promise<Stop[]> {
  return (references.some(isService) ? stopServices : stopContainers)(docker, references, graceSeconds, watch);
}

export async function start(
  docker: Docker,
  references: ContainerReference[],
  watch?: Watch & { stopGraceSeconds?: number },
): Promise<Start[]> {
  return (references.some(isService) ? startServices : startContainers)(docker, references, watch);
}

export async function create(
  docker: Docker,
  captured: DeploymentCapture,
  names: string[],
  watch?: SecretWatch,
): Promise<Creation[]> {
  return (names.some(named) ? createServices : createContainers)(docker, captured, names, watch);
}

export async function remove(docker: Docker, names: string[], watch?: Watch): Promise<Removal[]> {
  return names.some(named) ? removeServices(docker, names) : removeContainers(docker, names, watch);
}

export async function becomeHealthy(
  docker: Docker,
  names: string[],
  limits: HealthLimits,
  watch?: Watch,
): Promise<ContainerStarts> {
  return (names.some(named) ? awaitServices : awaitHealthy)(docker, names, limits, watch);
}

/** What a run has started is of one kind. */
export async function stayHealthy(
  docker: Docker,
  starts: ContainerStarts,
  limits: { timeoutSeconds: number },
  watch?: Watch,
): Promise<void> {
  return (Object.keys(starts).some(named) ? confirmServices : confirmHealthy)(docker, starts, limits, watch);
}

export async function keepOut(docker: Docker, task: FenceTask, watch?: Watch): Promise<Fenced> {
  if (task.node) return fenceNode(docker, task);
  return isAboutServices(task) ? fenceServices(docker, task) : fence(docker, task, watch);
}

/** What an engine shows of a platform that it does not carry. */
const nothing = (host: HostName): ObservedDeployment => ({
  host,
  engineVersion: '',
  containers: [],
  volumes: [],
  networks: [],
  otherContainers: [],
  otherNames: [],
});

function notDeployed(): Failure {
  return new Failure('InvalidArgument', {
    message: 'The platform file has no deployment, so there is nothing to capture',
    remedy: 'Name the deployment in the platform file, or start what you want without it',
  });
}
