import type { Client } from '@temporalio/client';
import { connectTemporal, explained } from '../client/connection.ts';
import { readUnderWay } from '../client/under-way.ts';
import type { Environment } from '../config/environment.ts';
import type { UnderWay } from '../domain/status/status.ts';

export interface TemporalReader {
  /** What runs and which schedules there are, of all platforms. Failures: TemporalUnreachable, InvalidArgument. */
  read(): Promise<UnderWay>;
  close(): Promise<void>;
}

export function temporalReader(environment: Environment): TemporalReader {
  let client: Client | undefined;
  const close = async () => {
    const open = client;
    client = undefined;
    await open?.connection.close();
  };
  return {
    close,
    async read() {
      try {
        // Nothing that is read here is ever encrypted, so no key is needed.
        const open = (client ??= await connectTemporal({ ...environment, payloadKeyFile: undefined }));
        return await readUnderWay(open, environment.taskQueue);
      } catch (error) {
        // A lost connection retries less and less often: a new one recovers sooner.
        await close();
        throw explained(error, environment);
      }
    },
  };
}
