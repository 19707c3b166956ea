import { Failure } from '../failures.ts';
import { elsewhere } from '../hosts.ts';
import type { UnhashedPlan } from './plan.ts';
import type { HostName, Platform, StoreName } from '../platform.ts';
import { derivedStores, type DerivedStore } from '../store-kinds.ts';
import type { Step, StepId } from './steps.ts';
import { placesIn } from '../swarm-places.ts';

export interface RebuildChoices {
  /** What a store waits for. */
  ready: (store: DerivedStore) => StepId[];
  /** Only this run works on the queue, so its order is compared, too. */
  exactOrder: boolean;
  removeExtra?: boolean;
  only?: StoreName;
}

/** Rebuilds each derived store from its source, then compares the two. */
export function rebuildSteps(platform: Platform, { ready, exactOrder, removeExtra, only }: RebuildChoices): Step[] {
  return derivedStores(platform)
    .filter(({ name }) => only === undefined || only === name)
    .flatMap((store): Step[] => {
      const { name } = store;
      const at = elsewhere(platform, store.service);
      if (store.kind === 'container')
        return [{ id: `run-${name}`, action: 'runContainer', ...at, arguments: { store: name }, after: ready(store) }];
      const fail: Step[] =
        store.running === 'fail'
          ? [
              {
                id: `fail-running-${name}`,
                action: 'failRunningJobs',
                ...at,
                arguments: { store: name },
                after: ready(store),
              },
            ]
          : [];
      return [
        ...fail,
        {
          id: `rebuild-${name}`,
          action: 'rebuildQueue',
          ...at,
          arguments: { store: name, ...(removeExtra ? { removeExtra } : {}) },
          after: fail.length > 0 ? fail.map(({ id }) => id) : ready(store),
        },
        {
          id: `verify-${name}`,
          action: 'verifyQueue',
          ...at,
          arguments: { store: name, exactOrder },
          after: [`rebuild-${name}`],
        },
      ];
    });
}

/** A derived store alone, outside a restore. Failure: InvalidArgument when there is no such derived store. */
export function planRebuild(situation: {
  platform: Platform;
  platformFileHash: string;
  host: HostName;
  only?: StoreName;
  removeExtra?: boolean;
}): UnhashedPlan {
  const { platform, only, removeExtra } = situation;
  const stores = derivedStores(platform).filter(({ name }) => only === undefined || only === name);
  if (stores.length === 0)
    throw new Failure('InvalidArgument', {
      message:
        only === undefined
          ? 'The platform has no derived store'
          : `"${only}" is not a derived store of ${platform.platform}`,
      remedy: `Name a derived store of this platform: ${
        derivedStores(platform)
          .map(({ name }) => name)
          .join(', ') || 'none'
      }`,
    });
  const needed = new Set(stores.flatMap((store) => ('from' in store ? [store.name, store.from.store] : [store.name])));
  const wait = platform.stores
    .filter(({ name }) => needed.has(name))
    .map(({ name, service }): Step => ({
      id: `await-${name}`,
      action: 'awaitStore',
      ...elsewhere(platform, service),
      arguments: { store: name, timeoutSeconds: platform.restore.outageSeconds },
      after: [],
    }));
  return {
    version: 1,
    kind: 'rebuild',
    platform: platform.platform,
    host: situation.host,
    ...placesIn(platform),
    steps: [
      ...wait,
      ...rebuildSteps(platform, { ready: () => wait.map(({ id }) => id), exactOrder: false, removeExtra, only }),
    ],
    volumes: [],
    platformFileHash: situation.platformFileHash,
  };
}
