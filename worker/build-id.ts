import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { workflowBundles } from './bundles.ts';

/** What Temporal knows all workers of Rekindle by; versions are told apart by the build id. */
export const deploymentName = 'rekindle';

/**
 * The version with the first digits of the workflows' digest, `0.1.0+8c1f09ab42d1`: two builds of one version are told
 * apart as well. In a clone that was not built: `0.1.0+sources`.
 */
export async function buildIdOf(version: string): Promise<string> {
  // Whether payloads are encrypted does not change a version.
  const bundle = workflowBundles.plain;
  if (!existsSync(bundle)) return `${version}+sources`;
  return `${version}+${createHash('sha256')
    .update(await readFile(bundle))
    .digest('hex')
    .slice(0, 12)}`;
}
