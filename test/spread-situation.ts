import type { DeploymentCapture, ObservedDeployment } from '../domain/deployment.ts';
import { deploymentOn, hostOf } from '../domain/hosts.ts';
import { mergeObserved } from '../domain/deployment-hosts.ts';
import type { RestoreSituation } from '../domain/plans/plan-restore.ts';
import type { Platform } from '../domain/platform.ts';
import { demoCapture, demoObserved, demoPlatform, demoSituation } from './demo-situation.ts';

/** The demo platform on two hosts: ZooKeeper and the executors lie on `other`, the rest on `machine`. */
export function spreadPlatform(name = 'demo'): Platform {
  const platform = demoPlatform(name);
  platform.deployment.host = 'machine';
  platform.deployment.hosts = { zookeeper: 'other', 'job-executor': 'other' };
  return platform;
}

/** What one host's engine has of it; both have a network of the same name. */
export function observedThere(host: string, platform = spreadPlatform()): ObservedDeployment {
  const all = demoObserved();
  const containers = all.containers.filter(({ service }) => hostOf(platform, service) === host);
  const volumes = all.volumes.filter(({ name }) => containers.some((container) => container.volumes.includes(name)));
  return { ...all, host, containers, volumes, networks: [{ name: 'demo_back', id: `n-${host}` }] };
}

export function spreadObserved(): ObservedDeployment {
  return mergeObserved(observedThere('machine'), [observedThere('other')]);
}

export function spreadSituation(change: Partial<RestoreSituation> = {}): RestoreSituation {
  return demoSituation({ platform: spreadPlatform(), observed: spreadObserved(), ...change });
}

/** What one host captures of it. */
export function capturedThere(host: string): DeploymentCapture {
  const { containers } = demoCapture();
  const { data, core, alsoStop } = deploymentOn(spreadPlatform().deployment, host);
  const here = containers.filter(({ service }) => [...data, ...core, ...alsoStop].includes(service));
  return {
    version: 1,
    takenAt: '2026-11-21T09:30:00Z',
    host,
    project: 'demo',
    containers: here.map((container) => ({ ...container, create: {} })),
    networks: [{ name: 'demo_back', create: { Subnet: host } }],
    volumes: here.flatMap(({ volumes }) => volumes.map((name) => ({ name, host, create: {} }))),
    files: [
      { path: '/etc/demo.conf', mode: 0o644, uid: 0, gid: 0, contentBase64: Buffer.from(host).toString('base64') },
    ],
  };
}
