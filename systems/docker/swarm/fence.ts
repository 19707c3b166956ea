import type Docker from 'dockerode';
import { serviceOfUnit, unitOf } from '../../../domain/swarm.ts';
import { listAll } from '../containers.ts';
import { clientsAmong, type Fenced, type FenceTask } from '../fence.ts';
import { ownContainer } from '../own-container.ts';
import { networkNames } from './platform.ts';
import { listServices, type ServiceSpec } from './service.ts';
import { isStopped, modeOf, neverMet } from './stopped-mark.ts';
import { serviceNameLabel } from './tasks.ts';

/**
 * Names the stopped services that somebody else has started since: the stack was deployed, or one was scaled. Nothing is
 * stopped again, as another deployment is a person's will, and a person decides. Names as well everyone else who can reach
 * the data services: other services of the swarm, on whatever node, and containers of this engine.
 */
export async function fenceServices(docker: Docker, task: FenceTask): Promise<Fenced> {
  const [unsorted, all, networks, own] = await Promise.all([
    listServices(docker),
    listAll(docker),
    docker.listNetworks(),
    ownContainer(docker),
  ]);
  const services = unsorted.toSorted((a, b) => (a.Spec.Name < b.Spec.Name ? -1 : 1));
  const stopped = new Set(task.containers);
  const named = new Set([...task.containers, ...task.allowed]);
  const changed = services
    .filter(({ Spec }) => stopped.has(unitOf(Spec.Name)) && !isStopped(Spec))
    .map(({ Spec }) => ({
      container: unitOf(Spec.Name),
      over: 'changed by somebody else since it was stopped: its stack was deployed, or it was scaled',
      remedy: `If its stack was deployed on purpose, abort; else stop it again: ${stopCommand(Spec)}`,
    }));
  const others = services
    .filter(({ Spec }) => !named.has(unitOf(Spec.Name)) && !isStopped(Spec) && modeOf(Spec) !== 'job')
    .flatMap(({ Spec }) =>
      networkNames(Spec, networks)
        .filter((network) => task.networks.includes(network))
        .slice(0, 1)
        .map((over) => ({
          container: unitOf(Spec.Name),
          over,
          remedy: `Stop it: ${stopCommand(Spec)}`,
        })),
    );
  const withoutService = all.filter(({ Labels }) => Labels[serviceNameLabel] === undefined);
  return {
    stopped: [],
    others: [...changed, ...others, ...clientsAmong(withoutService, own?.Id, { ...task, containers: [] })],
  };
}

/** The part of a node that is no manager: containers of its engine that are no service's. */
export async function fenceNode(docker: Docker, task: FenceTask): Promise<Fenced> {
  const [all, own] = await Promise.all([listAll(docker), ownContainer(docker)]);
  const withoutService = all.filter(({ Labels }) => Labels[serviceNameLabel] === undefined);
  return { stopped: [], others: clientsAmong(withoutService, own?.Id, { ...task, containers: [] }) };
}

/** Whether a fence is about services of a swarm. */
export function isAboutServices({ containers, allowed }: FenceTask): boolean {
  return [...containers, ...allowed].some((name) => serviceOfUnit(name) !== undefined);
}

const stopCommand = (spec: ServiceSpec) =>
  modeOf(spec) === 'global'
    ? `docker service update --constraint-add ${neverMet} ${spec.Name}`
    : `docker service scale ${spec.Name}=0`;
