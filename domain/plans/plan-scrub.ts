import type { UnhashedPlan } from './plan.ts';
import { storesOfKind, type HostName, type Platform } from '../platform.ts';
import type { ScrubExtent } from './step-arguments.ts';
import type { Step } from './steps.ts';
import { streamedStores } from '../store-kinds.ts';
import { placesIn } from '../swarm-places.ts';

/** A scrub that reads all of a large repository takes days; what was read is kept, so another attempt goes on. */
const longestSeconds = 7 * 86_400;

/** Whether backups are followed by a scrub: something can be read without its server, and the platform file wants it. */
export const isScrubbed = (platform: Platform): boolean =>
  platform.backup.scrubDays > 0 && scrubbedStores(platform).length + streamedStores(platform).length > 0;

const scrubbedStores = (platform: Platform) =>
  storesOfKind(platform, 'elasticsearch').filter(({ repository }) => repository.type === 's3');

/** One step for each store, one after the other. Those whose repository cannot be read are left out by rotation alone. */
export function planScrub(situation: {
  platform: Platform;
  platformFileHash: string;
  host: HostName;
  scope: ScrubExtent;
  /** ISO 8601, UTC. */
  startedAt: string;
}): UnhashedPlan {
  const { platform, scope, startedAt } = situation;
  const stores = scope === 'share' ? scrubbedStores(platform) : storesOfKind(platform, 'elasticsearch');
  const streamed = streamedStores(platform).map(({ name }): Step => ({
    id: `scrub-${name}`,
    action: 'scrubParts',
    arguments: { store: name, scope, since: startedAt, timeoutSeconds: longestSeconds },
    after: stores.slice(-1).map((before) => `scrub-${before.name}`),
  }));
  const steps = stores.map(({ name }, place): Step => ({
    id: `scrub-${name}`,
    action: 'scrubStore',
    arguments: { store: name, scope, since: startedAt, timeoutSeconds: longestSeconds },
    after: stores.slice(Math.max(0, place - 1), place).map((before) => `scrub-${before.name}`),
  }));
  return {
    version: 1,
    kind: 'scrub',
    platform: platform.platform,
    host: situation.host,
    ...placesIn(platform),
    steps: [...steps, ...streamed],
    volumes: [],
    platformFileHash: situation.platformFileHash,
  };
}
