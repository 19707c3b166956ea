import type { RunProgress, StepState, Wait } from '../runs/progress.ts';
import { startedByWords } from '../runs/started-by.ts';

/** One span: something that took time in a run. */
export interface TraceSpan {
  /** Unique within the run: its id is made of this. */
  key: string;
  name: string;
  /** ISO 8601, UTC. */
  startedAt: string;
  finishedAt: string;
  attributes: Record<string, string | number | boolean | string[]>;
  /** Absent: it ended well. */
  failure?: string;
}

/** The run first, which contains all others. Empty while it goes on. */
export function traceOf(report: RunProgress): TraceSpan[] {
  const { finishedAt } = report;
  if (finishedAt === undefined) return [];
  const inside = [
    ...(report.waits ?? []).map((wait, index) => waitSpan(wait, index, report)),
    ...report.steps.flatMap((step) => stepSpan(step, report, finishedAt)),
  ];
  return [runSpan(report, finishedAt), ...inside];
}

function runSpan(report: RunProgress, finishedAt: string): TraceSpan {
  const { run, kind, platform, phase, verdict, recoveryPoint, failure, planHash, startedAt } = report;
  return {
    key: 'run',
    name: `${kind} ${platform}`,
    startedAt,
    finishedAt,
    attributes: {
      'rekindle.run': run,
      'rekindle.kind': kind,
      'rekindle.platform': platform,
      'rekindle.phase': phase,
      ...(verdict !== undefined && { 'rekindle.verdict': verdict }),
      ...(recoveryPoint && { 'rekindle.recovery_point': recoveryPoint.id }),
      ...(planHash !== undefined && { 'rekindle.plan_hash': planHash }),
      ...starter(report),
      ...people(report),
      ...(failure && { 'error.type': failure.kind }),
    },
    ...(failure && { failure: failure.message }),
  };
}

/** How it came about; of what an incident proposed or started, the incident's workflow. */
function starter({ startedBy }: RunProgress): TraceSpan['attributes'] {
  if (startedBy === undefined) return {};
  const { how, name } = startedBy;
  return {
    'rekindle.started_by': startedByWords(startedBy),
    ...(how === 'incident' && name !== undefined && { 'rekindle.incident': name }),
  };
}

/** Who said yes, and who decided. */
function people({ approvals, decisions }: RunProgress): TraceSpan['attributes'] {
  const approved = approvals.map(({ by }) => by).filter((by) => by !== '');
  const decided = [...new Set(decisions.map(({ by }) => by))];
  return {
    ...(approved.length > 0 && { 'rekindle.approved_by': approved }),
    ...(decided.length > 0 && { 'rekindle.decided_by': decided }),
  };
}

function waitSpan({ for: what, startedAt, finishedAt }: Wait, index: number, report: RunProgress): TraceSpan {
  return {
    key: `wait ${index}`,
    name: `wait for ${what}`,
    startedAt,
    finishedAt,
    attributes: { 'rekindle.wait': what, ...(what === 'lock' ? {} : people(report)) },
  };
}

/** None of a step that never began. */
function stepSpan(step: StepState, { decisions, pointOfNoReturn }: RunProgress, end: string): TraceSpan[] {
  const { id, action, title, status, startedAt, firstStartedAt, finishedAt, summary, attempts } = step;
  if (startedAt === undefined) return [];
  const decided = decisions.filter((decision) => decision.step === id).map(({ choice, by }) => `${choice} by ${by}`);
  return [
    {
      key: `step ${id}`,
      name: title,
      startedAt: firstStartedAt ?? startedAt,
      finishedAt: finishedAt ?? end,
      attributes: {
        'rekindle.step': id,
        'rekindle.action': action,
        'rekindle.status': status,
        'rekindle.attempts': attempts ?? 1,
        ...(firstStartedAt !== undefined && { 'rekindle.last_attempt_at': startedAt }),
        ...(decided.length > 0 && { 'rekindle.decisions': decided }),
        ...(pointOfNoReturn?.step === id && { 'rekindle.point_of_no_return': true }),
      },
      ...((status === 'failed' || status === 'skipped') && { failure: summary ?? status }),
    },
  ];
}
