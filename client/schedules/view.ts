import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import type { Client } from '@temporalio/client';
import type { Schedule } from '../../domain/schedule/schedule.ts';
import { isDrift, type ScheduleChange } from '../../domain/schedule/difference.ts';
import { timingWords } from '../../domain/schedule/words.ts';
import type { Compared } from './apply.ts';
import type { FoundSchedule } from './temporal-schedules.ts';

export type ScheduleState = 'as the file asks' | 'changed by hand' | 'file changed' | 'missing' | 'not in the file';

/** A schedule as `schedule show` prints it. */
export interface ScheduleView {
  id: string;
  /** In words; absent when the file asks for no such schedule. */
  timing?: string;
  state: ScheduleState;
  paused: boolean;
  note: string;
  /** Times of the next starts; none while it is paused. */
  next: string[];
  /** Newest first. */
  runs: { id: string; startedAt: string; outcome: string }[];
  /** Starts that were dropped: too old to catch up with, or due while a run was still under way. */
  missed: number;
  skipped: number;
  change: ScheduleChange;
}

const counts = { next: 3, runs: 3 };

export async function viewSchedules(
  client: Client,
  wanted: readonly Schedule[],
  { found, changes }: Compared,
): Promise<ScheduleView[]> {
  return Promise.all(
    changes.map(async (change): Promise<ScheduleView> => {
      const schedule = wanted.find(({ id }) => id === change.id);
      const live = found.find(({ id }) => id === change.id);
      return {
        id: change.id,
        ...(schedule && { timing: timingWords(schedule.recurrence, schedule.timing) }),
        state: stateOf(change),
        paused: live?.paused ?? false,
        note: live?.note ?? '',
        next: nextOf(live),
        runs: live === undefined ? [] : await lastRuns(client, change.id),
        missed: live?.info.numActionsMissedCatchupWindow ?? 0,
        skipped: live?.info.numActionsSkippedOverlap ?? 0,
        change,
      };
    }),
  );
}

function stateOf(change: ScheduleChange): ScheduleState {
  switch (change.change) {
    case 'none':
      return 'as the file asks';
    case 'create':
      return 'missing';
    case 'remove':
      return 'not in the file';
    case 'update':
      return isDrift(change) ? 'changed by hand' : 'file changed';
  }
}

function nextOf(live: FoundSchedule | undefined): string[] {
  if (live === undefined || live.paused) return [];
  return live.info.nextActionTimes.slice(0, counts.next).map(second);
}

async function lastRuns(client: Client, id: string): Promise<ScheduleView['runs']> {
  const runs: ScheduleView['runs'] = [];
  const phase = defineSearchAttributeKey('RekindlePhase', SearchAttributeType.KEYWORD);
  for await (const run of client.workflow.list({ query: `TemporalScheduledById = "${id}"` })) {
    const { workflowId, startTime, status, typedSearchAttributes } = run;
    const outcome = typedSearchAttributes.get(phase) ?? status.name.toLowerCase();
    runs.push({ id: workflowId, startedAt: second(startTime), outcome });
    if (runs.length >= counts.runs) break;
  }
  return runs;
}

const second = (time: Date) => `${time.toISOString().slice(0, 19)}Z`;
