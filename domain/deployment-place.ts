import { listed } from './listed.ts';
import type { Deployment, HostName } from './platform.ts';
import { namedServices } from './swarm.ts';

// What differs between the kinds of deployment where only names and words are wanted.

/** How the platform is told from others on the same engine: its Compose project, or its Swarm stack or first service. */
export function placeOfDeployment(deployment: Deployment): string {
  if (deployment.kind === 'compose') return deployment.project;
  if (deployment.kind === 'none') return '';
  return `swarm/${deployment.stack ?? [...namedServices(deployment).keys()][0] ?? ''}`;
}

/** The services or the project that two deployments on one host both call their own, in words; undefined: none. */
export function sharedDeployment(one: Deployment, other: Deployment, host: HostName): string | undefined {
  if (one.kind === 'swarm' && other.kind === 'swarm') {
    const named = namedServices(other);
    const shared = [...namedServices(one).keys()].filter((service) => named.has(service));
    return shared.length === 0 ? undefined : `the Swarm services ${listed(shared)} on the host "${host}"`;
  }
  if (one.kind === 'compose' && other.kind === 'compose' && one.project === other.project)
    return `the Compose project "${one.project}" (deployment.project) on the host "${host}"`;
  return undefined;
}

/** The command that brings up what is missing from the platform's own files. */
export function bringUpCommand(deployment: Deployment): string {
  if (deployment.kind === 'none') return 'whatever deploys its servers';
  return deployment.kind === 'compose'
    ? `the platform's Compose file ("docker-compose -p ${deployment.project} up -d")`
    : `the platform's stack file ("docker stack deploy -c FILE ${deployment.stack ?? 'STACK'}")`;
}
