import type { Desk } from '../client/desk.ts';
import type { Environment } from '../config/environment.ts';

/** Runs `work` at the desk that the environment names: a gateway's, or Temporal's, whose connection ends with it. */
export async function withDesk<T>(environment: Environment, work: (desk: Desk) => Promise<T>): Promise<T> {
  const { withTemporal } = await import('../client/connection.ts');
  const { temporalDesk } = await import('../client/temporal-desk.ts');
  const { taskQueue } = environment;
  return withTemporal(environment, (client) => work(temporalDesk({ client, taskQueue })));
}
