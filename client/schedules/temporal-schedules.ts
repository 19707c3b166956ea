import { randomUUID } from 'node:crypto';
import {
  isGrpcServiceError,
  ScheduleNotFoundError,
  type Client,
  type ScheduleDescription,
  type ScheduleHandle,
} from '@temporalio/client';
import { msToTs, optionalTsToDate } from '@temporalio/common/lib/time.js';
import { Failure } from '../../domain/failures.ts';
import { scheduleId, scheduleKinds, schedulesQuery, type Schedule } from '../../domain/schedule/schedule.ts';
import type { LiveSchedule } from '../../domain/schedule/difference.ts';
import { decodeSchedule, encodeSchedule } from './encoding.ts';

/** A platform's schedule as Temporal has it, with its last and next starts. */
export interface FoundSchedule extends LiveSchedule {
  handle: ScheduleHandle;
  info: ScheduleDescription['info'];
  conflictToken: Uint8Array | undefined;
}

/** All schedules with the platform's prefix, by id. */
export async function readSchedules(client: Client, platform: string): Promise<FoundSchedule[]> {
  // Temporal's list lags behind, so the ids that Rekindle itself creates are looked up one by one.
  const ids = new Set<string>(scheduleKinds.map((kind) => scheduleId(platform, kind)));
  for await (const { scheduleId: id } of client.schedule.list({ query: schedulesQuery(platform) })) ids.add(id);
  const found = await Promise.all([...ids].map((id) => readSchedule(client, id)));
  return found.filter((one) => one !== undefined).toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

async function readSchedule(client: Client, id: string): Promise<FoundSchedule | undefined> {
  const handle = client.schedule.getHandle(id);
  try {
    const described = await handle.describe();
    const conflictToken = described.raw.conflictToken ?? undefined;
    return { ...decodeSchedule(described), handle, info: described.info, conflictToken };
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) return undefined;
    throw error;
  }
}

const madeBy = (platform: string) => `made by Rekindle: the platform file of ${platform} asks for it`;

export async function createSchedule(client: Client, schedule: Schedule, taskQueue: string): Promise<void> {
  const encoded = await encodeSchedule(client, schedule, taskQueue, { paused: false, note: madeBy(schedule.platform) });
  await asked(schedule, () =>
    client.workflowService.createSchedule({ ...common(client), scheduleId: schedule.id, schedule: encoded }),
  );
}

/** Keeps its pause and note. Has no effect when somebody changed the schedule since it was read: read it again. */
export async function updateSchedule(
  client: Client,
  schedule: Schedule,
  taskQueue: string,
  found: FoundSchedule,
): Promise<void> {
  const encoded = await encodeSchedule(client, schedule, taskQueue, found);
  await asked(schedule, () =>
    client.workflowService.updateSchedule({
      ...common(client),
      scheduleId: schedule.id,
      schedule: encoded,
      conflictToken: found.conflictToken,
    }),
  );
}

export async function removeSchedule({ handle }: FoundSchedule): Promise<void> {
  await handle.delete().catch((error: unknown) => {
    if (!(error instanceof ScheduleNotFoundError)) throw error;
  });
}

/** When a schedule starts something in this span, both ends included, as Temporal calculates it; at most 1,000 times. */
export async function matchingTimes(client: Client, id: string, from: Date, to: Date): Promise<Date[]> {
  const before = from.getTime() - 1;
  const { startTime } = await client.workflowService.listScheduleMatchingTimes({
    namespace: client.options.namespace,
    scheduleId: id,
    startTime: msToTs(before),
    endTime: msToTs(to.getTime()),
  });
  return startTime.map((time) => optionalTsToDate(time) ?? new Date(Number.NaN));
}

const common = ({ options }: Client) => ({
  namespace: options.namespace,
  identity: options.identity,
  requestId: randomUUID(),
});

/** The gRPC codes that are about the schedule itself. */
const codes = { invalidArgument: 3, alreadyExists: 6 };

async function asked(schedule: Schedule, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!isGrpcServiceError(error)) throw error;
    const code: number = error.code;
    // Somebody created it in the meantime: the next read finds it.
    if (code === codes.alreadyExists) return;
    if (code !== codes.invalidArgument) throw error;
    throw new Failure(
      'InvalidArgument',
      {
        message: `Temporal refuses the schedule ${schedule.id}: ${error.details}`,
        remedy: `Change its timing in the platform file of ${schedule.platform}; the server's time zone database may be older`,
      },
      { cause: error },
    );
  }
}
