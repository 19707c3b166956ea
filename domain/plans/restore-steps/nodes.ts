import { servicesOf, type ElasticsearchStore } from '../../platform.ts';
import { membersOf } from './members.ts';
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
    .reduce((sum, { present, missing }) => sum + present.length + missing.length, 0);
  const captured = situation.capture.containers.filter(({ service }) => services.includes(service)).length;
  const atBackup = situation.nodes?.[store.name];
  const awaited = atBackup === undefined || captured === 0 ? containers : atBackup + containers - captured;
  return { containers, captured, atBackup, awaited: Math.max(1, awaited) };
}
