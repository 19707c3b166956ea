import type { CaptureOutline, DeploymentCapture, ObservedDeployment } from '../../domain/deployment.ts';
import { isFolder } from '../../domain/mounts.ts';
import { whatGoes } from '../../domain/plans/mount-fates.ts';
import type { HostName } from '../../domain/platform.ts';
import { nodeAsked, type NodeAsked } from '../../domain/swarm-nodes.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { findStorePaths } from '../stores/store-paths.ts';

/** What a node is asked, spread into the question; nothing where the other host knows its services itself. */
export function askedOfNode(
  { platform }: Pick<OpenPlatform, 'platform'>,
  node: HostName,
  { containers }: Pick<ObservedDeployment | DeploymentCapture, 'containers'>,
  capture?: Pick<CaptureOutline, 'containers'>,
): { node?: NodeAsked } {
  if (platform.deployment.kind !== 'swarm') return {};
  const there = new Set(containers.map(({ name }) => name));
  // Services that are gone have left their volumes.
  const gone = (capture?.containers ?? []).filter(({ name }) => !there.has(name));
  return { node: nodeAsked(platform, node, [...containers, ...gone.map((one) => ({ ...one, running: false }))]) };
}

/** A node's part of the capture, with where its stores keep their data, and the owners of folders that hold data. */
export async function captureOfNode(open: OpenPlatform, node: NodeAsked): Promise<DeploymentCapture> {
  const { docker, platform, host } = open;
  const [capture, storePaths] = await Promise.all([
    docker.captureNode(node, host),
    findStorePaths(open, { containers: node.units }),
  ]);
  const containers = node.units.map(({ image, ...unit }) => ({
    ...unit,
    image: { reference: image, digest: image },
    networks: [],
    restartPolicy: { name: 'no' as const, maximumRetryCount: 0 },
  }));
  const goes = whatGoes({ platform, observed: { containers: [] }, capture: { containers }, storePaths });
  const folders = [...goes].filter(isFolder);
  const [first] = node.units;
  if (folders.length === 0 || first === undefined) return { ...capture, storePaths };
  const captured = await docker.captureFolders({ platform: platform.platform, host, image: first.image, folders });
  return { ...capture, volumes: [...capture.volumes, ...captured], storePaths };
}
