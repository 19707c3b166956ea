import { engine, eventually, nameOf } from '../stack/engine.ts';
import type { Facts } from './oracle.ts';

/** What is on the engine, by name. */
export async function engineFacts(): Promise<Pick<Facts, 'containers' | 'networks' | 'volumes'>> {
  const docker = engine();
  const [containers, networks, { Volumes }] = await Promise.all([
    docker.listContainers({ all: true }),
    docker.listNetworks(),
    docker.listVolumes(),
  ]);
  return {
    containers: containers.map(nameOf).toSorted(),
    networks: networks.map(({ Name }) => Name).toSorted(),
    volumes: Volumes.map(({ Name }) => Name).toSorted(),
  };
}

const lookSeconds = 60;

/**
 * Once a run has ended, its quarantine measures what it keeps, in a container that goes by itself: it was not left behind.
 * One that is still there after a minute was.
 */
export async function withoutPassing(before: Facts, after: Facts): Promise<Facts> {
  let { containers } = after;
  await eventually('what the quarantine measures', lookSeconds, async () => {
    const there = new Set((await engineFacts()).containers);
    containers = containers.filter((name) => there.has(name));
    const more = containers.filter((name) => !before.containers.includes(name));
    if (more.length > 0) throw new Error(`there are still ${more.join(', ')}`);
  }).catch(() => undefined);
  return { ...after, containers };
}
