import type { Environment } from '../config/environment.ts';
import type { OpenPlatform } from '../operations/open-platform.ts';

/** For commands that need no Temporal. Failures: those of the platform file and of its secrets. */
export async function openPlatform(environment: Environment, platform: string): Promise<OpenPlatform> {
  const { dependenciesOf, openPlatform } = await import('../operations/open-platform.ts');
  return openPlatform(dependenciesOf(environment), platform);
}
