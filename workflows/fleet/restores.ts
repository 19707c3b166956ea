import { CancellationScope, ParentClosePolicy, startChild, workflowInfo } from '@temporalio/workflow';
import type { FleetInput, Member } from '../../domain/fleet/fleet.ts';
import { outcomeOf, type RestoreEnd } from '../../domain/fleet/outcome.ts';
import type { RestoreInput } from '../../domain/runs/run.ts';
import type { restore } from '../restore.ts';
import { waiting } from '../run/activity-options.ts';
import { recordOf } from '../run/failure-record.ts';
import { withFreeId } from '../run/free-id.ts';
import type { Desk } from './desk.ts';

/** The restores of a fleet: ordinary ones, which outlive it whatever ends it. */
export interface Restores {
  /** Starts one and follows it to its end. */
  begin(member: Member): Promise<void>;
  /** How many were asked for and have not begun: until they have, the fleet must not go on in another execution. */
  starting(): number;
}

export function openRestores(desk: Desk, input: FleetInput): Restores {
  const { progress, state } = desk;
  let starting = 0;

  function settle(member: Member, end: RestoreEnd): void {
    const { reason, state: now } = outcomeOf(end);
    member.state = now;
    if (reason !== undefined) member.reason = reason;
    desk.changed();
  }

  function inputFor({ platform, plan }: Member): RestoreInput {
    const startedBy = { how: 'fleet', name: workflowInfo().workflowId } as const;
    const by = state.approved?.by;
    if (input.approval === 'each' || plan === undefined || by === undefined)
      return { platform, ...input.restore, startedBy };
    const { point = input.restore.point } = plan;
    // The very point that was approved, also when a newer one was taken meanwhile.
    const { before: _, ...restore } = input.restore;
    return { platform, ...restore, point, startedBy, approvedPlan: { hash: plan.hash, by } };
  }

  async function begin(member: Member): Promise<void> {
    const { platform } = member;
    member.state = 'running';
    starting += 1;
    try {
      const child = await withFreeId(`restore/${platform}/${desk.now().slice(0, 19)}Z`, (workflowId) =>
        startChild<typeof restore>('restore', {
          workflowId,
          args: [inputFor(member)],
          parentClosePolicy: ParentClosePolicy.ABANDON,
          staticSummary: `restore of ${platform} in the fleet ${progress.fleet}`,
        }),
      ).finally(() => (starting -= 1));
      member.run = child.workflowId;
      member.execution = child.firstExecutionRunId;
      desk.changed();
      const { phase, verdict, note } = await child.result();
      settle(member, { phase, ...(verdict && { verdict }), ...(note !== undefined && { note }) });
    } catch (error) {
      settle(member, { failure: recordOf(error) });
    }
  }

  /** Those that an earlier execution of this workflow has begun. */
  async function followCarried(): Promise<void> {
    const carried = new Map(
      progress.members.flatMap((one) => (one.state === 'running' && one.run ? [[one.run, one]] : [])),
    );
    while (carried.size > 0) {
      const runs = [...carried].map(([run, { execution }]) => ({ run, ...(execution && { execution }) }));
      const summary = `wait for the end of ${runs.length} restores`;
      for (const { run, end } of await waiting.awaitRestores.executeWithOptions({ summary }, [{ runs }])) {
        const member = carried.get(run);
        carried.delete(run);
        if (member) settle(member, end);
      }
    }
  }

  void CancellationScope.nonCancellable(followCarried);
  return { begin, starting: () => starting };
}
