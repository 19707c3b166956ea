import type { CaptureOutline, ObservedDeployment } from '../../domain/deployment.ts';
import { mergeObserved } from '../../domain/deployment-hosts.ts';
import type { PathsOfStores } from '../../domain/mounts.ts';
import type { HostName } from '../../domain/platform.ts';
import { mergeNodes, type NodeAsked } from '../../domain/swarm-nodes.ts';
import type { Stray } from '../../domain/strays.ts';
import type { Watch } from '../../domain/watch.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { findStorePaths, mergeStorePaths } from '../stores/store-paths.ts';
import { observeHere, otherHosts } from './observe-here.ts';
import { askedOfNode } from './nodes.ts';
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
export async function observeHosts(
  open: OpenPlatform,
  { capture, ...watch }: Watch & { capture?: CaptureOutline } = {},
): Promise<HostsSeen> {
  const others = otherHosts(open);
  const look = observeHere(open, watch.signal);
  const asked = Promise.all(
    others.map(async (host) => open.ask(host, 'observe', await askedFor(open, host, look, capture), watch)),
  );
  const [own, seen, ownStrays] = await Promise.all([look, asked, findStrays(open)]);
  const parts = seen.map(({ observed }) => observed);
  return {
    observed: isSwarm(open) ? mergeNodes(open.platform, own, parts) : mergeObserved(own, parts),
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

const isSwarm = ({ platform }: OpenPlatform) => platform.deployment.kind === 'swarm';

/** Only a node of a swarm must be told what to look for, and that takes the manager's answer. */
async function askedFor(
  open: OpenPlatform,
  host: HostName,
  look: Promise<ObservedDeployment>,
  capture?: CaptureOutline,
): Promise<{ node?: NodeAsked }> {
  return isSwarm(open) ? askedOfNode(open, host, await look, capture) : {};
}

/** What this host says when it is asked; `node`: as a swarm's node, what it is asked about. */
export async function seeHere(
  open: OpenPlatform,
  { node }: { node?: NodeAsked },
  { signal }: Watch,
): Promise<HostSeen> {
  const observed = await (node ? open.docker.observeNode(node, open.host) : observeHere(open, signal));
  const servers = node ? { containers: node.units } : observed;
  const [storePaths, strays] = await Promise.all([findStorePaths(open, servers), findStrays(open)]);
  return { observed, storePaths, fileHash: open.fileHash, strays };
}
