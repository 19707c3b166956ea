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
  return `${version}+${existsSync(bundle) ? digestOf(await readFile(bundle, 'utf8')) : 'sources'}`;
}

/** Without the source map, which names the folder of the clone that was built. */
export function digestOf(bundle: string): string {
  const code = bundle.replace(/^\/\/# sourceMappingURL=.*$/m, '');
  return createHash('sha256').update(code).digest('hex').slice(0, 12);
}
