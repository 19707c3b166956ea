import { Option } from 'commander';
import { Failure } from '../../domain/failures.ts';
import type { Plan } from '../../domain/plans/plan.ts';
import type { RunProgress } from '../../domain/runs/progress.ts';
import { canAsk, fullHash, isApproved } from '../approval.ts';
import { by, byOption, text, type Command } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import type { Output } from '../output.ts';
import { renderApproval } from '../render/approval.ts';

export const approve: Command = {
  usage: 'approve <run>',
  description: "approve a run's plan: shows it and asks, or takes the hash of the plan that you read",
  example: 'rekindle approve restore/nuvla/2026-11-21T09:30:00Z --hash 8c1f09ab',
  gateway: 'works',
  options: [
    new Option('--hash <hash>', 'the hash of the plan you read, or its first 8 characters; needed off a terminal'),
    byOption,
  ],
  async run({ environment, output }, [reference = ''], options) {
    const { withDesk } = await import('../with-desk.ts');
    return withDesk(environment, async (desk) => {
      const { progress, plan } = await desk.proposal(reference);
      const planHash = await approvedHash(output, progress, plan, text(options['hash']));
      if (planHash === undefined) {
        output.say('It was left waiting');
        return exitCodes.waitsForPerson;
      }
      const { platform } = progress;
      const reply = await desk.approve(progress.run, { planHash, platform, by: by(options) });
      output.document(reply);
      output.say(reply.answer);
      return exitCodes.passed;
    });
  },
};

/**
 * The hash that the person approves: the one given, or that of the plan they were shown and asked about; undefined when
 * they said no. Failure: InvalidArgument.
 */
async function approvedHash(
  output: Output,
  progress: RunProgress,
  plan: Plan | undefined,
  given: string | undefined,
): Promise<string | undefined> {
  const { run, phase } = progress;
  const status = `"rekindle status ${run}" shows where it stands`;
  if (plan === undefined)
    throw new Failure('InvalidArgument', {
      message: `${run} has no plan yet: its phase is "${phase}"`,
      remedy: status,
    });
  if (given !== undefined) return fullHash(plan, given);
  if (phase !== 'waiting for approval')
    throw new Failure('InvalidArgument', {
      message: `${run} does not wait for approval: its phase is "${phase}"`,
      remedy: status,
    });
  if (!canAsk(output))
    throw new Failure('InvalidArgument', {
      message: `The plan of ${run} must be read before it is approved, and there is no terminal to ask at`,
      remedy: `Read it ("rekindle status ${run}"), then: rekindle approve ${run} --hash ${plan.hash}`,
    });
  output.say(renderApproval(plan, progress, output, Date.now()));
  return (await isApproved(plan)) ? plan.hash : undefined;
}
