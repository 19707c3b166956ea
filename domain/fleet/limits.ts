import type { FleetLimits, Member } from './fleet.ts';

type Place = Pick<Member, 'platform' | 'host' | 'repositories'>;

/**
 * Those of `waiting`, in their order, that may begin while `busy` are worked on. One that must wait for its host or its
 * repository lets others pass.
 */
export function whoMayBegin<M extends Place>(waiting: readonly M[], busy: readonly Place[], limits: FleetLimits): M[] {
  const { overall, perHost = Infinity, perRepository = Infinity } = limits;
  const hosts = new Map<string, number>();
  const repositories = new Map<string, number>();
  const take = ({ host, repositories: places }: Place) => {
    add(hosts, host);
    for (const place of new Set(places)) add(repositories, place);
  };
  busy.forEach(take);
  const chosen: M[] = [];
  for (const member of waiting) {
    if (busy.length + chosen.length >= overall) break;
    if (count(hosts, member.host) >= perHost) continue;
    if (member.repositories.some((place) => count(repositories, place) >= perRepository)) continue;
    chosen.push(member);
    take(member);
  }
  return chosen;
}

/** Why a platform whose turn has come does not begin; undefined: nothing keeps it. */
export function keptBy(member: Place, busy: readonly Place[], limits: FleetLimits): string | undefined {
  const { overall, perHost = Infinity, perRepository = Infinity } = limits;
  const { host } = member;
  if (busy.length >= overall) return `${overall} platforms are worked on (limits.overall)`;
  if (busy.filter((one) => one.host === host).length >= perHost)
    return `${perHost} on the host ${host} are worked on (limits.perHost)`;
  const full = member.repositories.find(
    (place) => busy.filter(({ repositories }) => repositories.includes(place)).length >= perRepository,
  );
  return full === undefined ? undefined : `${perRepository} of ${full} are worked on (limits.perRepository)`;
}

const count = (counts: Map<string, number>, key: string) => counts.get(key) ?? 0;
const add = (counts: Map<string, number>, key: string) => counts.set(key, count(counts, key) + 1);
