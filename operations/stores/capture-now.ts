import type { DeploymentCapture } from '../../domain/deployment.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { findStorePaths } from './store-paths.ts';

/** The deployment as it stands, and where its stores keep their data: what a later restore needs when nobody can be asked. */
export async function captureNow(open: OpenPlatform): Promise<DeploymentCapture> {
  const capture = await open.docker.capture(open.platform.deployment, open.host);
  return { ...capture, storePaths: await findStorePaths(open, capture) };
}
