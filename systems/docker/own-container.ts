import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import type { ContainerInspectInfo } from 'dockerode';
import type Docker from 'dockerode';
import { ifThere } from './failures.ts';

/** The container in which this process itself runs, if it runs in one of this engine's; else `undefined`. */
export async function ownContainer(docker: Docker): Promise<ContainerInspectInfo | undefined> {
  const mounts = await readFile('/proc/self/mountinfo', 'utf8').catch(() => '');
  for (const id of [idFromMounts(mounts), idFromHostName(hostname())]) {
    if (id === undefined) continue;
    const found = await ifThere(docker.getContainer(id).inspect());
    if (found?.State.Running === true) return found;
  }
  return undefined;
}

/**
 * The engine mounts `<root>/containers/<id>/hostname` on `/etc/hostname` inside a container. Other lines with such ids
 * are seen from the host, too, and say nothing about this process.
 */
export function idFromMounts(mountinfo: string): string | undefined {
  return /\/containers\/([0-9a-f]{64})\/\S+ \/etc\/(?:hostname|hosts|resolv\.conf) /.exec(mountinfo)?.[1];
}

function idFromHostName(name: string): string | undefined {
  return /^[0-9a-f]{12}$/.test(name) ? name : undefined;
}
