import type { Schedule } from './schedule.ts';
import { fingerprint } from './fingerprint.ts';
import { recurrenceText, type Recurrence } from './recurrence.ts';

/** Everything that Rekindle sets on a schedule in Temporal, in readable form; compared as text. */
export interface ScheduleFields {
  timing: string;
  'time zone': string;
  /** Which clock it uses: the zone's or its own. */
  clock: string;
  jitter: string;
  'catch-up window': string;
  overlap: string;
  'pause on failure': string;
  workflow: string;
  'workflow id': string;
  'task queue': string;
  input: string;
  /** Settings that Rekindle never uses: an end, excluded times, a number of remaining starts. */
  'anything else': string;
}

export type FieldName = keyof ScheduleFields;

export function fieldsOf(schedule: Schedule, taskQueue: string): ScheduleFields {
  const { kind, platform, recurrence, timeZone, zoneData, jitterSeconds, catchUpSeconds } = schedule;
  return makeFields({
    recurrence,
    timeZone,
    zoneData,
    jitterSeconds,
    catchUpSeconds,
    overlap: 'skip',
    pauseOnFailure: false,
    workflow: kind,
    workflowId: `${kind}/${platform}`,
    taskQueue,
    input: [{ platform }],
    others: [],
  });
}

/** Both the wanted and the stored schedule pass through here, so that equal ones compare equal. */
export function makeFields(facts: {
  recurrence: Recurrence;
  timeZone: string;
  zoneData: string | undefined;
  jitterSeconds: number;
  catchUpSeconds: number;
  overlap: string;
  pauseOnFailure: boolean;
  workflow: string;
  workflowId: string;
  taskQueue: string;
  input: readonly unknown[];
  others: readonly string[];
}): ScheduleFields {
  const { zoneData, input, others } = facts;
  return {
    timing: recurrenceText(facts.recurrence),
    'time zone': facts.timeZone || 'UTC',
    clock: zoneData === undefined ? "the time zone's" : `its own (${fingerprint(zoneData).toString(16)})`,
    jitter: `${facts.jitterSeconds} s`,
    'catch-up window': `${facts.catchUpSeconds} s`,
    overlap: facts.overlap,
    'pause on failure': facts.pauseOnFailure ? 'yes' : 'no',
    workflow: facts.workflow,
    'workflow id': facts.workflowId,
    'task queue': facts.taskQueue,
    input: input.map((argument) => JSON.stringify(argument)).join(', '),
    'anything else': others.length === 0 ? 'nothing' : others.toSorted().join(', '),
  };
}
