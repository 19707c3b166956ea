import type { Client } from '@elastic/elasticsearch';
import { failed, passed, type Check } from '../../domain/checks.ts';
import { servicesOf, type ElasticsearchStore } from '../../domain/platform.ts';
import { clusterIdentity } from '../../systems/elasticsearch/health.ts';
import { observe } from '../observation.ts';
import type { OpenPlatform } from '../open-platform.ts';

/** A cluster that lacks a node serves all its data, and loses some when the next one goes. */
export async function checkNodes(
  open: OpenPlatform,
  store: ElasticsearchStore,
  client: Client,
  expected: number,
): Promise<Check> {
  const name = `nodes ${store.name}`;
  const nodes = (await clusterIdentity(client)).nodes.map((node) => node.name);
  const evidence = `${nodes.length} of ${expected} nodes: ${nodes.join(', ')}`;
  return nodes.length >= expected ? passed(name, evidence) : failed(name, evidence, await remedyForNodes(open, store));
}

/** What stands in the way of each container of the store that does not answer. */
export async function remedyForNodes(open: OpenPlatform, store: ElasticsearchStore): Promise<string> {
  const containers = await Promise.all(
    servicesOf(store).map((service) => open.docker.serviceContainers(open.platform.deployment, service)),
  );
  const names = containers.flat().map(({ name }) => name);
  const answers = await Promise.all(names.map((name) => observe(() => open.docker.reach(name, store.port))));
  const silent = answers.flatMap((answer) => ('failure' in answer ? [answer.failure] : []));
  if (silent.length > 0) return silent.map(({ message, remedy }) => `${message}: ${remedy}`).join('; ');
  return `All of ${names.join(', ')} answer but have not formed one cluster: compare cluster.name, discovery.seed_hosts and cluster.initial_master_nodes of the nodes, and read why in the log of each (docker logs --tail 50 CONTAINER)`;
}
