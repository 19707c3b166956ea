import { failed, type Check } from '../../domain/checks.ts';
import type { RestoreSituation } from '../../domain/plans/plan-restore.ts';
import type { HostName } from '../../domain/platform.ts';
import { observe } from '../observation.ts';
import { otherHosts } from '../hosts/observe-here.ts';
import type { HostPreflight } from '../hosts/questions.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { checkHost, type HostCheckOptions } from './host-checks.ts';

export interface HostsChecked extends Pick<HostPreflight, 'versions' | 'nodes' | 'ofStores'> {
  /** Secrets and images. */
  before: Check[];
  disk: Check[];
}

/** The checks that each host makes for itself. Those of other hosts name theirs. Failure: `DockerUnreachable`. */
export async function checkEveryHost(
  open: OpenPlatform,
  situation: RestoreSituation,
  { scratch, ...watch }: HostCheckOptions,
): Promise<HostsChecked> {
  const { manifest, volumes, versions, observed, storePaths } = situation;
  const asked = { recoveryPoint: manifest.id, volumes, scratch, versions, observed, storePaths };
  const work = [
    checkHost(open, situation, { scratch, ...watch }),
    ...otherHosts(open).map(async (host) => {
      const answer = await observe(() => open.ask(host, 'preflight', asked, watch));
      return 'seen' in answer ? named(host, answer.seen) : unable(host, answer);
    }),
  ];
  await Promise.allSettled(work);
  const hosts = await Promise.all(work);
  const isDisk = ({ name }: Check) => /^disk( on |$)/.test(name);
  const ofHosts = hosts.flatMap(({ ofHost }) => ofHost);
  return {
    before: ofHosts.filter((check) => !isDisk(check)),
    disk: ofHosts.filter(isDisk),
    ofStores: hosts.flatMap(({ ofStores }) => ofStores),
    versions: Object.assign({}, ...hosts.map((host) => host.versions)) as HostsChecked['versions'],
    nodes: together(hosts),
  };
}

/** The nodes of one Elasticsearch may lie on several hosts. */
function together(hosts: readonly HostPreflight[]): HostPreflight['nodes'] {
  const nodes: HostPreflight['nodes'] = {};
  for (const host of hosts)
    for (const [store, found] of Object.entries(host.nodes)) nodes[store] = [...(nodes[store] ?? []), ...found];
  return nodes;
}

function named(host: HostName, answer: HostPreflight): HostPreflight {
  return { ...answer, ofHost: answer.ofHost.map((check) => ({ ...check, name: `${check.name} on ${host}` })) };
}

/** What could not be checked is no pass. */
function unable(
  host: HostName,
  answer: { failure: { message: string; remedy: string } } | { unseen: string },
): HostPreflight {
  const { message, remedy } = 'failure' in answer ? answer.failure : { message: answer.unseen, remedy: 'Check again' };
  return { ofHost: [failed(`host ${host}`, message, remedy)], ofStores: [], versions: {}, nodes: {} };
}
