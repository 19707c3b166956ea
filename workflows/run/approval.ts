import { ApplicationFailure, condition, setHandler } from '@temporalio/workflow';
import type { WaitsForApproval } from '../../domain/notifications/announcement.ts';
import { summarizePlan } from '../../domain/notifications/plan-summary.ts';
import type { Plan } from '../../domain/plans/plan.ts';
import { untouched, type RunProgress } from '../../domain/runs/progress.ts';
import type { RunPolicy } from '../../domain/runs/run.ts';
import { isSamePerson } from '../../domain/access.ts';
import { announceWaiting } from './announce.ts';
import { assertNamed, openAuthentication } from './authenticated.ts';
import { refuse } from './failure-record.ts';
import { approve, reject, withdraw } from '../messages.ts';
import type { Run } from './open-run.ts';

/** Takes approvals and rejections of a plan. Create it first thing in a workflow: handlers must be there at once. */
export interface ApprovalDesk {
  /**
   * `given`: an approval from before the plan was made. Resolves when as many people as are needed approved this very plan; fails with Rejected or ApprovalTimedOut. A new
   * plan needs new approvals. `onWaiting`: called once when nobody has approved yet, before the wait begins.
   * Answers whether it waited.
   */
  awaitApproval(
    plan: Plan,
    policy: RunPolicy,
    given: GivenApproval | undefined,
    onWaiting: () => Promise<void>,
  ): Promise<boolean>;
}

/** By whoever started the run for whatever plan it makes, or with the plans of a wave for this very one. */
export interface GivenApproval {
  by: string;
  how: 'caller' | 'wave';
}

