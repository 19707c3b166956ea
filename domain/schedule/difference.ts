import type { FieldName, ScheduleFields } from './fields.ts';

/** A schedule as stored in Temporal. */
export interface LiveSchedule {
  id: string;
  fields: ScheduleFields;
  /** What Rekindle last applied, stored with it; undefined: Rekindle did not create it. */
  applied?: ScheduleFields;
  paused: boolean;
  note: string;
}

/** Why a field differs: the file changed since the last apply, or someone changed it in Temporal. */
export type Cause = 'file' | 'hand';

export interface FieldChange {
  field: FieldName;
  is: string;
  wanted: string;
  cause: Cause;
}

export type ScheduleChange =
  | { id: string; change: 'create'; fields: ScheduleFields }
  | { id: string; change: 'update'; fields: FieldChange[] }
  | { id: string; change: 'remove'; fields: ScheduleFields }
  | { id: string; change: 'none' };

/** The changes that make Temporal match the file, by id. The paused state and the note do not count. */
export function compareSchedules(
  wanted: readonly { id: string; fields: ScheduleFields }[],
  live: readonly LiveSchedule[],
): ScheduleChange[] {
  const changes = wanted.map(({ id, fields }): ScheduleChange => {
    const found = live.find((one) => one.id === id);
    if (found === undefined) return { id, change: 'create', fields };
    const differing = differences(found, fields);
    return differing.length === 0 ? { id, change: 'none' } : { id, change: 'update', fields: differing };
  });
  const surplus = live.filter(({ id }) => !wanted.some((one) => one.id === id));
  return [...changes, ...surplus.map(({ id, fields }): ScheduleChange => ({ id, change: 'remove', fields }))].toSorted(
    (a, b) => (a.id < b.id ? -1 : 1),
  );
}

function differences(live: LiveSchedule, wanted: ScheduleFields): FieldChange[] {
  return (Object.keys(wanted) as FieldName[])
    .filter((field) => live.fields[field] !== wanted[field])
    .map((field) => ({
      field,
      is: live.fields[field],
      wanted: wanted[field],
      cause: live.applied?.[field] === live.fields[field] ? 'file' : 'hand',
    }));
}

/** True when someone changed the schedule in Temporal: `apply` reverts that. */
export function isDrift(change: ScheduleChange): boolean {
  return change.change === 'update' && change.fields.some(({ cause }) => cause === 'hand');
}
