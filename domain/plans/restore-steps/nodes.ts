import { servicesOf, type ElasticsearchStore } from '../../platform.ts';
import { membersOf, referenceTo } from './members.ts';
import type { RestoreSituation } from './situation.ts';

export interface NodeCount {
  /** Containers of the store's services that the plan starts. */
  containers: number;
  /** Containers of these services in the capture. */
  captured: number;
  /** Nodes of the cluster when the snapshot was taken; undefined: not known. */
  atBackup: number | undefined;
  /** So many must have joined before anything is restored, and be there at the end. */
  awaited: number;
}

/** As many nodes as at the backup, more or fewer where the scale has changed since. */
export function nodeCount(situation: RestoreSituation, store: ElasticsearchStore): NodeCount {
  const services = servicesOf(store);
  const containers = services
    .map((service) => membersOf(situation, service))
    .reduce((sum, { present, missing }) => sum + serversOf([...present, ...missing], situation), 0);
  const captured = serversOf(
    situation.capture.containers.filter(({ service }) => services.includes(service)),
    situation,
  );
  const atBackup = situation.nodes?.[store.name];
  const awaited = atBackup === undefined || captured === 0 ? containers : atBackup + containers - captured;
  return { containers, captured, atBackup, awaited: Math.max(1, awaited) };
}

/** A replicated Swarm service is one entry and has several servers. */
function serversOf(
  containers: readonly Parameters<typeof referenceTo>[0][],
  situation: Pick<RestoreSituation, 'capture'>,
): number {
  return containers.reduce((sum, container) => sum + (referenceTo(container, situation).replicas ?? 1), 0);
}
