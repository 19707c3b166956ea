import { failed, passed, type Check } from '../../domain/checks.ts';
import { mayRunOn } from '../../domain/placement.ts';
import type { RestoreSituation } from '../../domain/plans/plan-restore.ts';
import { createdFromCapture } from '../../domain/plans/restore-steps/members.ts';
import { storesOfKind, type SwarmDeployment } from '../../domain/platform.ts';
import { serviceOfUnit, type ObservedSwarm } from '../../domain/swarm.ts';

interface Fault {
  evidence: string;
  remedy: string;
}

/**
 * What a platform on Swarm needs of the swarm, all of it at once: secrets and configs of the services that will be created,
 * nodes that may run them, data on this worker's node, and networks that can be joined. Undefined: not on Swarm.
 */
export function checkSwarm(situation: RestoreSituation): Check | undefined {
  const { swarm } = situation.observed;
  const { deployment } = situation.platform;
  if (swarm === undefined || deployment.kind !== 'swarm') return undefined;
  const faults = [
    ...missingNames(situation, deployment, swarm),
    ...withoutNode(situation, swarm),
    ...dataElsewhere(swarm),
    ...closedNetworks(situation, swarm),
  ];
  if (faults.length > 0)
    return failed(
      'swarm',
      faults.map(({ evidence }) => evidence).join('; '),
      [...new Set(faults.map(({ remedy }) => remedy))].join('; '),
    );
  const usable = swarm.nodes.filter((node) => node.usable).length;
  return passed(
    'swarm',
    `${usable} of ${swarm.nodes.length} nodes take tasks; secrets, configs and networks are there or will be made`,
  );
}

function missingNames(
  situation: RestoreSituation,
  deployment: SwarmDeployment,
  { secrets, configs }: ObservedSwarm,
): Fault[] {
  const needs = createdFromCapture(situation).flatMap((container) =>
    container.needs ? [{ service: nameOf(container), ...container.needs }] : [],
  );
  const lacking = (kind: 'secrets' | 'configs', known: readonly string[]) => {
    const users = new Map<string, string[]>();
    for (const need of needs)
      for (const name of need[kind].filter((each) => !known.includes(each)))
        users.set(name, [...(users.get(name) ?? []), need.service]);
    return [...users].map(([name, services]) => ({ name, words: `${name} (of ${services.join(', ')})` }));
  };
  const noSecret = lacking('secrets', [...secrets, ...Object.keys(deployment.secrets)]);
  const noConfig = lacking('configs', [...configs, ...(situation.capture.configs ?? [])]);
  return [
    ...(noSecret.length === 0
      ? []
      : [
          {
            evidence: `The swarm lacks the secrets ${noSecret.map(({ words }) => words).join(', ')}`,
            remedy: `Create them (${noSecret.map(({ name }) => `docker secret create ${name} FILE`).join('; ')}), or name their values in deployment.secrets of the platform file`,
          },
        ]),
    ...(noConfig.length === 0
      ? []
      : [
          {
            evidence: `Neither the swarm nor the capture has the configs ${noConfig.map(({ words }) => words).join(', ')}`,
            remedy: `Create them: ${noConfig.map(({ name }) => `docker config create ${name} FILE`).join('; ')}`,
          },
        ]),
  ];
}

/** A service that no node may run stays pending for ever, without an error. */
function withoutNode(situation: RestoreSituation, { nodes, constraints }: ObservedSwarm): Fault[] {
  const wanted = new Map(Object.entries(constraints));
  for (const container of createdFromCapture(situation)) wanted.set(container.name, container.needs?.constraints ?? []);
  return [...wanted]
    .filter(([, each]) => !nodes.some((node) => mayRunOn(node, each)))
    .map(([unit, each]) => ({
      evidence: `No node that takes tasks meets the placement of ${serviceOfUnit(unit) ?? unit}${each.length > 0 ? ` (${each.join(', ')})` : ''}`,
      remedy: `Give a node what is asked for (docker node update --label-add NAME=VALUE NODE), or let it take tasks (docker node update --availability active NODE)`,
    }));
}

/** A local volume lies on the node whose engine made it, and only that engine can set it aside. */
function dataElsewhere({ lastNodes, nodes, thisNode }: ObservedSwarm): Fault[] {
  const named = (id: string) => nodes.find((node) => node.id === id)?.hostname ?? id;
  return Object.entries(lastNodes)
    .filter(([, node]) => node !== thisNode)
    .map(([unit, node]) => ({
      evidence: `The data of ${serviceOfUnit(unit) ?? unit} lies on the node ${named(node)}, and this worker's engine is that of ${named(thisNode)}`,
      remedy: `Run the worker on ${named(node)}, or pin the service to ${named(thisNode)} by a label when its data may start there anew`,
    }));
}

/** A side container, and a worker that runs in a container, must join the network of the service. */
function closedNetworks(
  { platform, observed, capture }: RestoreSituation,
  { notAttachable, workerInContainer, workerNetworks }: ObservedSwarm,
): Fault[] {
  const networksOf = (services: readonly string[]) =>
    [...observed.containers, ...capture.containers]
      .filter(({ service }) => services.includes(service))
      .flatMap(({ networks }) => networks);
  const side = storesOfKind(platform, 'container').map(({ service }) => service);
  const reached = platform.stores.flatMap((store) => ('address' in store && store.address ? [] : [store.service]));
  const isOnOne = networksOf(reached).some((network) => workerNetworks.includes(network));
  const wanted = new Set([...networksOf(side), ...(workerInContainer && !isOnOne ? networksOf(reached) : [])]);
  return notAttachable
    .filter((network) => wanted.has(network))
    .map((network) => ({
      evidence: `The overlay network ${network} is not attachable, so no container of Rekindle can join it`,
      remedy: `Create it with --attachable (docker network create --driver overlay --attachable ${network}; in a stack file: attachable: true), and deploy its stacks again`,
    }));
}

const nameOf = ({ name }: { name: string }) => serviceOfUnit(name) ?? name;
