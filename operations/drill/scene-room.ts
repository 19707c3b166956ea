import { failed, passed, type Check } from '../../domain/checks.ts';
import type { Image, SceneRoom, SceneRoomAsked } from '../../domain/drills/scene-room.ts';
import type { HostName } from '../../domain/platform.ts';
import type { Watch } from '../../domain/watch.ts';
import { observe } from '../observation.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { checkDrillNetwork } from './network.ts';
import { availableMemory } from './room.ts';
import { secretsOf } from './swarm-secrets.ts';

/** What the host has for a scene. Answered by the host itself, also to another one. Failure: DockerUnreachable. */
export async function sceneRoomHere(
  open: OpenPlatform,
  { images, secrets, helper }: SceneRoomAsked,
  watch: Watch,
): Promise<SceneRoom> {
  const { docker, platform } = open;
  const missing: SceneRoom['missing'] = [];
  const noteFault = (what: SceneRoom['missing'][number]['what'], seen: Awaited<ReturnType<typeof observe>>) => {
    if ('failure' in seen) missing.push({ what, message: seen.failure.message, remedy: seen.failure.remedy });
  };
  // One after the other: what is pulled shares layers.
  const present: string[] = [];
  for (const image of images) {
    const seen = await observe(() => docker.ensureImage(image, watch));
    if ('seen' in seen) present.push(seen.seen);
    noteFault('images', seen);
  }
  for (const name of secrets) noteFault('secrets', await observe(() => secretsOf(open, [name])));
  const image = helper ?? present[0];
  const task = { platform: platform.platform, volumes: [], folders: [], ...watch };
  const disk = image === undefined ? undefined : await docker.measureDisk({ ...task, image });
  return {
    availableBytes: await availableMemory(),
    processors: (await docker.ping()).processors,
    network: await checkDrillNetwork(open),
    ...(disk && { disk: { totalBytes: disk.totalBytes, freeBytes: disk.freeBytes } }),
    ...(docker.remote && { remote: true }),
    missing,
  };
}

/** The same of the host where the scene will be. Failures: HostWorkerMissing; those of the answer. */
export async function sceneRoomOn(
  open: OpenPlatform,
  host: HostName | undefined,
  asked: SceneRoomAsked,
  watch: Watch,
): Promise<SceneRoom> {
  if (host === undefined || host === open.host) return sceneRoomHere(open, asked, watch);
  await open.assertWorkers?.([host]);
  return open.ask(host, 'sceneRoom', asked, watch);
}

/** Whether a scene can be made there at all; its memory and disk are checked with figures. */
export function checkSceneHost({ remote, missing }: SceneRoom, images: readonly Image[], host: HostName): Check[] {
  const away = remote
    ? [
        failed(
          'drill host',
          `${host} is reached by its engine's endpoint alone, and servers in a scene listen nowhere but on its network`,
          `Run a worker on ${host}, or name another host in drill.host`,
        ),
      ]
    : [];
  const faults = (['images', 'secrets'] as const).flatMap((what) => {
    const found = missing.filter((one) => one.what === what);
    const words = [...new Set(found.map(({ message }) => message))].join('; ');
    if (found.length > 0)
      return [
        failed(`drill ${what}`, `On ${host}: ${words}`, [...new Set(found.map(({ remedy }) => remedy))].join('; ')),
      ];
    if (what === 'secrets' || images.length === 0) return [];
    return [passed('drill images', `On ${host}: ${images.map(({ reference }) => reference).join(', ')}`)];
  });
  return [...away, ...faults];
}
