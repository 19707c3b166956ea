import type { Client } from '@temporalio/client';
import { connectTemporal } from '../client/connection.ts';
import { explained, isOutOfReach } from '../config/temporal/refusals.ts';
import type { Environment } from '../config/environment.ts';

/** One connection to Temporal for as long as the gateway runs, made when it is first needed. */
export interface TemporalLink {
  /** Failures: TemporalUnreachable, MissingKey, and those of `work`, explained. */
  readonly use: <T>(work: (client: Client) => Promise<T>) => Promise<T>;
  close(): Promise<void>;
}

/** Others may still be waiting for an answer by a connection that is given up. */
const leaveMs = 15_000;

export function temporalLink(environment: Environment): TemporalLink {
  let linked: Promise<Client> | undefined;
  const end = async (link: Promise<Client> | undefined) => {
    const client = await link?.catch(() => undefined);
    await client?.connection.close().catch(() => undefined);
  };
  const forget = (link: Promise<Client>) => {
    if (linked !== link) return;
    linked = undefined;
    setTimeout(() => void end(link), leaveMs).unref();
  };
  return {
    async use(work) {
      const link = (linked ??= connectTemporal(environment));
      try {
        return await work(await link);
      } catch (error) {
        // A lost connection retries less and less often: a new one recovers sooner.
        if (isOutOfReach(error) || (await isBroken(link))) forget(link);
        throw explained(error, environment);
      }
    },
    async close() {
      const link = linked;
      linked = undefined;
      await end(link);
    },
  };
}

const isBroken = (link: Promise<unknown>) =>
  link.then(
    () => false,
    () => true,
  );
