import { findHelperImage, type DeploymentCapture } from '../../domain/deployment.ts';
import { deploymentOn } from '../../domain/hosts.ts';
import { isFolder } from '../../domain/mounts.ts';
import { whatGoes } from '../../domain/plans/mount-fates.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { findStorePaths } from './store-paths.ts';

/**
 * The deployment as it stands, where its stores keep their data, and the owners of bind-mounted folders with data: what a
 * later restore needs when nobody can be asked.
 */
export async function captureNow(open: OpenPlatform): Promise<DeploymentCapture> {
  const { docker, platform, host } = open;
  const capture = await docker.capture(deploymentOn(platform.deployment, host), host);
  const storePaths = await findStorePaths(open, capture);
  const goes = whatGoes({ platform, observed: { containers: [] }, capture, storePaths });
  const image = findHelperImage(deploymentOn(platform.deployment, host), { containers: [] }, capture);
  const folders = [...goes].filter(isFolder);
  if (folders.length === 0 || image === undefined) return { ...capture, storePaths };
  const captured = await docker.captureFolders({ platform: platform.platform, host, image, folders });
  return { ...capture, volumes: [...capture.volumes, ...captured], storePaths };
}
