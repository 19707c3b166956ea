import {
  findHelperImage,
  outlineOf,
  type DeploymentCapture,
  type ObservedDeployment,
} from '../../domain/deployment.ts';
import { memoryLimitsIn } from '../../domain/drills/limits.ts';
import { hostOfScene } from '../../domain/drills/scene-host.ts';
import type { Image, SceneRoom } from '../../domain/drills/scene-room.ts';
import { sceneOf, type Scene } from '../../domain/drills/scene.ts';
import type { HostName, Platform } from '../../domain/platform.ts';
import type { Watch } from '../../domain/watch.ts';
import { placedBy } from '../hosts/place-on-nodes.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { sceneCapture } from './in-scene.ts';
import { sceneRoomOn } from './scene-room.ts';
import { secretsInScene } from './swarm-secrets.ts';

/** Where a recovery point's scene would be, and what there is for it. */
export interface Stage {
  /** The platform with its services on the hosts where their data lies. */
  open: OpenPlatform;
  /** The part of it that is rehearsed. */
  platform: Platform;
  /** Absent: the run's own host. */
  there?: HostName;
  scene: Scene;
  /** Names of the Swarm secrets that it needs. */
  secrets: string[];
  /** What must be on that host, where it is another one; else it has been there all along. */
  images: Image[];
  room: SceneRoom;
}

/** A drill, before its recovery point is known. */
export interface Staging {
  run: string;
  /** Of the scene. */
  id: string;
  observed: ObservedDeployment;
  partOf: (whole: Platform) => Platform;
}

/** Failures: InvalidArgument for what cannot be rehearsed; those of asking the scene's host. */
export async function stageScene(
  opened: OpenPlatform,
  whole: DeploymentCapture,
  { run, id, observed, partOf }: Staging,
  watch: Watch,
): Promise<Stage> {
  const open = placedBy(opened, observed, outlineOf(whole));
  const platform = partOf(open.platform);
  const there = hostOfScene(platform, opened.host);
  const host = there === undefined ? {} : { host: there };
  const scene = { ...sceneOf(platform, { run, id, limits: memoryLimitsIn(whole) }), ...host };
  const secrets = secretsInScene(whole, { platform, scene });
  // What is elsewhere in the platform may never have been on this engine.
  const inScene = there === undefined ? [] : sceneCapture(whole, { platform, scene }).containers;
  const images = inScene.map(({ image }) => image);
  const helper = there === undefined ? findHelperImage(platform.deployment, observed, outlineOf(whole)) : undefined;
  const room = await sceneRoomOn(open, there, { images, secrets, ...(helper !== undefined && { helper }) }, watch);
  return { open, platform, ...(there !== undefined && { there }), scene, secrets, images, room };
}
