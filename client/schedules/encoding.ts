import type { Client, ScheduleDescription } from '@temporalio/client';
// The SDK's schedule options have no time zone data, so the request is assembled here.
import { encodeScheduleAction } from '@temporalio/client/lib/schedule-helpers.js';
import { msToTs, optionalTsToMs } from '@temporalio/common/lib/time.js';
import proto from '@temporalio/proto';
import type { Schedule } from '../../domain/schedule/schedule.ts';
import type { LiveSchedule } from '../../domain/schedule/difference.ts';
import { fieldsOf, makeFields, type ScheduleFields } from '../../domain/schedule/fields.ts';
import { numbersIn, rangesOf, type Calendar, type Recurrence } from '../../domain/schedule/recurrence.ts';

// Converts between our schedules and Temporal's. What was applied is kept in the action's memo, which an update replaces
// together with the rest, so every run that the schedule starts carries it too.

type TemporalSchedule = proto.temporal.api.schedule.v1.ISchedule;
type TemporalCalendar = proto.temporal.api.schedule.v1.IStructuredCalendarSpec;
type TemporalRange = proto.temporal.api.schedule.v1.IRange;

const memoKey = 'rekindleSchedule';

/** Whether it is paused, and the note, were set by somebody: both are kept. */
export async function encodeSchedule(
  client: Client,
  schedule: Schedule,
  taskQueue: string,
  state: { paused: boolean; note: string },
): Promise<TemporalSchedule> {
  const fields = fieldsOf(schedule, taskQueue);
  const { recurrence, zoneData, platform, kind } = schedule;
  return {
    spec: {
      structuredCalendar: recurrence.calendars.map(encodeCalendar),
      interval: recurrence.intervals.map(({ everySeconds, offsetSeconds }) => ({
        interval: msToTs(everySeconds * 1000),
        phase: msToTs(offsetSeconds * 1000),
      })),
      jitter: msToTs(schedule.jitterSeconds * 1000),
      timezoneName: schedule.timeZone,
      ...(zoneData !== undefined && { timezoneData: Buffer.from(zoneData, 'base64') }),
    },
    action: await encodeScheduleAction(
      client.options.loadedDataConverter,
      client.options.namespace,
      {
        type: 'startWorkflow',
        workflowType: fields.workflow,
        workflowId: fields['workflow id'],
        taskQueue,
        args: [{ platform }],
        memo: { [memoKey]: fields },
        staticSummary: `${kind} of ${platform}`,
      },
      {},
    ),
    policies: {
      overlapPolicy: proto.temporal.api.enums.v1.ScheduleOverlapPolicy.SCHEDULE_OVERLAP_POLICY_SKIP,
      catchupWindow: msToTs(schedule.catchUpSeconds * 1000),
      pauseOnFailure: false,
    },
    state: { paused: state.paused, notes: state.note },
  };
}

function encodeCalendar(calendar: Calendar): TemporalCalendar {
  return {
    second: rangesOf(calendar.seconds),
    minute: rangesOf(calendar.minutes),
    hour: rangesOf(calendar.hours),
    dayOfMonth: rangesOf(calendar.daysOfMonth),
    month: rangesOf(calendar.months),
    dayOfWeek: rangesOf(calendar.daysOfWeek),
  };
}

/** A schedule as Temporal has it, in the same terms as one of the file, so that both can be compared. */
export function decodeSchedule(described: ScheduleDescription): LiveSchedule {
  const { action, policies, state, raw } = described;
  const spec = raw.schedule?.spec ?? {};
  const fields = makeFields({
    recurrence: decodeRecurrence(spec),
    timeZone: spec.timezoneName ?? '',
    zoneData: spec.timezoneData?.length ? Buffer.from(spec.timezoneData).toString('base64') : undefined,
    jitterSeconds: (optionalTsToMs(spec.jitter) ?? 0) / 1000,
    catchUpSeconds: policies.catchupWindow / 1000,
    overlap: (policies.overlap ?? 'SKIP').toLowerCase().replaceAll('_', ' '),
    pauseOnFailure: policies.pauseOnFailure,
    workflow: action.workflowType,
    workflowId: action.workflowId,
    taskQueue: action.taskQueue,
    input: action.args ?? [],
    others: othersOf(described),
  });
  const applied = action.memo?.[memoKey] as ScheduleFields | undefined;
  return { id: described.scheduleId, fields, applied, paused: state.paused, note: state.note ?? '' };
}

function decodeRecurrence(spec: proto.temporal.api.schedule.v1.IScheduleSpec): Recurrence {
  return {
    calendars: (spec.structuredCalendar ?? []).map((calendar) => ({
      seconds: decodeRanges(calendar.second),
      minutes: decodeRanges(calendar.minute),
      hours: decodeRanges(calendar.hour),
      daysOfMonth: decodeRanges(calendar.dayOfMonth),
      months: decodeRanges(calendar.month),
      daysOfWeek: decodeRanges(calendar.dayOfWeek),
    })),
    intervals: (spec.interval ?? []).map(({ interval, phase }) => ({
      everySeconds: (optionalTsToMs(interval) ?? 0) / 1000,
      offsetSeconds: (optionalTsToMs(phase) ?? 0) / 1000,
    })),
  };
}

/** Temporal leaves an end or a step out by an end before the start, or a step of 0. */
function decodeRanges(ranges: readonly TemporalRange[] | null | undefined): number[] {
  return numbersIn(
    (ranges ?? []).map(({ start, end, step }) => ({
      start: start ?? 0,
      end: Math.max(start ?? 0, end ?? 0),
      step: step || 1,
    })),
  );
}

/** Settings that Rekindle never makes, so somebody made them by hand. */
function othersOf({ action, spec, state, raw }: ScheduleDescription): string[] {
  const years = (raw.schedule?.spec?.structuredCalendar ?? []).some(({ year }) => (year ?? []).length > 0);
  const found: [boolean, string][] = [
    [years, 'certain years only'],
    [spec.skip !== undefined && spec.skip.length > 0, 'excluded times'],
    [spec.startAt !== undefined, `begins ${spec.startAt?.toISOString() ?? ''}`],
    [spec.endAt !== undefined, `ends ${spec.endAt?.toISOString() ?? ''}`],
    [state.remainingActions !== undefined, `${state.remainingActions ?? 0} starts left`],
    [raw.schedule?.policies?.keepOriginalWorkflowId === true, 'workflow ids without a time'],
    [(action.workflowExecutionTimeout ?? 0) > 0, 'an execution timeout'],
    [(action.workflowRunTimeout ?? 0) > 0, 'a run timeout'],
    [(action.workflowTaskTimeout ?? 0) > 0, 'a task timeout'],
    [action.retry !== undefined, 'a retry policy'],
    [
      Object.keys(raw.schedule?.action?.startWorkflow?.searchAttributes?.indexedFields ?? {}).length > 0,
      'search attributes',
    ],
  ];
  return found.flatMap(([there, words]) => (there ? [words] : []));
}
