import { ApplicationFailure, condition, setHandler } from '@temporalio/workflow';
import type { Plan } from '../domain/plan.ts';
import type { RunPolicy } from '../domain/run.ts';
import { approve, reject } from './messages.ts';
import type { Run } from './run.ts';

/** Takes the word of a person about a plan. Create it first thing in a workflow: handlers must be there at once. */
export interface ApprovalDesk {
  /** Resolves when the plan is approved; fails with Rejected or ApprovalTimedOut. */
  awaitApproval(plan: Plan, policy: RunPolicy, approvedBy: string | undefined): Promise<void>;
}

export function openApprovalDesk(run: Run): ApprovalDesk {
  const { progress } = run;
  let open: { plan: Plan; policy: RunPolicy } | undefined;
  let rejection: { by: string; reason?: string } | undefined;

  const refuse = (message: string) => {
    throw ApplicationFailure.create({ type: 'InvalidArgument', message, nonRetryable: true });
  };

  setHandler(
    approve,
    ({ planHash, by }) => {
      // Repeating is safe: the first approval stands.
      const approval = (progress.approval ??= { by, at: run.now(), how: 'update' });
      return `plan ${planHash.slice(0, 12)} approved by ${approval.by}`;
    },
    {
      description: 'Approves the plan with this hash: {"planHash": "…", "by": "…"}',
      validator: ({ planHash, by }: { planHash: string; by?: string }) => {
        if (by === undefined || by === '') refuse('"by" is missing: who approves?');
        if (progress.planHash === undefined) refuse('there is no plan yet: wait for the phase "waiting for approval"');
        if (planHash !== progress.planHash)
          refuse(
            `the plan's hash is ${String(progress.planHash)}, not ${planHash}: look at the plan again, then approve that`,
          );
        if (by !== undefined && open && open.policy.approvers.length > 0 && !open.policy.approvers.includes(by))
          refuse(`${by} is not among the approvers: ${open.policy.approvers.join(', ')}`);
        if (progress.approval === undefined && !open)
          refuse(`the run is in the phase "${progress.phase}": nothing waits for approval`);
      },
    },
  );
  setHandler(
    reject,
    (word) => {
      rejection = word;
      return `rejected by ${word.by}`;
    },
    {
      description: 'Rejects the plan: {"by": "…", "reason": "…"}',
      validator: (_word) => {
        if (!open || progress.approval)
          refuse(`the run is in the phase "${progress.phase}": nothing waits for approval`);
      },
    },
  );

  return {
    async awaitApproval(plan, policy, approvedBy) {
      if (policy.approval === 'none') progress.approval = { by: '', at: run.now(), how: 'not required' };
      if (approvedBy !== undefined) {
        if (policy.approvers.length > 0 && !policy.approvers.includes(approvedBy))
          refuse(`${approvedBy} is not among the approvers: ${policy.approvers.join(', ')}`);
        progress.approval = { by: approvedBy, at: run.now(), how: 'caller' };
      }
      if (progress.approval) return;
      open = { plan, policy };
      run.enter('waiting for approval', `plan ${plan.hash.slice(0, 12)} waits for approval; nothing was touched`);
      const decided = () => progress.approval !== undefined || rejection !== undefined;
      const inTime = await condition(decided, policy.approvalTimeoutSeconds * 1000);
      open = undefined;
      if (rejection)
        throw ApplicationFailure.create({
          type: 'Rejected',
          nonRetryable: true,
          message: `the plan was rejected by ${rejection.by}${rejection.reason ? `: ${rejection.reason}` : ''}; nothing was touched`,
          details: [{ remedy: 'start again when the reason is mended' }],
        });
      if (!inTime)
        throw ApplicationFailure.create({
          type: 'ApprovalTimedOut',
          nonRetryable: true,
          message: `nobody approved within ${policy.approvalTimeoutSeconds} s; nothing was touched`,
          details: [{ remedy: 'start the restore again; the plan is made anew' }],
        });
    },
  };
}
