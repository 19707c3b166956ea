import { failed, passed, type Check } from '../../domain/checks.ts';
import type { CapturedContainer, CapturedFile } from '../../domain/deployment.ts';
import { bootstrapOf, type Bootstrap, type NodeDiscovery } from '../../domain/plans/restore-steps/bootstrap.ts';
import { membersOf } from '../../domain/plans/restore-steps/members.ts';
import type { RestoreSituation } from '../../domain/plans/plan-restore.ts';
import { captureSourceOf } from '../../domain/plans/restore-steps/situation.ts';
import { servicesOf, type ElasticsearchStore } from '../../domain/platform.ts';
import { serviceOfUnit } from '../../domain/swarm.ts';
import { nodeSettings } from '../../systems/elasticsearch/node-settings.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { readCaptureOf } from '../restore/find-capture.ts';
import { withoutBootstrap } from '../stores/bootstrap.ts';
import { configuredNow } from '../stores/configured-now.ts';
import { configurationOf, configurationPath, mountsOf } from '../stores/node-configuration.ts';

/**
 * How the store's nodes will find their cluster: by arguments, environment and `elasticsearch.yml`, be it mounted or a
 * container's own. What stands in the image alone of a container that is still to be created is not known.
 */
export async function observeDiscovery(
  open: OpenPlatform,
  store: ElasticsearchStore,
  situation: RestoreSituation,
): Promise<NodeDiscovery[]> {
  const members = servicesOf(store).map((service) => membersOf(situation, service));
  const present = members.flatMap((one) => one.present);
  const { containers: own, files } = await configuredNow(open, present);
  const known = new Set(own.map(({ name }) => name));
  const others = new Set(
    [...present, ...members.flatMap(({ missing }) => missing)]
      .map(({ name }) => name)
      .filter((name) => !known.has(name)),
  );
  const [texts, captured] = await Promise.all([
    Promise.all(own.map(({ name, create }) => open.docker.readText(name, configurationPath(create)))),
    others.size > 0 ? readCaptureOf(open, captureSourceOf(situation)) : undefined,
  ]);
  return [
    ...own.map((container, index) => discoveryOf(container, files, texts[index])),
    ...(captured?.containers ?? [])
      .filter(({ name }) => others.has(name))
      .map((container) => discoveryOf(container, captured?.files ?? [])),
  ];
}

/** `text`: of the container's `elasticsearch.yml`, where it could be read. */
export function discoveryOf(
  { name, service, create }: Pick<CapturedContainer, 'name' | 'service' | 'create'>,
  files: readonly CapturedFile[],
  text?: string,
): NodeDiscovery {
  const configuration = configurationOf(create, files);
  const setting = nodeSettings({
    ...configuration,
    // What an earlier run left there is not the node's own.
    ...(text !== undefined && { configuration: withoutBootstrap(text) }),
  });
  const isSet = (key: string) => ![undefined, null, '', '[]'].includes(setting(key) as string | undefined);
  const nodeName = setting('node.name');
  const roles = setting('node.roles');
  const path = configurationPath(create);
  // Swarm makes each task's container from the service alone: what is changed inside of one is lost.
  const mounted =
    serviceOfUnit(name) === undefined
      ? mountsOf(create).find(([, target]) => target === path || path.startsWith(`${target}/`))?.[0]
      : 'the service (its environment, or a config)';
  return {
    container: name,
    service,
    nodeName: typeof nodeName === 'string' && nodeName !== '' ? nodeName : '${HOSTNAME}',
    single: setting('discovery.type') === 'single-node',
    bootstraps: isSet('cluster.initial_master_nodes'),
    seeks: isSet('discovery.seed_hosts') || isSet('discovery.seed_providers'),
    masterEligible: roles === undefined || JSON.stringify(roles).includes('master'),
    ...(mounted === undefined ? {} : { mountedFrom: mounted }),
  };
}

/** What the plan must add, or undefined. */
export function bootstrapNeeded(nodes: readonly NodeDiscovery[]): Bootstrap | undefined {
  const node = bootstrapOf(nodes);
  return node && { container: node.container, service: node.service, nodeName: node.nodeName };
}

/** Emptied nodes must form a cluster: by their own settings, or by one that the plan adds for the first start. */
export function checkBootstrap(store: string, nodes: readonly NodeDiscovery[]): Check {
  const name = `bootstrap ${store}`;
  const single = nodes.filter((node) => node.single);
  if (single.length > 0 && nodes.length > 1)
    return failed(
      name,
      `${single.map(({ container }) => container).join(', ')} has discovery.type=single-node, and the store has ${nodes.length} nodes: they never form one cluster`,
      'Remove discovery.type, and give each node discovery.seed_hosts',
    );
  const seeking = nodes.some((node) => node.seeks) && !nodes.some((node) => node.single || node.bootstraps);
  if (!seeking) return passed(name, 'Emptied nodes form a cluster by their own settings');
  const node = bootstrapOf(nodes);
  const setting = 'cluster.initial_master_nodes';
  if (node === undefined || node.mountedFrom !== undefined)
    return failed(
      name,
      `No node has ${setting}: emptied, they look for a cluster and never form one`,
      node === undefined
        ? `Give a master-eligible node ${setting}`
        : `Add "${setting}: [${node.nodeName}]" for ${node.container} to what is mounted from ${node.mountedFrom ?? ''}, and remove it after the restore`,
    );
  return passed(name, `No node has ${setting}: ${node.container} gets it for its first start`);
}
