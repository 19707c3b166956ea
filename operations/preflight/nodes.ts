import { passed, warned, type Check } from '../../domain/checks.ts';
import { isGivenAddress, servicesOf } from '../../domain/platform.ts';
import type { StoreSeen } from './observe-store.ts';

/** How many nodes the restored cluster must have, and whether the platform file names all of them. */
export function checkNodeCount({ store, nodes, elasticsearch }: StoreSeen): Check {
  const name = `nodes ${store.name}`;
  const { containers, captured, atBackup, awaited } = nodes;
  const living =
    'seen' in elasticsearch && elasticsearch.seen.from === 'living' ? elasticsearch.seen.identity : undefined;
  const evidence = `${awaited} will be awaited; at the backup there were ${atBackup ?? 'an unknown number of'} nodes`;
  const most = Math.max(atBackup ?? 0, living?.nodes.length ?? 0);
  if (!isGivenAddress(store) && most > Math.max(containers, captured))
    return warned(
      name,
      `${evidence}; the cluster had ${most} nodes, and ${servicesOf(store).join(', ')} has ${containers} containers`,
      `Name the services of all nodes in "service" of the store ${store.name}: only these are given their secrets and are checked for their settings`,
    );
  if (containers !== captured && captured > 0)
    return warned(
      name,
      `${evidence}; its services have ${containers} containers now and had ${captured} in the capture`,
      'If nodes were lost, create their containers with Docker Compose before the restore',
    );
  return passed(name, evidence);
}
