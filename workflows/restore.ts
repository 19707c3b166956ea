import { executeChild, setHandler, ApplicationFailure } from '@temporalio/workflow';
import { overallVerdict, type Check } from '../domain/checks.ts';
import type { RunProgress } from '../domain/progress.ts';
import type { RestoreInput, RunPolicy } from '../domain/run.ts';
import { openApprovalDesk } from './approval.ts';
import { backup } from './backup.ts';
import { conclude } from './conclude.ts';
import { callOf, executor } from './execute.ts';
import { failureOf } from './failure.ts';
import { busy, withLock } from './lock.ts';
import { decide } from './messages.ts';
import { locate, onHost } from './options.ts';
import { openRun } from './run.ts';
import { stepRunner, type Runner } from './runner.ts';

/** Brings a platform back from a recovery point. `{ "platform": "<name>" }` suffices: the newest point, quarantine. */
export async function restore(input: RestoreInput): Promise<RunProgress> {
  const run = openRun('restore', input);
  const desk = openApprovalDesk(run);
  let policy: RunPolicy | undefined;
  let runner: Runner | undefined;
  setHandler(decide, ({ step, choice, by }) => decided(runner, step, choice, by), {
    description: 'Decides what happens with a failed step: {"step": "…", "choice": "retry|skip|abort", "by": "…"}',
    validator: ({ step, choice }) => {
      const pending = run.progress.pendingDecisions.find((candidate) => candidate.step === step);
      if (!pending)
        throw ApplicationFailure.nonRetryable(`step "${step}" does not wait for a decision`, 'InvalidArgument');
      if (!pending.choices.some((offered) => offered.choice === choice))
        throw ApplicationFailure.nonRetryable(
          `"${choice}" is not offered for ${step}: ${pending.choices.map((offered) => offered.choice).join(', ')}`,
          'InvalidArgument',
        );
    },
  });

  return conclude(
    run,
    () => policy,
    async () => {
      policy = await locate(input.platform);
      const known = policy;
      await withLock(
        input.platform,
        (holder) => {
          // A backup ends by itself and changes nothing: it is waited for. Everything else is a run of its own.
          if (holder && holder.workflowType !== 'backup') throw busy(input.platform, holder);
          run.enter('waiting for lock', `waits for ${holder?.workflowId ?? 'the lock'} to end`);
        },
        async () => {
          run.enter('planning', '');
          const { plan, checks } = await onHost(known).prepareRestore.executeWithOptions(
            { summary: 'observe, choose the recovery point, preflight, plan' },
            [input],
          );
          if (plan === undefined || overallVerdict(checks) !== 'pass') throw refusedByPreflight(input.platform, checks);
          run.follow(plan);
          await desk.awaitApproval(plan, known, input.approvedBy);
          const call = callOf(run);
          runner = stepRunner(
            plan,
            run,
            executor(known, call, {
              takeBackup: async () => {
                const report = await executeChild(backup, {
                  workflowId: `backup/${input.platform}/${run.now().slice(0, 19)}Z`,
                  args: [{ platform: input.platform, within: call.run }],
                  staticSummary: `fresh backup after ${call.run}`,
                });
                return { summary: `recovery point ${report.recoveryPoint?.id ?? '?'}` };
              },
            }),
          );
          await runner.run();
          if (plan.recoveryPoint && overallVerdict(run.progress.checks) === 'pass')
            await onHost(known).markProven.executeWithOptions({ summary: 'mark the recovery point proven' }, [
              { ...call, recoveryPoint: plan.recoveryPoint.id },
            ]);
        },
      );
    },
  );
}

function decided(runner: Runner | undefined, ...[step, choice, by]: Parameters<Runner['decide']>): string {
  runner?.decide(step, choice, by);
  return `${choice} of ${step}, decided by ${by}`;
}

function refusedByPreflight(platform: string, checks: Check[]): ApplicationFailure {
  const bad = checks.filter(({ verdict }) => verdict !== 'pass').map(({ name }) => name);
  // What was seen and what mends it stands with the checks, which travel along and are shown line by line.
  return failureOf({
    kind: 'PreflightRefused',
    message: `preflight refuses the restore of ${platform}; nothing was touched. Not passed: ${bad.join(', ')}`,
    remedy: `mend what the checks say ("rekindle check ${platform}" looks again), then start the restore again`,
    checks,
  });
}
