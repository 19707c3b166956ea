import type { Client } from '@temporalio/client';
import { Failure } from '../../domain/failures.ts';
import type { Schedule } from '../../domain/schedule/schedule.ts';
import { compareSchedules, type ScheduleChange } from '../../domain/schedule/difference.ts';
import { fieldsOf } from '../../domain/schedule/fields.ts';
import {
  createSchedule,
  readSchedules,
  removeSchedule,
  updateSchedule,
  type FoundSchedule,
} from './temporal-schedules.ts';

export interface Compared {
  found: FoundSchedule[];
  changes: ScheduleChange[];
}

/** Compares Temporal's schedules of a platform with those of its file. Changes nothing. */
export async function compareWithTemporal(
  client: Client,
  platform: string,
  wanted: readonly Schedule[],
  taskQueue: string,
): Promise<Compared> {
  const found = await readSchedules(client, platform);
  const fields = wanted.map((schedule) => ({ id: schedule.id, fields: fieldsOf(schedule, taskQueue) }));
  return { found, changes: compareSchedules(fields, found) };
}

/** Temporal silently drops an update that collides with somebody else's, so it is tried this many times. */
const attempts = 3;

/**
 * Makes Temporal's schedules match the file, and verifies that they do. `show` gets the differences before anything is
 * changed. Failure: Internal, when they still differ after several attempts.
 */
export async function applySchedules(
  client: Client,
  platform: string,
  wanted: readonly Schedule[],
  taskQueue: string,
  show: (changes: ScheduleChange[]) => void,
): Promise<Compared> {
  let compared = await compareWithTemporal(client, platform, wanted, taskQueue);
  show(compared.changes);
  for (let attempt = 0; attempt < attempts && !isDone(compared); attempt++) {
    for (const { id, change } of compared.changes) {
      const schedule = wanted.find((one) => one.id === id);
      const found = compared.found.find((one) => one.id === id);
      if (change === 'create' && schedule) await createSchedule(client, schedule, taskQueue);
      if (change === 'update' && schedule && found) await updateSchedule(client, schedule, taskQueue, found);
      if (change === 'remove' && found) await removeSchedule(found);
    }
    compared = await compareWithTemporal(client, platform, wanted, taskQueue);
  }
  if (isDone(compared)) return compared;
  const open = compared.changes.filter(({ change }) => change !== 'none').map(({ id }) => id);
  throw new Failure('Internal', {
    message: `Temporal did not keep the changes to ${open.join(', ')}`,
    remedy: 'Someone may be changing it at the same time: check with "rekindle schedule … show", and apply again',
  });
}

const isDone = ({ changes }: Compared) => changes.every(({ change }) => change === 'none');
