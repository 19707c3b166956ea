import type { ServiceName } from '../../platform.ts';

/** How a node finds its cluster. */
export interface NodeDiscovery {
  container: string;
  service: ServiceName;
  /** As `cluster.initial_master_nodes` would name it. */
  nodeName: string;
  /** It is a cluster of its own: `discovery.type: single-node`. */
  single: boolean;
  /** It names who makes a new cluster: `cluster.initial_master_nodes`. */
  bootstraps: boolean;
  /** It looks for others: `discovery.seed_hosts` or `discovery.seed_providers`. */
  seeks: boolean;
  masterEligible: boolean;
  /** `elasticsearch.yml` is mounted from here, so it is not the container's own to change. */
  mountedFrom?: string;
}

/** The node that makes the new cluster, for its first start only. */
export interface Bootstrap {
  container: string;
  service: ServiceName;
  nodeName: string;
}

/**
 * Once a cluster has formed, `cluster.initial_master_nodes` is taken out, as Elasticsearch advises; its nodes then look for
 * a cluster that is there, and emptied ones never make one. Undefined: they do it by themselves. One node is enough: named
 * on it alone it makes the cluster, which the others find.
 */
export function bootstrapOf(nodes: readonly NodeDiscovery[]): NodeDiscovery | undefined {
  if (nodes.some(({ single, bootstraps }) => single || bootstraps)) return undefined;
  if (!nodes.some(({ seeks }) => seeks)) return undefined;
  return nodes.find(({ masterEligible }) => masterEligible);
}
