import type { Verdict } from '../checks.ts';
import { finalPhases, type Phase, type RunProgress } from '../runs/progress.ts';
import type { IncidentState } from './incident.ts';

/** How the run of an incident stands, as far as the incident needs to know. */
export interface RunNews {
  phase: Phase;
  verdict?: Verdict;
  /** Empty while the plan waits for approval. */
  approvedBy: string[];
  /** What is proposed, in a line. */
  offer?: string;
  /** Why it did not pass. */
  failure?: { kind: string; message: string };
  rejectedBy?: string;
}

export function newsOf(progress: RunProgress): RunNews {
  const { phase, verdict, approvals, recoveryPoint, forecast, failure, rejection, note } = progress;
  const point = recoveryPoint && `data as of ${recoveryPoint.startedAt} (${recoveryPoint.id})`;
  const time = forecast && `about ${Math.round(forecast.downtimeSeconds)} s without service`;
  return {
    phase,
    ...(verdict && { verdict }),
    approvedBy: phase === 'waiting for approval' ? [] : approvals.flatMap(({ by }) => (by === '' ? [] : [by])),
    ...(point && { offer: [point, time].filter((part) => part !== undefined).join(', ') }),
    ...(failure && { failure: { kind: failure.kind, message: failure.message } }),
    // Why it was skipped stands in its note.
    ...(phase === 'skipped' && { failure: { kind: '', message: note ?? '' } }),
    ...(rejection && { rejectedBy: rejection.by }),
  };
}

/** Of a run that can no longer be asked: it was terminated, or Temporal has forgotten it. */
export function newsOfGone(why: string): RunNews {
  return { phase: 'failed', verdict: 'fail', approvedBy: [], failure: { kind: 'RunFailed', message: why } };
}

/** Takes the news into `run`. Answers what people hear of it; `change`: what was done to the platform, for lists of changes. */
export function follow(
  run: NonNullable<IncidentState['run']>,
  news: RunNews,
): { text: string; change?: true } | undefined {
  const { phase, verdict, approvedBy, offer, failure } = news;
  const approvedNow = run.approvedBy === undefined && approvedBy.length > 0;
  const before = run.phase;
  run.phase = phase;
  if (verdict) run.verdict = verdict;
  if (approvedBy.length > 0) run.approvedBy = approvedBy;
  else delete run.approvedBy;
  const said = approvedNow ? `, approved by ${approvedBy.join(', ')}` : '';
  if (finalPhases.has(phase)) {
    const why = failure && failure.message !== '' ? `: ${failure.message}` : '';
    const touched = phase !== 'refused' && phase !== 'skipped';
    return { text: `${run.id} ended${said}: ${phase}${why}`, ...(touched && { change: true }) };
  }
  if (phase === before && !approvedNow) return undefined;
  if (phase === 'waiting for approval')
    return { text: `${run.id} waits for approval${offer === undefined ? '' : `: ${offer}`}` };
  if (phase === 'waiting for decision') return { text: `${run.id}${said} waits for a decision: a step failed` };
  return approvedNow ? { text: `${run.id} goes on${said}`, change: true } : undefined;
}

/** What withdrawing a proposal meets: no plan yet, a plan that waits, one that people approved, or the end. */
export function proposalState({
  phase,
  planHash,
}: Pick<RunProgress, 'phase' | 'planHash'>): 'not yet' | 'waiting' | 'approved' | 'ended' {
  if (finalPhases.has(phase)) return 'ended';
  if (phase === 'waiting for approval') return 'waiting';
  // A plan that became stale after its approval is made again, and waits again.
  return planHash === undefined || phase === 'planning' ? 'not yet' : 'approved';
}
