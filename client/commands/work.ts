import { overallVerdict } from '../../domain/checks.ts';
import type { RebuildInput, RestoreInput } from '../../domain/run.ts';
import type { CommandContext, CommandResult } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { followToEnd } from '../follow.ts';
import { renderChecks, renderPlan } from '../render/report.ts';
import { startRun } from '../runs.ts';
import { withTemporal } from '../temporal.ts';

export async function backupCommand({ environment, output, toolbox }: CommandContext, platform: string): CommandResult {
  await toolbox.validatePlatform(platform);
  return withTemporal(environment, async (client) => {
    const handle = await startRun(client, 'backup', environment.taskQueue, { platform });
    return followToEnd(client, handle, output);
  });
}

export async function rebuildCommand(
  { environment, output, toolbox }: CommandContext,
  input: RebuildInput,
  { dryRun }: { dryRun: boolean },
): CommandResult {
  const plan = await toolbox.planRebuild(input);
  if (dryRun) {
    output.document({ plan });
    output.say(renderPlan(plan, output));
    return exitCodes.passed;
  }
  return withTemporal(environment, async (client) => {
    const handle = await startRun(client, 'rebuild', environment.taskQueue, input);
    return followToEnd(client, handle, output);
  });
}

/** Could we restore now? Preflight alone. */
export async function checkCommand({ toolbox, output }: CommandContext, input: RestoreInput): CommandResult {
  const { checks } = await toolbox.assessRestore(input, output.wait);
  const verdict = overallVerdict(checks);
  output.document({ platform: input.platform, verdict, checks });
  output.say(`${renderChecks(checks, output)}\nVerdict: ${verdict}`);
  return verdict === 'pass' ? exitCodes.passed : exitCodes.refused;
}
