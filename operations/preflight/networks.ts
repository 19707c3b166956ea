import { failed, passed, type Check } from '../../domain/checks.ts';
import type { RestoreSituation } from '../../domain/plans/plan-restore.ts';

/** The engine's own, which are always there, and another container's. */
const builtIn = /^(bridge|host|none|default|container:.*)$/;

/** Every network that a container of the platform is on must exist, or be one that the capture can create again. */
export function checkNetworks({ observed, capture }: Pick<RestoreSituation, 'observed' | 'capture'>): Check {
  const users = new Map<string, string[]>();
  for (const { name, networks } of [...observed.containers, ...capture.containers])
    for (const network of networks.filter((each) => !builtIn.test(each)))
      users.set(network, [...new Set([...(users.get(network) ?? []), name])]);
  const present = new Set(observed.networks.map(({ name }) => name));
  const lost = [...users].filter(([network]) => !present.has(network) && !capture.networks.includes(network));
  if (lost.length > 0)
    return failed(
      'networks',
      lost
        .map(([network, names]) => `${network} (of ${names.join(', ')}) is missing, and the capture does not hold it`)
        .join('; '),
      `Create it as it was: ${lost.map(([network]) => `docker network create ${network}`).join('; ')}`,
    );
  const made = [...users.keys()].filter((network) => !present.has(network));
  return passed(
    'networks',
    made.length === 0
      ? `${users.size} of ${users.size} are present`
      : `${users.size - made.length} of ${users.size} are present; created from the capture: ${made.join(', ')}`,
  );
}
