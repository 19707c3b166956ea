import type { ObservedDeployment } from '../../domain/deployment.ts';
import { mergeObserved } from '../../domain/deployment-hosts.ts';
import type { PathsOfStores } from '../../domain/mounts.ts';
import type { HostName } from '../../domain/platform.ts';
import type { Stray } from '../../domain/strays.ts';
import type { Watch } from '../../domain/watch.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { findStorePaths, mergeStorePaths } from '../stores/store-paths.ts';
import { observeHere, otherHosts } from './observe-here.ts';
import { findStrays } from './find-strays.ts';
import type { HostSeen } from './questions.ts';

export interface HostsSeen {
  /** Of all hosts. */
  observed: ObservedDeployment;
  /** Where the stores keep their data, by all that the hosts say; `recorded`: what was recorded earlier. */
  storePaths: (recorded?: PathsOfStores) => Promise<PathsOfStores>;
  /** Hosts whose worker reads another platform file than this one. */
  otherFiles: HostName[];
  /** Services of the platform on another host than its file says. */
  strays: Stray[];
}

/** The platform as its engines have it now: every host is asked, and the answers are put together. */
export async function observeHosts(open: OpenPlatform, watch: Watch = {}): Promise<HostsSeen> {
  const others = otherHosts(open);
  const asked = Promise.all(others.map((host) => open.ask(host, 'observe', {}, watch)));
  const [own, seen, ownStrays] = await Promise.all([observeHere(open, watch.signal), asked, findStrays(open)]);
  return {
    observed: mergeObserved(
      own,
      seen.map(({ observed }) => observed),
    ),
    async storePaths(recorded = {}) {
      if (others.length === 0) return findStorePaths(open, own, recorded);
      const parts = [await findStorePaths(open, own), ...seen.map((each) => each.storePaths)];
      return mergeStorePaths(parts, recorded);
    },
    otherFiles: others.filter((_host, index) => seen[index]?.fileHash !== open.fileHash),
    strays: [
      ...ownStrays.map((stray) => ({ ...stray, host: open.host })),
      ...others.flatMap((host, index) => (seen[index]?.strays ?? []).map((stray) => ({ ...stray, host }))),
    ],
  };
}

/** What this host says when it is asked. */
export async function seeHere(open: OpenPlatform, { signal }: Watch): Promise<HostSeen> {
  const observed = await observeHere(open, signal);
  const [storePaths, strays] = await Promise.all([findStorePaths(open, observed), findStrays(open)]);
  return { observed, storePaths, fileHash: open.fileHash, strays };
}
