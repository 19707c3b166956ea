import type { Environment } from '../config/environment.ts';
import { Failure } from '../domain/failures.ts';
import type { OpenPlatform } from '../operations/open-platform.ts';

/** For commands that need no Temporal. Failures: those of the platform file and of its secrets. */
export async function openPlatform(environment: Environment, platform: string): Promise<OpenPlatform> {
  const { dependenciesOf, openPlatform } = await import('../operations/open-platform.ts');
  return openPlatform(dependenciesOf(environment), platform);
}

/** For an option that no gateway offers. Failure: InvalidArgument with `--gateway`. */
export function assertHere({ gatewayUrl }: Environment, option: string): void {
  if (gatewayUrl === undefined) return;
  throw new Failure('InvalidArgument', {
    message: `${option} does not work through a gateway`,
    remedy: "Run the command on the platform's side, without --gateway and REKINDLE_GATEWAY_URL",
  });
}

/** The same, for commands that say whether the platform could be worked on. Also fails when two files name one thing. */
export async function openUndisputed(environment: Environment, platform: string): Promise<OpenPlatform> {
  const { assertUndisputed } = await import('../config/undisputed.ts');
  const open = await openPlatform(environment, platform);
  const { platformsFolder, variables, host } = environment;
  await assertUndisputed(platformsFolder, open.platform, { environment: variables, host });
  return open;
}
