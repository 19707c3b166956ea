import type { Client } from '@temporalio/client';
import { connectTemporal } from '../../client/connection.ts';
import { explained, isOutOfReach } from '../../config/temporal/refusals.ts';
import { deliverIncident } from '../../client/incidents.ts';
import type { Environment } from '../../config/environment.ts';
import type { IncidentInput } from '../../domain/incidents/incident.ts';

/** Who brings events to their workflows. */
export interface Courier {
  /** False: the incident is not open, and nobody waits for the event. Failures: TemporalUnreachable, MissingKey, …. */
  deliver(input: IncidentInput): Promise<boolean>;
  close(): Promise<void>;
}

/** One connection for all, made when it is needed and after each that was lost. */
export function temporalCourier(environment: Environment): Courier {
  let connecting: Promise<Client> | undefined;
  const drop = async (lost: Promise<Client> | undefined) => {
    if (connecting === lost) connecting = undefined;
    await lost?.then(({ connection }) => connection.close()).catch(() => undefined);
  };
  return {
    async deliver(input) {
      const connected = (connecting ??= connectTemporal(environment));
      connected.catch(() => drop(connected));
      const client = await connected;
      try {
        return await deliverIncident(client, environment.taskQueue, input);
      } catch (error) {
        // A lost connection retries less and less often: a new one recovers sooner.
        if (isOutOfReach(error)) await drop(connected);
        throw explained(error, environment);
      }
    },
    close: () => drop(connecting),
  };
}
