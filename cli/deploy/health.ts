import type { Environment } from '../../config/environment.ts';
import { Failure } from '../../domain/failures.ts';
import type { ServiceName } from '../../domain/names.ts';
import { Interrupted } from '../interrupted.ts';
import { interruption } from '../interruption.ts';
import type { Output } from '../output.ts';

export interface Health {
  /** `null`: nobody can tell, or nobody asked. */
  healthy: boolean | null;
  failure?: Failure;
  interrupted?: true;
}

/** Those that run, before a command changes them; none where the engine cannot be asked, of which `seeHealth` tells. */
export async function seeRunning(environment: Environment, platform: string): Promise<ServiceName[]> {
  if (environment.gatewayUrl !== undefined) return [];
  const { runningServices } = await import('../../operations/services/await-health.ts');
  const { dependenciesOf } = await import('../../operations/open-platform.ts');
  try {
    return await runningServices(dependenciesOf(environment), platform);
  } catch (error) {
    if (error instanceof Failure) return [];
    throw error;
  }
}

/** Waits until the platform is healthy; Ctrl-C and SIGTERM end the waiting. What is found is an answer, also a failure. */
export async function seeHealth(
  environment: Environment,
  platform: string,
  { timeoutSeconds, ran }: { timeoutSeconds: number; ran: readonly ServiceName[] },
  { say }: Pick<Output, 'say'>,
): Promise<Health> {
  if (environment.gatewayUrl !== undefined) return { healthy: null, failure: notThroughGateway(platform) };
  const interrupt = interruption(platform);
  const ending = new AbortController();
  try {
    const { awaitHealth } = await import('../../operations/services/await-health.ts');
    const { dependenciesOf } = await import('../../operations/open-platform.ts');
    say(`Waiting until ${platform} is healthy, for at most ${timeoutSeconds} s`);
    const { signal } = ending;
    const seen = awaitHealth(dependenciesOf(environment), platform, { timeoutSeconds, ran, signal });
    say(await Promise.race([seen, interrupt.happened]));
    return { healthy: true };
  } catch (error) {
    if (error instanceof Interrupted) return { healthy: null, interrupted: true };
    if (!(error instanceof Failure)) throw error;
    const ill = error.kind === 'ServiceUnhealthy' || error.kind === 'ServiceNotFound';
    return { healthy: ill ? false : null, failure: error };
  } finally {
    ending.abort();
    interrupt.forget();
  }
}

function notThroughGateway(platform: string): Failure {
  return new Failure('HostWorkerMissing', {
    message: `Whether ${platform} is healthy cannot be told through a gateway`,
    remedy: 'Check it yourself, and deploy with --no-wait-health from now on, or on the host that runs the services',
  });
}
