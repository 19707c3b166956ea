import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import {
  ApplicationFailure,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { Plan } from '../../domain/plans/plan.ts';
import { followPlan, followRollback, startProgress, type Phase, type RunProgress } from '../../domain/runs/progress.ts';
import type { RunPolicy } from '../../domain/runs/run.ts';
import { detailsPage } from './details.ts';
import { plan as planQuery, progress as progressQuery } from '../messages.ts';

const attributes = {
  platform: defineSearchAttributeKey('RekindlePlatform', SearchAttributeType.KEYWORD),
  phase: defineSearchAttributeKey('RekindlePhase', SearchAttributeType.KEYWORD),
  verdict: defineSearchAttributeKey('RekindleVerdict', SearchAttributeType.KEYWORD),
  recoveryPoint: defineSearchAttributeKey('RekindleRecoveryPoint', SearchAttributeType.KEYWORD),
};

/** What every workflow of Rekindle shows of itself: the two queries, the details page, the search attributes. */
export interface Run {
  readonly progress: RunProgress;
  /** Undefined until the platform file was read. */
  policy: () => RunPolicy | undefined;
  /** The time in the workflow's own, replayable clock. ISO 8601. */
  now(): string;
  /** Call after each change of `progress`. */
  show(): void;
  enter(phase: Phase, note?: string): void;
  follow(plan: Plan): void;
  /** The way back is told below what it takes back. */
  followBack(plan: Plan): void;
}

export function openRun(kind: RunProgress['kind'], input: { platform?: string } | undefined): Run {
  const platform = input?.platform;
  // People start runs by hand in the Temporal UI, where nothing checks what they type.
  if (platform === undefined || platform === '')
    throw ApplicationFailure.create({
      type: 'InvalidArgument',
      nonRetryable: true,
      message: 'the input names no platform',
      details: [{ remedy: 'start it with the input {"platform": "<name>"}' }],
    });
  const now = () => new Date().toISOString();
  const progress = startProgress(workflowInfo().workflowId, kind, platform, now());
  let followed: Plan | undefined;
  setHandler(progressQuery, () => progress, { description: 'Where the run stands: phase, steps with times, checks' });
  setHandler(planQuery, () => followed, { description: 'The plan, with its hash, as soon as it is made' });
  upsertSearchAttributes([
    { key: attributes.platform, value: platform },
    { key: attributes.phase, value: progress.phase },
  ]);
  const show = () => setCurrentDetails(detailsPage(progress));
  show();
  return {
    progress,
    policy: () => undefined,
    now,
    show,
    enter(phase, note) {
      if (note !== undefined) progress.note = note;
      if (phase !== progress.phase) upsertSearchAttributes([{ key: attributes.phase, value: phase }]);
      progress.phase = phase;
      if (progress.verdict !== undefined)
        upsertSearchAttributes([{ key: attributes.verdict, value: progress.verdict }]);
      show();
    },
    follow(plan) {
      followed = plan;
      followPlan(progress, plan);
      if (plan.recoveryPoint) upsertSearchAttributes([{ key: attributes.recoveryPoint, value: plan.recoveryPoint.id }]);
      show();
    },
    followBack(plan) {
      followed = plan;
      followRollback(progress, plan);
      show();
    },
  };
}
