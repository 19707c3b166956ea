import type { CaptureOutline, DeploymentCapture } from '../../domain/deployment.ts';
import { outlineOf } from '../../domain/deployment.ts';
import { mergeCaptures } from '../../domain/deployment-hosts.ts';
import { Failure } from '../../domain/failures.ts';
import { mergeNodeCaptures, type NodeAsked } from '../../domain/swarm-nodes.ts';
import type { Watch } from '../../domain/watch.ts';
import { decrypt, encrypt } from '../../systems/encryption/age.ts';
import { decodeJson, encodeJson } from '../json.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { captureNow } from '../stores/capture-now.ts';
import { mergeStorePaths } from '../stores/store-paths.ts';
import { askedOfNode, captureOfNode } from './nodes.ts';
import { otherHosts } from './observe-here.ts';

/**
 * The deployment as it stands on all hosts. The others keep their parts among the run's objects, encrypted, since a capture
 * holds secrets and must not pass through Temporal. `owner`: as the run's objects are named; its remover removes them too.
 */
export async function captureEverywhere(
  open: OpenPlatform,
  owner: string,
  watch: Watch = {},
): Promise<DeploymentCapture> {
  const others = otherHosts(open);
  if (others.length === 0) return captureNow(open);
  const partOf = (host: string) => `part-${host}.age`;
  const look = captureNow(open);
  const [own, ...parts] = await Promise.all([
    look,
    ...others.map(async (host) => {
      const asked = open.platform.deployment.kind === 'swarm' ? askedOfNode(open, host, await look) : {};
      await open.ask(host, 'capture', { owner, name: partOf(host), ...asked }, watch);
      const part = await open.catalogue.findRunObject(owner, partOf(host));
      if (part === undefined) throw notShared(open, host);
      return decodeJson(await decrypt(part, await open.identity())) as DeploymentCapture;
    }),
  ]);
  const storePaths = mergeStorePaths(
    [own, ...parts].map((part) => part.storePaths ?? {}),
    {},
  );
  const { platform } = open;
  const merged =
    platform.deployment.kind === 'swarm' ? mergeNodeCaptures(platform, own, parts) : mergeCaptures(own, parts);
  return { ...merged, storePaths };
}

/** Of a platform on several hosts, names alone: nothing is kept for it. */
export async function outlineEverywhere(open: OpenPlatform): Promise<CaptureOutline> {
  const own = await captureNow(open);
  const parts = await Promise.all(
    otherHosts(open).map((host) => open.ask(host, 'outline', askedOfNode(open, host, own))),
  );
  if (parts.length === 0) return outlineOf(own);
  const named = outlineOf(mergeCaptures(own, []));
  return {
    ...named,
    containers: [
      ...named.containers.map((one) => ({ ...one, host: own.host })),
      ...parts.flatMap(({ containers }) => containers),
    ],
    networks: [...new Set([named, ...parts].flatMap(({ networks }) => networks))],
    volumes: [named, ...parts].flatMap(({ volumes }) => volumes),
    storePaths: mergeStorePaths(
      [named, ...parts].map((part) => part.storePaths ?? {}),
      {},
    ),
  };
}

/** Its part of the deployment, when this host is asked for it. */
export async function capturePart(
  open: OpenPlatform,
  { owner, name, node }: { owner: string; name: string; node?: NodeAsked },
): Promise<{ containers: number }> {
  const capture = await (node ? captureOfNode(open, node) : captureNow(open));
  await open.catalogue.putRunObject(owner, name, await encrypt(encodeJson(capture), await open.identity()));
  return { containers: capture.containers.length };
}

function notShared({ catalogue, host }: OpenPlatform, other: string): Failure {
  return new Failure('CatalogueRefused', {
    message: `What ${other} wrote to the catalogue (${catalogue.description}) is not there for ${host}`,
    remedy: 'Keep the catalogue of a platform on several hosts in a bucket, or in a folder that all of them share',
  });
}
