import { findHelperImage, type DeploymentCapture } from '../../domain/deployment.ts';
import { deploymentOn, hostOf, isSpread } from '../../domain/hosts.ts';
import { isFolder } from '../../domain/mounts.ts';
import { whatGoes } from '../../domain/plans/mount-fates.ts';
import { seenFrom } from '../hosts/observe-here.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { findStorePaths } from './store-paths.ts';

/**
 * The deployment as it stands, where its stores keep their data, and the owners of bind-mounted folders with data: what a
 * later restore needs when nobody can be asked.
 */
export async function captureNow(open: OpenPlatform): Promise<DeploymentCapture> {
  const { docker, platform, host } = open;
  const capture = await docker.capture(seenFrom(open), host);
  const storePaths = await findStorePaths(open, capture);
  // A swarm's manager knows all services, and has the folders of its own disk alone.
  const here = capture.containers.filter(({ service }) => !isSpread(platform) || hostOf(platform, service) === host);
  const goes = whatGoes({ platform, observed: { containers: [] }, capture: { containers: here }, storePaths });
  const image = findHelperImage(deploymentOn(platform.deployment, host), { containers: [] }, capture);
  const folders = [...goes].filter(isFolder);
  if (folders.length === 0 || image === undefined) return { ...capture, storePaths };
  const captured = await docker.captureFolders({ platform: platform.platform, host, image, folders });
  return { ...capture, volumes: [...capture.volumes, ...captured], storePaths };
}
