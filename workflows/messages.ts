import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { FleetProgress } from '../domain/fleet/fleet.ts';
import type { IncidentEvent, IncidentState } from '../domain/incidents/incident.ts';
import type { Plan } from '../domain/plans/plan.ts';
import type { Choice, RunProgress } from '../domain/runs/progress.ts';
import type { Promotion, RestoreEnded } from '../domain/runs/run.ts';
import type { Seal } from '../domain/seal.ts';

// The messages that users, scripts and incident tools rely on: add, never rename.

/** Who says it. `seal`: where the platform file demands it (`restore.authenticated`), a gateway vouches for the name. */
interface Word {
  by: string;
  seal?: Seal;
}

export const approve = defineUpdate<string, [Word & { planHash: string }]>('approve');
export const reject = defineUpdate<string, [Word & { reason?: string }]>('reject');
/** From the incident that proposed the restore, while that waits for approval. */
export const withdraw = defineUpdate<string, [{ by: string; reason: string }]>('withdraw');
export const decide = defineUpdate<string, [Word & { step: string; choice: Choice }]>('decide');
/** To `quarantine/<run>`: bring the old data back, or delete it. */
export const rollback = defineUpdate<string, [Word]>('rollback');
export const release = defineUpdate<string, [Word]>('release');
export const progress = defineQuery<RunProgress>('progress');
export const plan = defineQuery<Plan | undefined>('plan');

/** To `quarantine/<run>`: the restore is over. */
export const restoreEnded = defineSignal<[RestoreEnded]>('restoreEnded');

/** To a drill that keeps its scene: a restore promotes it. */
export const promotion = defineSignal<[Promotion]>('promotion');

/** To `incident/<id>`: what the tool says later. */
export const incidentEvent = defineSignal<[IncidentEvent]>('incidentEvent');
export const incident = defineQuery<IncidentState>('incident');

/** To `fleet/<name>`, which also takes `approve` with the hash of a wave. A pause and a stop leave what runs alone. */
export const pause = defineUpdate<string, [Word & { reason?: string }]>('pause');
export const resume = defineUpdate<string, [Word & { reason?: string }]>('resume');
export const stop = defineUpdate<string, [Word & { reason?: string }]>('stop');
export const fleet = defineQuery<FleetProgress>('fleet');

/** To the workflow that is the platform's lock: its holder is done. */
export const releaseLock = defineSignal('release');
