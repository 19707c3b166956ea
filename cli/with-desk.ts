import type { Desk } from '../client/desk.ts';
import type { FleetDesk } from '../client/fleet-desk.ts';
import type { Environment } from '../config/environment.ts';
import type { PlatformDesk } from './platform-desk.ts';

/** Runs `work` at the desk that the environment names: a gateway's, or Temporal's, whose connection ends with it. */
export async function withDesk<T>(environment: Environment, work: (desk: Desk) => Promise<T>): Promise<T> {
  if (environment.gatewayUrl !== undefined) {
    const { openGateway } = await import('./gateway/client.ts');
    const { gatewayDesk } = await import('./gateway/desk.ts');
    return work(gatewayDesk(await openGateway(environment)));
  }
  const { withTemporal } = await import('../client/connection.ts');
  const { temporalDesk } = await import('../client/temporal-desk.ts');
  const { taskQueue } = environment;
  return withTemporal(environment, (client) => work(temporalDesk({ client, taskQueue })));
}

/** The same for restores of fleets. */
export async function withFleetDesk<T>(environment: Environment, work: (desk: FleetDesk) => Promise<T>): Promise<T> {
  if (environment.gatewayUrl !== undefined) {
    const { openGateway } = await import('./gateway/client.ts');
    const { gatewayFleetDesk } = await import('./gateway/fleet-desk.ts');
    return work(gatewayFleetDesk(await openGateway(environment)));
  }
  const { withTemporal } = await import('../client/connection.ts');
  const { temporalFleetDesk } = await import('../client/fleet-desk.ts');
  return withTemporal(environment, (client) => work(temporalFleetDesk(client)));
}

/** The same for platforms and their catalogues: of a gateway, or of what is at hand here. */
export async function platformDesk(environment: Environment): Promise<PlatformDesk> {
  if (environment.gatewayUrl === undefined) {
    const { localPlatformDesk } = await import('./local-platform-desk.ts');
    return localPlatformDesk(environment);
  }
  const { openGateway } = await import('./gateway/client.ts');
  const { gatewayPlatformDesk } = await import('./gateway/platform-desk.ts');
  return gatewayPlatformDesk(await openGateway(environment));
}
