import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { Plan } from '../domain/plans/plan.ts';
import type { Choice, RunProgress } from '../domain/runs/progress.ts';
import type { RestoreEnded } from '../domain/runs/run.ts';

// The messages that users, scripts and incident tools rely on: add, never rename.

export const approve = defineUpdate<string, [{ planHash: string; by: string }]>('approve');
export const reject = defineUpdate<string, [{ by: string; reason?: string }]>('reject');
export const decide = defineUpdate<string, [{ step: string; choice: Choice; by: string }]>('decide');
/** To `quarantine/<run>`: bring the old data back, or delete it. */
export const rollback = defineUpdate<string, [{ by: string }]>('rollback');
export const release = defineUpdate<string, [{ by: string }]>('release');
export const progress = defineQuery<RunProgress>('progress');
export const plan = defineQuery<Plan | undefined>('plan');

/** To `quarantine/<run>`: the restore is over. */
export const restoreEnded = defineSignal<[RestoreEnded]>('restoreEnded');

/** To the workflow that is the platform's lock: its holder is done. */
export const releaseLock = defineSignal('release');
