import { Option } from 'commander';
import type { Environment } from '../../config/environment.ts';
import { Failure } from '../../domain/failures.ts';
import type { Plan } from '../../domain/plans/plan.ts';
import { existingTreatments, type ExistingTreatment } from '../../domain/copies/wishes.ts';
import type { RunningBackup, VolumeTreatment } from '../../domain/platform.ts';
import type { CopyInput, RestoreInput } from '../../domain/runs/run.ts';
import { by, byOption, startedHere, text, type Command, type CommandContext, type CommandResult } from '../command.ts';
import { copyNow, words } from './copy.ts';
import { graphAsked, graphOption, type Draw } from '../graph.ts';
import { assertHere, openPlatform } from '../open-platform.ts';
import type { PlatformDesk } from '../platform-desk.ts';
import { sayPreview } from '../say-preview.ts';
import { scriptAsked, scriptOption, type WriteScript } from '../script.ts';
import { platformDesk } from '../with-desk.ts';

export const restore: Command = {
  usage: 'restore [platform]',
  description: 'bring a platform, or a fleet of them, back from recovery points',
  example: 'rekindle restore nuvla --point latest --dry-run',
  gateway: 'works',
  options: [
    new Option('--fleet <file>', 'in place of a platform: restore those of this fleet file, in waves'),
    new Option('--point <point>', '"latest", "proven" or an id of "rekindle points"').conflicts('before'),
    new Option('--before <time>', 'the newest recovery point before this time (ISO 8601, UTC)'),
    new Option('--indices <patterns>', 'only these, into the living platform: a leading - excludes')
      .argParser(words)
      .conflicts(['volumes', 'runningBackup', 'fleet', 'graph', 'script']),
    new Option('--existing <treatment>', 'with --indices: what becomes of one that is there; default: swap').choices([
      ...existingTreatments,
    ]),
    new Option('--store <store>', 'with --indices: which Elasticsearch, where there are several'),
    new Option('--keep-running', 'with --indices: what uses them goes on running'),
    new Option('--volumes <treatment>', 'what happens to the old data').choices(['quarantine', 'remove']),
    new Option('--beside', 'restore and verify next to the platform, which serves until the swap at the end').conflicts(
      ['fleet', 'indices'],
    ),
    new Option('--promote <drill>', 'swap in what a drill with --keep has restored and verified').conflicts([
      'fleet',
      'indices',
      'point',
      'before',
      'beside',
    ]),
    new Option('--running-backup <choice>', 'what happens to a backup that runs').choices(['wait', 'cancel']),
    new Option('--dry-run', 'show plan and preflight, change nothing; needs no Temporal'),
    graphOption,
    scriptOption,
    new Option('--yes', 'approve the plan in advance; recorded as your approval'),
    byOption,
  ],
  async run(context, [platform = ''], options) {
    const input: RestoreInput = {
      platform,
      point: text(options['point']),
      before: text(options['before']),
      volumes: text(options['volumes']) as VolumeTreatment | undefined,
      beside: options['beside'] === true ? true : undefined,
      promote: text(options['promote']),
      runningBackup: text(options['runningBackup']) as RunningBackup | undefined,
      approvedBy: options['yes'] === true ? by(options) : undefined,
    };
    const file = text(options['fleet']);
    if (file !== undefined)
      return (await import('../fleet/restore-fleet.ts')).restoreFleet(context, file, { platform, options });
    if (platform === '') throw nothingNamed();
    if ((input.beside || input.promote) && options['script'] !== undefined) throw noScriptBeside();
    const indices = indicesAsked(platform, options);
    if (indices !== undefined) {
      assertHere(context.environment, '--indices');
      const { point, before, approvedBy } = input;
      const wanted = { platform, point, before, approvedBy, ...indices };
      return copyNow(context, wanted, { dryRun: options['dryRun'] === true, by: by(options) });
    }
    const command = `rekindle restore ${platform}`;
    const draw = graphAsked(options, context.output, { command });
    const writeScript = scriptAsked(options, context, command);
    const desk = await platformDesk(context.environment);
    const dryRun = { ...input, startedBy: startedHere(by(options)) };
    if (options['dryRun'] === true) return preview(desk, dryRun, context, { draw, writeScript });
    // A fault of the platform file is the caller's, and is said before anything is started.
    await desk.assertUsable(platform);
    const { restoreNow } = await import('../restore-now.ts');
    return restoreNow(context, input, by(options));
  },
};

/**
 * Single indices come back by a copy of the platform into itself: beside, verified, then swapped in; what uses them stands
 * still meanwhile. Undefined: the whole platform is meant.
 */
function indicesAsked(
  platform: string,
  options: Parameters<Command['run']>[2],
): Pick<CopyInput, 'from' | 'indices' | 'existing' | 'store' | 'fromStore' | 'stopUsers'> | undefined {
  const indices = options['indices'] as string[] | undefined;
  const existing = text(options['existing']) as ExistingTreatment | undefined;
  const store = text(options['store']);
  const keep = options['keepRunning'] === true;
  if (indices !== undefined)
    return { from: platform, indices, existing: existing ?? 'swap', store, fromStore: store, stopUsers: !keep };
  if (existing === undefined && store === undefined && !keep) return undefined;
  throw new Failure('InvalidArgument', {
    message: '--existing, --store and --keep-running say how single indices come back, and none is named',
    remedy: "Name them: --indices 'nuvla-job,nuvla-user'",
  });
}

function nothingNamed(): Failure {
  return new Failure('InvalidArgument', {
    message: 'No platform is named, and no fleet file (--fleet)',
    remedy: 'Name what to restore: rekindle restore <platform>, or rekindle restore --fleet <file>',
  });
}

function noScriptBeside(): Failure {
  return new Failure('InvalidArgument', {
    message: 'A restore next to the platform cannot be written as a script (--script)',
    remedy: 'Leave out --beside or --promote: the script then restores in place, as does the one in the catalogue',
  });
}

/** The plan and what preflight says, made now and without a run; nothing is changed. */
async function preview(
  desk: PlatformDesk,
  input: RestoreInput,
  { environment, output }: CommandContext,
  { draw, writeScript }: { draw: Draw; writeScript: WriteScript },
): CommandResult {
  const { plan, checks, verdict, forecast } = await desk.assess(input, output.wait);
  const indices = plan && (await indicesHere(environment, plan));
  await draw(plan);
  await writeScript(plan);
  return sayPreview(output, { plan, indices, checks, verdict, forecast });
}

/** A plan names its indices by a hash; which they are stands in the catalogue, which only the platform's side reads. */
async function indicesHere(environment: Environment, plan: Plan) {
  if (environment.gatewayUrl !== undefined) return undefined;
  const { indicesOfPlan } = await import('../../operations/restore/indices-of-plan.ts');
  return indicesOfPlan(await openPlatform(environment, plan.platform), plan);
}
