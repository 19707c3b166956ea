import { Option } from 'commander';
import { overallVerdict } from '../../domain/checks.ts';
import type { RunningBackup, VolumeTreatment } from '../../domain/platform.ts';
import type { RestoreInput } from '../../domain/runs/run.ts';
import type { OpenPlatform } from '../../operations/open-platform.ts';
import { by, byOption, text, type Command, type CommandResult } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { graphAsked, graphOption, type Draw } from '../graph.ts';
import { openUndisputed } from '../open-platform.ts';
import type { Output } from '../output.ts';
import { renderChecks, renderForecast, renderPlan } from '../render/report.ts';

export const restore: Command = {
  usage: 'restore <platform>',
  description: 'bring the platform back from a recovery point',
  example: 'rekindle restore nuvla --point latest --dry-run',
  options: [
    new Option('--point <point>', '"latest", "proven" or an id of "rekindle points"').conflicts('before'),
    new Option('--before <time>', 'the newest recovery point before this time (ISO 8601, UTC)'),
    new Option('--volumes <treatment>', 'what happens to the old data').choices(['quarantine', 'remove']),
    new Option('--running-backup <choice>', 'what happens to a backup that runs').choices(['wait', 'cancel']),
    new Option('--dry-run', 'show plan and preflight, change nothing; needs no Temporal'),
    graphOption,
    new Option('--yes', 'approve the plan in advance; recorded as your approval'),
    byOption,
  ],
  async run(context, [platform = ''], options) {
    const input: RestoreInput = {
      platform,
      point: text(options['point']),
      before: text(options['before']),
      volumes: text(options['volumes']) as VolumeTreatment | undefined,
      runningBackup: text(options['runningBackup']) as RunningBackup | undefined,
      approvedBy: options['yes'] === true ? by(options) : undefined,
    };
    const draw = graphAsked(options, context.output, { command: `rekindle restore ${platform}` });
    // A fault of the platform file is the caller's, and is said before anything is started.
    const open = await openUndisputed(context.environment, platform);
    if (options['dryRun'] === true) return dryRun(open, input, context.output, draw);
    const { restoreNow } = await import('../restore-now.ts');
    return restoreNow(context, input, by(options));
  },
};

/** The plan and what preflight says, made here and now without Temporal; nothing is changed. */
async function dryRun(open: OpenPlatform, input: RestoreInput, output: Output, draw: Draw): CommandResult {
  const { assessNow } = await import('../assess-now.ts');
  const { plan, checks, forecast } = await assessNow(open, input, output);
  const verdict = overallVerdict(checks);
  const { indicesOfPlan } = await import('../../operations/restore/indices-of-plan.ts');
  const indices = plan && (await indicesOfPlan(open, plan));
  await draw(plan);
  output.document({ plan, indices, checks, verdict, forecast });
  if (plan) output.say(`${renderPlan(plan, output, indices)}\n`);
  if (forecast) output.say(`${renderForecast(forecast, Date.now())}\n`);
  output.say(`Preflight: ${verdict}\n${renderChecks(checks, output)}`);
  return verdict === 'pass' ? exitCodes.passed : exitCodes.refused;
}
