import { failed, passed, warned, type Check } from '../../domain/checks.ts';
import { mayRunOn } from '../../domain/placement.ts';
import type { RestoreSituation } from '../../domain/plans/plan-restore.ts';
import { createdFromCapture } from '../../domain/plans/restore-steps/members.ts';
import { storesOfKind, type SwarmDeployment } from '../../domain/platform.ts';
import { placementsOf, type Placement } from '../../domain/swarm-places.ts';
import { serviceOfUnit, type ObservedSwarm } from '../../domain/swarm.ts';

interface Fault {
  evidence: string;
  remedy: string;
}

/**
 * What a platform on Swarm needs of the swarm, all of it at once: secrets and configs of the services that will be created,
 * one node for the data of each, and networks that can be joined. Undefined: not on Swarm.
 */
export function checkSwarm(situation: RestoreSituation): Check | undefined {
  const { swarm } = situation.observed;
  const { deployment } = situation.platform;
  if (swarm === undefined || deployment.kind !== 'swarm') return undefined;
  const placements = placementsOf({ deployment, host: situation.observed.host, swarm, capture: situation.capture });
  const faults = [
    ...missingNames(situation, deployment, swarm),
    ...withoutNode(situation, swarm),
    ...unpinned(situation, placements),
    ...farSources(situation, placements),
    ...closedNetworks(situation, swarm),
  ];
  if (faults.length > 0)
    return failed(
      'swarm',
      faults.map(({ evidence }) => evidence).join('; '),
      [...new Set(faults.map(({ remedy }) => remedy))].join('; '),
    );
  const usable = swarm.nodes.filter((node) => node.usable).length;
  const evidence = `${usable} of ${swarm.nodes.length} nodes take tasks; secrets, configs and networks are there or will be made${whereDataLies(placements)}`;
  const anew = placements.filter(({ from }) => from !== undefined);
  if (anew.length === 0) return passed('swarm', evidence);
  return warned(
    'swarm',
    `${evidence}; ${anew.map(({ unit, host, from }) => `the data of ${wordsOf(unit)} lay on ${from ?? ''} and starts anew on ${host}`).join('; ')}`,
    'What lies on the former node stays there, untouched: bring that node back first, or give it its label again, when its data is still wanted',
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

/**
 * A local volume lies on one node. A service with data that Swarm may start on another one would start there without it; and
 * one that runs on several has a volume on each, of which a plan could name only one.
 */
function unpinned({ observed, capture }: RestoreSituation, placements: readonly Placement[]): Fault[] {
  const holdsData = (unit: string) =>
    [...observed.containers, ...capture.containers].some(
      ({ name, mounts }) => name === unit && mounts.some(({ type }) => type !== 'tmpfs'),
    );
  return placements
    .filter(({ unit }) => holdsData(unit))
    .flatMap(({ unit, among, on, host }): Fault[] => {
      const service = wordsOf(unit);
      if (on !== undefined)
        return [
          {
            evidence: `${service} runs on several nodes (${on.join(', ')}), with data of its own on each`,
            remedy: `Give each node a service of its own, pinned to it by a label, and name them all in deployment.data and in the store's service`,
          },
        ];
      if (among === undefined) return [];
      return [
        {
          evidence: `Swarm may start ${service} on any of ${among.join(', ')}, and on another node than before it has no data`,
          remedy: `Pin it to its node, in its stack file too: docker service update --constraint-add node.hostname==${among.includes(host) ? host : (among[0] ?? host)} ${service}`,
        },
      ];
    });
}

/** A queue is rebuilt on its own node; its documents are read from there. A task can be reached on its own node alone. */
function farSources({ platform }: RestoreSituation, placements: readonly Placement[]): Fault[] {
  const nodeOf = (service: string) => placements.find((placement) => placement.service === service)?.host;
  return storesOfKind(platform, 'zookeeper-queue').flatMap(({ name, service, from }): Fault[] => {
    const source = storesOfKind(platform, 'elasticsearch').find((store) => store.name === from.store);
    const [here, there] = [nodeOf(service), source && nodeOf(source.service)];
    if (here === undefined || there === undefined || here === there || source?.address !== undefined) return [];
    return [
      {
        evidence: `The queue "${name}" on ${here} reads its jobs from "${from.store}" on ${there}, which cannot be reached from another node`,
        remedy: `Pin both to one node; or publish the port of ${source?.service ?? ''} on its node (mode: host), and give the store ${from.store} that "address"`,
      },
    ];
  });
}

/** Of data on other nodes than the manager's. */
function whereDataLies(placements: readonly Placement[]): string {
  const hosts = [...new Set(placements.map(({ host }) => host))];
  return hosts.length < 2
    ? ''
    : `; data lies on several nodes: ${placements.map(({ unit, host }) => `${wordsOf(unit)} on ${host}`).join(', ')}`;
}

const wordsOf = (unit: string) => serviceOfUnit(unit) ?? unit;

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
