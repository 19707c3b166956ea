import type { StepOutcome } from '../../domain/plans/steps.ts';
import { Failure } from '../../domain/failures.ts';
import { servicesOf, storesOfKind, type ElasticsearchStore, type Platform } from '../../domain/platform.ts';
import type { StepCall } from '../../domain/runs/run.ts';
import type { Watch } from '../../domain/watch.ts';
import type { DeploymentCapture } from '../../domain/deployment.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { repositoryBucket } from '../repository/bucket-location.ts';
import { sceneCapture } from './in-scene.ts';
import { sceneOfCall } from './scene-steps.ts';

export interface Living {
  /** The living platform: it is asked where its storage is, and nothing else. */
  open: OpenPlatform;
  capture: DeploymentCapture;
}

/**
 * Makes the scene's network, and a way for each store: to its storage, and from the host into the scene. May be repeated. Failures: ImageMissing, ContainerFailed,
 * ServiceNotFound when the capture does not hold a store's service, MissingSecret.
 */
export async function openScene(
  { open, capture }: Living,
  call: Pick<StepCall<'openScene'>, 'scene' | 'run' | 'arguments'>,
  watch: Watch,
): Promise<StepOutcome> {
  const scene = sceneOfCall(call);
  const { platform, docker } = open;
  for (const network of sceneCapture(capture, { platform, scene }).networks) await docker.createNetwork(network);
  const ways: string[] = [];
  for (const store of storesOfKind(platform, 'elasticsearch')) {
    if (!call.arguments.stores.includes(store.name)) continue;
    const to = await storageOf(open, store, capture);
    const { image, networks: all } = serverOf(platform, store, capture);
    // What reaches nothing has nothing to do on the platform's networks.
    const networks = to === undefined ? [] : all;
    await docker.openWay({ scene, platform: platform.platform, store: store.name, to, image, networks }, watch);
    if (to !== undefined) ways.push(`${store.name} reaches ${to.host}:${to.port}`);
  }
  const out = ways.length === 0 ? 'nothing leaves it' : `nothing else leaves it: ${ways.join(', ')}`;
  return { summary: `Network ${scene.project}, and ${out}` };
}

/** Where a store's repository is kept, when that is a server; a repository of files is mounted. */
async function storageOf(
  open: OpenPlatform,
  store: ElasticsearchStore,
  capture: DeploymentCapture,
): Promise<{ host: string; port: number } | undefined> {
  if (store.repository.type === 'fs') return undefined;
  const bucket = await repositoryBucket({ ...open, captureOf: () => Promise.resolve(capture) }, store);
  if (bucket === undefined)
    throw new Failure('InvalidArgument', {
      message: `It is not known at which address ${store.name} keeps its repository (type ${store.repository.type})`,
      remedy: 'Name repository.settings.endpoint, and the keys for it, in the platform file',
    });
  const { protocol, hostname, port } = new URL(bucket.endpoint ?? `https://s3.${bucket.region}.amazonaws.com`);
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) || (protocol === 'http:' ? 80 : 443) };
}

function serverOf({ platform }: Platform, store: ElasticsearchStore, capture: DeploymentCapture) {
  const found = capture.containers.find(({ service }) => servicesOf(store).includes(service));
  if (found) return found;
  throw new Failure('ServiceNotFound', {
    message: `The capture holds no container of "${store.service}", so no drill of ${platform} can be made from it`,
    remedy: 'Choose a recovery point whose capture holds it',
  });
}
