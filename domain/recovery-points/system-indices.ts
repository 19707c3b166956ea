import type { IndexName } from '../platform.ts';

const system = /^\.(security|tasks|async-search|kibana|fleet|watches|geoip_databases|ml-|transform-|inference)/;

/** Elasticsearch's own indices, which only its feature states may bring back; backed up only when named exactly. */
export function isSystemIndex(name: IndexName): boolean {
  return system.test(name);
}
