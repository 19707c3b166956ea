import { mergeNodes } from '../domain/swarm-nodes.ts';
import { withPlaces } from '../domain/swarm-places.ts';
import type { ObservedDeployment } from '../domain/deployment.ts';
import type { RestoreSituation } from '../domain/plans/plan-restore.ts';
import type { Platform } from '../domain/platform.ts';
import type { ObservedSwarm } from '../domain/swarm.ts';
import { demoCapture, demoObserved, demoPlatform, demoSituation } from './demo-situation.ts';

/** The demo platform as services of a swarm, `demo_elasticsearch` and so on; nobody has said yet where its data lies. */
export function swarmPlatform(name = 'demo'): Platform {
  const platform = demoPlatform(name);
  const { project: _, ...rules } = platform.deployment;
  return { ...platform, deployment: { ...rules, kind: 'swarm', stack: 'demo', secrets: {} } };
}

/** ZooKeeper's data lies on the node `other`. */
export const placesOfDemo = { main: 'machine', services: { zookeeper: 'other' } };

const unit = <T extends { service: string }>(container: T): T & { name: string } => ({
  ...container,
  name: `service:demo_${container.service}`,
});

/** One entry for each service, as a manager has them. */
function once<T extends { service: string }>(containers: readonly T[]): (T & { name: string })[] {
  return [...new Map(containers.map((container) => [container.service, unit(container)])).values()];
}

export function demoSwarm(): ObservedSwarm {
  const node = { role: 'manager', engineLabels: {}, platform: { os: 'linux', arch: 'x86_64' }, usable: true };
  const label = (service: string) => [`node.labels.${service}==true`];
  return {
    secrets: [],
    configs: [],
    nodes: [
      { ...node, id: 'n1', hostname: 'machine', labels: { elasticsearch: 'true' } },
      { ...node, id: 'n2', hostname: 'other', role: 'worker', labels: { zookeeper: 'true' } },
    ],
    thisNode: 'n1',
    notAttachable: [],
    lastNodes: { 'service:demo_elasticsearch': 'n1', 'service:demo_zookeeper': 'n2' },
    workerInContainer: false,
    workerNetworks: [],
    constraints: Object.fromEntries(
      demoObserved().containers.map(({ service }) => [
        `service:demo_${service}`,
        ['elasticsearch', 'zookeeper'].includes(service) ? label(service) : [],
      ]),
    ),
  };
}

/** What the manager sees: all services, and the volumes of its own engine. */
export function observedByManager(): ObservedDeployment {
  const observed = demoObserved();
  return {
    ...observed,
    host: 'machine',
    containers: once(observed.containers),
    volumes: observed.volumes.filter(({ name }) => !name.startsWith('demo_zk')),
    swarm: demoSwarm(),
  };
}

/** What the node sees: the volumes that it is asked about. */
export function observedByNode(): ObservedDeployment {
  const { volumes, engineVersion } = demoObserved();
  return {
    host: 'other',
    engineVersion,
    containers: [],
    volumes: volumes.filter(({ name }) => name.startsWith('demo_zk')),
    networks: [],
    otherContainers: [],
    otherNames: [],
  };
}

export function swarmSituation(change: Partial<RestoreSituation> = {}): RestoreSituation {
  const platform = withPlaces(swarmPlatform(), placesOfDemo);
  const { containers, ...capture } = demoCapture();
  const hostOf = (service: string) => (service === 'zookeeper' ? 'other' : 'machine');
  return demoSituation({
    platform,
    observed: mergeNodes(platform, observedByManager(), [observedByNode()]),
    capture: {
      ...capture,
      containers: once(containers).map((one) => ({ ...one, host: hostOf(one.service) })),
      volumes: capture.volumes.map(({ name }) => ({ name, host: name.startsWith('demo_zk') ? 'other' : 'machine' })),
    },
    ...change,
  });
}
