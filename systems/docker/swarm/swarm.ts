import type { NetworkInspectInfo } from 'dockerode';
import type Docker from 'dockerode';
import { unitOf, type ObservedSwarm, type SwarmNode } from '../../../domain/swarm.ts';
import { nameOf } from '../containers.ts';
import { ownContainer } from '../own-container.ts';
import { neverMet } from './stopped-mark.ts';
import type { SwarmService } from './service.ts';
import { isRunningTask, tasksOf } from './tasks.ts';

interface Node {
  ID: string;
  Spec: { Role: string; Availability: string; Labels?: Record<string, string> | null };
  Description: {
    Hostname: string;
    Platform?: { OS?: string; Architecture?: string };
    Engine?: { Labels?: Record<string, string> | null };
  };
  Status: { State: string };
}

/** What is the whole swarm's: secrets, configs, nodes. `own`: the name of this process's container, if it runs in one. */
export async function observeSwarm(
  docker: Docker,
  services: readonly SwarmService[],
  data: readonly SwarmService[],
  networks: readonly NetworkInspectInfo[],
): Promise<{ observed: ObservedSwarm; own: string | undefined }> {
  const [secrets, configs, nodes, info, own, last] = await Promise.all([
    docker.listSecrets(),
    docker.listConfigs(),
    docker.listNodes() as Promise<Node[]>,
    docker.info() as Promise<{ Swarm?: { NodeID?: string } }>,
    ownContainer(docker),
    Promise.all(data.map(async ({ Spec }) => [unitOf(Spec.Name), await nodesOf(docker, Spec.Name)] as const)),
  ]);
  const several = last.flatMap(([unit, { now }]) => (now.length > 1 ? [[unit, now] as const] : []));
  const names = (all: unknown[]) => (all as { Spec: { Name: string } }[]).map(({ Spec }) => Spec.Name).toSorted();
  return {
    own: own && nameOf(own),
    observed: {
      secrets: names(secrets),
      configs: names(configs),
      nodes: nodes.map(nodeOf),
      thisNode: info.Swarm?.NodeID ?? '',
      notAttachable: networks
        .filter(({ Driver, Scope, Attachable }) => Driver === 'overlay' && Scope === 'swarm' && !Attachable)
        .map(({ Name }) => Name)
        .toSorted(),
      lastNodes: Object.fromEntries(last.flatMap(([unit, { last }]) => (last === undefined ? [] : [[unit, last]]))),
      ...(several.length > 0 && { alsoOn: Object.fromEntries(several) }),
      workerInContainer: own !== undefined && own.HostConfig.NetworkMode !== 'host',
      workerNetworks: Object.keys(own?.NetworkSettings.Networks ?? {}).toSorted(),
      constraints: Object.fromEntries(
        services.map(({ Spec }) => [
          unitOf(Spec.Name),
          (Spec.TaskTemplate.Placement?.Constraints ?? []).filter((constraint) => constraint !== neverMet),
        ]),
      ),
    },
  };
}

function nodeOf({ ID, Spec, Description, Status }: Node): SwarmNode {
  return {
    id: ID,
    hostname: Description.Hostname,
    role: Spec.Role,
    labels: Spec.Labels ?? {},
    engineLabels: Description.Engine?.Labels ?? {},
    platform: { os: Description.Platform?.OS ?? '', arch: Description.Platform?.Architecture ?? '' },
    usable: Status.State === 'ready' && Spec.Availability === 'active',
  };
}

/** Where its volumes lie: a local volume is made on the node that runs the task. `now`: of the tasks that run. */
async function nodesOf(docker: Docker, service: string): Promise<{ last: string | undefined; now: string[] }> {
  const tasks = await tasksOf(docker, service);
  const last = tasks.find(({ NodeID, Status }) => NodeID !== undefined && Status.State !== 'rejected')?.NodeID;
  const now = tasks.filter(isRunningTask).flatMap(({ NodeID }) => NodeID ?? []);
  return { last, now: [...new Set(now)].toSorted() };
}