export function openApprovalDesk(run: Run): ApprovalDesk {
  const { progress } = run;
  const authenticate = openAuthentication(run);
  let policy: RunPolicy | undefined;
  let open = false;
  let rejection: { by: string; reason?: string } | undefined;

  const missing = () => (progress.approvalsNeeded ?? 1) - progress.approvals.length;
  const hasApproved = (by: string) => progress.approvals.some((approval) => isSamePerson(approval.by, by));
  const mayApprove = (by: string) => {
    const approvers = policy?.approvers ?? [];
    if (approvers.length > 0 && !approvers.includes(by))
      refuse(`${by} is not among the approvers: ${approvers.join(', ')}`);
  };

  const fits = ({ planHash, by }: { planHash: string; by?: string }) => {
    assertNamed(by, 'who approves?');
    if (progress.planHash === undefined) refuse('There is no plan yet: wait for the phase "waiting for approval"');
    if (planHash !== progress.planHash)
      refuse(`The plan's hash is ${progress.planHash}, not ${planHash}: read the plan again, then approve that one`);
    mayApprove(by);
    if (missing() > 0 && hasApproved(by)) refuse(`${by} has already approved; ${missing()} more must come from others`);
    if (!open && progress.approvals.length === 0)
      refuse(`The run is in the phase "${progress.phase}": nothing waits for approval`);
  };
  const isOpen = () => {
    if (!open) refuse(`The run is in the phase "${progress.phase}": nothing waits for approval`);
  };

  setHandler(
    approve,
    async (word) => {
      await authenticate('approve', word);
      fits(word);
      const { planHash, by } = word;
      // Repeating is safe: approvals that were enough stay valid.
      if (!hasApproved(by) && missing() > 0) {
        const how = policy?.authenticated === true ? 'authenticated' : 'update';
        progress.approvals.push({ by, at: run.now(), how });
      }
      if (missing() > 0) {
        run.enter('waiting for approval', stillWanted(progress, missing()));
        return `approved by ${by}; ${progress.note ?? ''}`;
      }
      return `plan ${planHash.slice(0, 12)} approved by ${progress.approvals.map((approval) => approval.by).join(', ')}`;
    },
    {
      description: 'Approves the plan with this hash: {"planHash": "…", "by": "…"}',
      validator: fits,
    },
  );
  setHandler(
    reject,
    async (word) => {
      await authenticate('reject', word);
      isOpen();
      rejection = word;
      return `rejected by ${word.by}`;
    },
    {
      description: 'Rejects the plan: {"by": "…", "reason": "…"}',
      validator: ({ by }: { by?: string }) => {
        assertNamed(by, 'who rejects?');
        isOpen();
      },
    },
  );

  // No gateway vouches for an incident: like a request to cancel, this ends what was not begun.
  setHandler(
    withdraw,
    (word) => {
      rejection = word;
      return `withdrawn by ${word.by}`;
    },
    {
      description: 'From the incident that proposed the restore: {"by": "incident/…", "reason": "…"}',
      validator: ({ by }) => {
        const { how, name } = progress.startedBy ?? {};
        if (how !== 'incident' || name !== by) refuse(`"${by}" did not propose this restore`);
        isOpen();
      },
    },
  );

  return {
    async awaitApproval(plan, known, given, onWaiting) {
      policy = known;
      progress.approvals = [];
      progress.approvalsNeeded = known.approval === 'none' ? 0 : known.approvalsNeeded;
      if (known.approval === 'none') progress.approvals.push({ by: '', at: run.now(), how: 'not required' });
      if (given !== undefined && known.authenticated === true)
        run.depart(
          `The approval of ${given.by} ${given.how === 'wave' ? 'of the wave' : 'at the start'} does not count: restore.authenticated demands a gateway's word`,
          given.by,
        );
      else if (given?.how === 'wave' && known.approvers.length > 0 && !known.approvers.includes(given.by))
        run.depart(
          `The approval of ${given.by} of the wave does not count: the approvers are ${known.approvers.join(', ')}`,
          given.by,
        );
      else if (given !== undefined) {
        mayApprove(given.by);
        progress.approvals.push({ ...given, at: run.now() });
      }
      if (missing() <= 0) return false;
      open = true;
      progress.approvalUntil = new Date(Date.now() + known.approvalTimeoutSeconds * 1000).toISOString();
      run.enter('waiting for approval', stillWanted(progress, missing()));
      const stopAnnouncing = announceWaiting(run, waitsFor(plan, known, run));
      await onWaiting();
      const inTime = await condition(
        () => missing() <= 0 || rejection !== undefined,
        known.approvalTimeoutSeconds * 1000,
        { summary: 'time limit of the approval' },
      ).finally(() => {
        open = false;
        delete progress.approvalUntil;
        stopAnnouncing();
      });
      if (rejection) {
        const { by, reason } = rejection;
        progress.rejection = { by, at: run.now(), ...(reason && { reason }) };
        throw ApplicationFailure.create({
          type: 'Rejected',
          nonRetryable: true,
          message: `The plan was rejected by ${by}${reason ? `: ${reason}` : ''}; ${untouched(progress)}`,
          details: [{ remedy: 'Start again when the reason no longer applies' }],
        });
      }
      if (!inTime)
        throw ApplicationFailure.create({
          type: 'ApprovalTimedOut',
          nonRetryable: true,
          message: `Nobody approved within ${known.approvalTimeoutSeconds} s; ${untouched(progress)}`,
          details: [{ remedy: `Start the ${progress.kind} again; it makes a new plan` }],
        });
      return true;
    },
  };
}

function waitsFor(plan: Plan, { approvers }: RunPolicy, run: Run): WaitsForApproval {
  const { approvals, approvalsNeeded = 1, approvalUntil = '', forecast } = run.progress;
  const approval = { approvers, needed: approvalsNeeded, until: approvalUntil };
  return {
    for: 'approval',
    planHash: plan.hash,
    summary: summarizePlan(plan, { forecast, approval, now: run.now() }),
    approvers,
    approvalsNeeded,
    approvedBy: approvals.map(({ by }) => by),
    until: approvalUntil,
    ...(forecast && { downtimeSeconds: forecast.downtimeSeconds }),
  };
}

function stillWanted(progress: RunProgress, missing: number): string {
  const who = missing === 1 ? 'one approval' : `${missing} approvals`;
  return `waits for ${who} until ${progress.approvalUntil ?? ''}; ${untouched(progress)}`;
}
