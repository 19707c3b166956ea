import type { CaptureOutline } from './deployment.ts';
import type { HostName, Platform, ServiceName, SwarmDeployment } from './platform.ts';
import { mayRunOn } from './placement.ts';
import { swarmNameOf, unitOf, type ObservedSwarm, type SwarmNode } from './swarm.ts';

/*
 * On which node of a swarm the data of each service lies. A local volume lies on the node whose engine made it, and only that
 * engine can set it aside; so the node's own worker does. The platform file does not say which node that is: the swarm does,
 * by the history of its tasks, and where a service is gone, its capture and its placement constraints.
 */

/** Data services that lie on other nodes than the manager's whose worker does all the rest. */
export interface SwarmPlaces {
  /** As `HostName` of the manager's worker. */
  main: HostName;
  services: Record<ServiceName, HostName>;
}

/** Where one data service lies, or will. */
export interface Placement {
  service: ServiceName;
  unit: string;
  host: HostName;
  /** Its data lay on this node, and Swarm does not start it there any more: it starts anew on `host`. */
  from?: string;
  /** Swarm may start it on any of these, each with a volume of its own. */
  among?: string[];
  /** It runs on all of these at once. */
  on?: string[];
}

interface PlacesSituation {
  deployment: SwarmDeployment;
  /** The manager's, as its worker is called. */
  host: HostName;
  swarm: ObservedSwarm;
  /** Of the recovery point, which knows services that are gone. */
  capture?: Pick<CaptureOutline, 'containers' | 'volumes'>;
}

/** Of every data service of which anything is known. */
export function placementsOf({ deployment, host, swarm, capture }: PlacesSituation): Placement[] {
  const nameOf = ({ id, hostname }: SwarmNode) => (id === swarm.thisNode ? host : hostname);
  return deployment.data.flatMap((service): Placement[] => {
    const unit = unitOf(swarmNameOf(deployment, service));
    const captured = capture?.containers.find(({ name }) => name === unit);
    const constraints = swarm.constraints[unit] ?? captured?.needs?.constraints;
    if (constraints === undefined) return [];
    const allowed = swarm.nodes.filter((node) => mayRunOn(node, constraints));
    const lay = swarm.lastNodes[unit] ?? capturedNode(swarm, nameOf, capture, unit);
    const last = swarm.nodes.find(({ id }) => id === lay);
    // None: Swarm may start it nowhere, or anywhere, which preflight says.
    const chosen = last && allowed.includes(last) ? last : allowed.length === 1 ? allowed[0] : undefined;
    const running = swarm.alsoOn?.[unit];
    const named = (id: string) => {
      const node = swarm.nodes.find((one) => one.id === id);
      return node ? nameOf(node) : id;
    };
    return [
      {
        service,
        unit,
        host: chosen ? nameOf(chosen) : host,
        ...(chosen && lay !== undefined && chosen.id !== lay && { from: named(lay) }),
        ...(allowed.length > 1 && { among: allowed.map(nameOf) }),
        ...(running && { on: running.map(named) }),
      },
    ];
  });
}

/** The node that its capture names, by id; by name where the swarm has lost it. */
function capturedNode(
  { nodes }: ObservedSwarm,
  nameOf: (node: SwarmNode) => string,
  capture: PlacesSituation['capture'],
  unit: string,
): string | undefined {
  const container = capture?.containers.find(({ name }) => name === unit);
  const volume = capture?.volumes.find(({ name }) => container?.volumes.includes(name));
  const name = container?.host ?? volume?.host;
  if (name === undefined) return undefined;
  return nodes.find((node) => nameOf(node) === name || node.hostname === name)?.id ?? name;
}

/** Those on other nodes than the manager's; undefined: none, and the platform is one of a single host. */
export function placesOn(placements: readonly Placement[], main: HostName): SwarmPlaces | undefined {
  const elsewhere = placements.filter(({ host }) => host !== main).map(({ service, host }) => [service, host] as const);
  return elsewhere.length === 0 ? undefined : { main, services: Object.fromEntries(elsewhere) };
}

/** The platform with its data services on these nodes: from then on it is one on several hosts. */
export function withPlaces(platform: Platform, places: SwarmPlaces | undefined): Platform {
  const { deployment } = platform;
  if (deployment.kind !== 'swarm') return platform;
  const { hosts: _, ...rest } = deployment;
  if (places === undefined) return { ...platform, deployment: rest };
  return { ...platform, deployment: { ...rest, host: places.main, hosts: places.services } };
}

/** The other way round, to be spread into a plan, a call or a question: nothing of a platform on one host. */
export function placesIn({ deployment }: Pick<Platform, 'deployment'>): { places?: SwarmPlaces } {
  const { kind, host, hosts } = deployment;
  return kind === 'swarm' && host !== undefined && hosts !== undefined
    ? { places: { main: host, services: hosts } }
    : {};
}

export function samePlaces(one: SwarmPlaces | undefined, other: SwarmPlaces | undefined): boolean {
  const text = (places: SwarmPlaces | undefined) =>
    JSON.stringify(Object.entries(places?.services ?? {}).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  return text(one) === text(other);
}
