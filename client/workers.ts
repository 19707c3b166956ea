import type { Client } from '@temporalio/client';
import { workersOn } from '../config/temporal/workers.ts';

/** Whether a worker has asked for work on this queue within the last minute and a half. */
export async function isServed(client: Client, taskQueue: string, now?: number): Promise<boolean> {
  return (await workersOn(client, taskQueue, now)).length > 0;
}
