import type { CopySituation } from '../../../../domain/copies/situation.ts';
import type { CopyWishes } from '../../../../domain/copies/wishes.ts';
import type { ObservedContainer } from '../../../../domain/deployment.ts';
import { copySituation, indexOf } from './samples.ts';

// A living platform with services that use its indices, into which some come back.

export const always = { name: 'always', maximumRetryCount: 0 } as const;
export const container = (service: string, more: Partial<ObservedContainer> = {}): ObservedContainer => ({
  name: `demo-${service}-1`,
  service,
  running: true,
  restartPolicy: always,
  image: 'i',
  volumes: [],
  mounts: [],
  networks: [],
  networkGone: false,
  sharesWith: [],
  ...more,
});

/** `there`: names of indices that stand on the platform now. */
export function living({
  there = ['nuvla-job', 'nuvla-user'],
  wishes = {},
  uses = { api: ['nuvla-*'], worker: ['jobs', 'other'] },
  containers = ['api', 'worker', 'distributor'].map((service) => container(service)),
}: {
  there?: string[];
  wishes?: Partial<CopyWishes>;
  uses?: Record<string, string[]>;
  containers?: ObservedContainer[];
} = {}): CopySituation {
  const base = copySituation({
    indices: [indexOf('nuvla-job', { aliases: ['jobs'] }), indexOf('nuvla-user')],
    wishes: { indices: ['nuvla-job'], existing: 'swap', stopUsers: true, ...wishes },
    seen: {
      indices: Object.fromEntries(there.map((name) => [name, { uuid: `u-${name}`, state: 'open' as const }])),
      aliases: there.includes('nuvla-job') ? { jobs: ['nuvla-job'] } : {},
    },
  });
  const { platform } = base;
  const deployment = { ...platform.deployment, core: ['api', 'worker', 'distributor'], alsoStop: [], uses };
  const stores = platform.stores.filter(({ kind }) => kind !== 'container');
  const own = { ...base.from, platform: platform.platform };
  return { ...base, from: own, platform: { ...platform, deployment, stores, smoke: [] }, containers };
}
