import { CancellationScope, setCurrentDetails, setHandler, workflowInfo } from '@temporalio/workflow';
import type { Plan } from '../../domain/plans/plan.ts';
import {
  followPlan,
  followRollback,
  noteWait,
  startProgress,
  type Phase,
  type RunProgress,
} from '../../domain/runs/progress.ts';
import type { Limits, RunInput, RunPolicy } from '../../domain/runs/run.ts';
import type { StartedBy } from '../../domain/runs/started-by.ts';
import type { MissingStore } from '../../domain/recovery-points/missing-stores.ts';
import { plan as planQuery, progress as progressQuery } from '../messages.ts';
import { detailsPage } from './details-page.ts';
import { platformIn } from './failure-record.ts';
import { showAttributes } from './search-attributes.ts';

/** What every run shows of itself: the two queries, the details page, the search attributes. */
export interface Run {
  readonly progress: RunProgress;
  /** Undefined until the platform file was read. */
  policy: RunPolicy | undefined;
  /** Instead of those that the plan's steps carry, since a person had a step retried. */
  limits: Limits | undefined;
  /** It was announced that the run waits for a person: then its end is announced as well. */
  waited: boolean;
  /** Optional stores that a backup goes on without. */
  readonly missing: MissingStore[];
  /** The time in the workflow's own, replayable clock. ISO 8601. */
  now(): string;
  /** Call after each change of `progress`. */
  show(): void;
  enter(phase: Phase, note?: string): void;
  /** A line for the report that changes no verdict; the same line is kept once. */
  note(line: string): void;
  /** The same for what an auditor must know of: the run left what was planned or said before. `by`: whose word that was. */
  depart(line: string, by?: string): void;
  follow(plan: Plan): void;
  /** The steps of the rollback are listed below those that it takes back. */
  followBack(plan: Plan): void;
  /** Puts off `action` to the end of the run's work, however that ends. */
  defer(action: () => Promise<void>): void;
  /** Carries out what was deferred, last first, also in a run that was cancelled. */
  settle(): Promise<void>;
}

export function openRun(kind: RunProgress['kind'], input: Partial<RunInput> | undefined): Run {
  const platform = platformIn(input);
  const now = () => new Date().toISOString();
  const progress = startProgress(workflowInfo().workflowId, kind, platform, now());
  progress.startedBy = startedBy(input);
  let since = now();
  let followed: Plan | undefined;
  const deferred: (() => Promise<void>)[] = [];
  setHandler(progressQuery, () => progress, { description: 'Where the run stands: phase, steps with times, checks' });
  setHandler(planQuery, () => followed, { description: 'The plan, with its hash, as soon as it is made' });
  showAttributes({ kind, platform, phase: progress.phase });
  const show = () => setCurrentDetails(detailsPage(progress));
  show();
  const note = (line: string) => {
    const notes = (progress.notes ??= []);
    if (!notes.includes(line)) notes.push(line);
    show();
  };
  return {
    progress,
    policy: undefined,
    limits: undefined,
    waited: false,
    missing: [],
    now,
    show,
    enter(phase, note) {
      if (note !== undefined) progress.note = note;
      if (phase !== progress.phase) {
        noteWait(progress, progress.phase, since, now());
        since = now();
        showAttributes({ phase });
      }
      progress.phase = phase;
      if (progress.verdict !== undefined) showAttributes({ verdict: progress.verdict });
      show();
    },
    note,
    depart(line, by) {
      (progress.departures ??= []).push({ at: now(), what: line, ...(by !== undefined && { by }) });
      note(line);
    },
    follow(plan) {
      followed = plan;
      followPlan(progress, plan);
      if (plan.recoveryPoint) showAttributes({ recoveryPoint: plan.recoveryPoint.id });
      show();
    },
    followBack(plan) {
      followed = plan;
      followRollback(progress, plan);
      show();
    },
    defer(action) {
      deferred.push(action);
    },
    settle() {
      return CancellationScope.nonCancellable(async () => {
        for (let action = deferred.pop(); action; action = deferred.pop()) await action();
      });
    },
  };
}

/** Whoever starts a run says so in its input; Temporal itself knows of schedules, also of those that people made. */
function startedBy(input: Partial<RunInput> | undefined): StartedBy {
  if (input?.startedBy) return input.startedBy;
  // Its payload has no type, so that the typed search attributes leave it out.
  // oxlint-disable-next-line typescript/no-deprecated
  const [schedule] = workflowInfo().searchAttributes['TemporalScheduledById'] ?? [];
  return typeof schedule === 'string' ? { how: 'schedule', name: schedule } : { how: 'temporal ui' };
}
