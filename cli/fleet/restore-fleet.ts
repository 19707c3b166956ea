import { withTemporal } from '../../client/connection.ts';
import { approveFleet, fleetClosed, startFleet } from '../../client/fleets.ts';
import { loadFleetFile } from '../../config/fleet-file.ts';
import { readPlatformsFolder } from '../../config/platform-file.ts';
import { Failure } from '../../domain/failures.ts';
import type { FleetInput, FleetRestore } from '../../domain/fleet/fleet.ts';
import type { RunningBackup, VolumeTreatment } from '../../domain/platform.ts';
import { by, startedHere, text, type CommandContext, type CommandResult, type Options } from '../command.ts';
import { canAsk } from '../approval.ts';
import { assertHere } from '../open-platform.ts';
import { renderFleet } from '../render/fleet.ts';
import { assertAllUsable } from './assert-all-usable.ts';
import { exitCodeOfFleet, followFleet, isWaveApproved } from './follow-fleet.ts';

/** `restore --fleet <file>`. Failures: those of the fleet file and of the platform files; FleetRunning. */
export async function restoreFleet(
  context: CommandContext,
  file: string,
  { platform, options }: { platform: string; options: Options },
): CommandResult {
  const { environment, output } = context;
  assertHere(environment, '--fleet');
  const restore = restoreOf(platform, options);
  const known = await readPlatformsFolder(environment.platformsFolder);
  const fleet: FleetInput = { ...(await loadFleetFile(file, known, environment.variables)), restore };
  await assertAllUsable(environment, fleet.platforms);
  if (options['dryRun'] === true) return (await import('./preview-fleet.ts')).previewFleet(context, fleet);
  const approvedBy = options['yes'] === true ? by(options) : undefined;
  return withTemporal(environment, async (client) => {
    const input = { ...fleet, startedBy: startedHere(by(options)), ...(approvedBy !== undefined && { approvedBy }) };
    await startFleet(client, environment.taskQueue, input);
    for (;;) {
      const progress = await followFleet(client, fleet.fleet, output);
      const asks = progress.phase === 'waiting for approval' && canAsk(output);
      if (asks) output.say(renderFleet(progress, output, new Map()));
      if (asks && (await isWaveApproved(progress))) {
        await approveFleet(client, fleet.fleet, { planHash: progress.waveHash ?? '', by: by(options) });
        continue;
      }
      if (progress.finishedAt !== undefined) await fleetClosed(client, fleet.fleet);
      output.document(progress);
      if (!asks) output.say(renderFleet(progress, output, new Map()));
      return exitCodeOfFleet(progress);
    }
  });
}

/** What all of its restores are told. Failure: InvalidArgument, for what makes sense with one platform only. */
function restoreOf(platform: string, options: Options): FleetRestore {
  const refuse = (message: string, remedy: string) => {
    throw new Failure('InvalidArgument', { message, remedy });
  };
  if (platform !== '')
    refuse(
      `"${platform}" was named beside --fleet`,
      'Name a platform or a fleet file, not both; the file names its platforms',
    );
  if (options['graph'] !== undefined)
    refuse('--graph draws the plan of one platform', 'Leave --graph out, or name a platform in place of --fleet');
  const point = text(options['point']);
  if (point !== undefined && !['latest', 'proven'].includes(point))
    refuse(
      `--point "${point}" is a recovery point of one platform`,
      'With --fleet, give latest or proven, or --before <time>',
    );
  const before = text(options['before']);
  if (before !== undefined && Number.isNaN(Date.parse(before)))
    refuse(`--before "${before}" is not a time`, 'Write it as ISO 8601 in UTC, for instance 2026-11-21T09:30:00Z');
  const volumes = text(options['volumes']) as VolumeTreatment | undefined;
  const runningBackup = text(options['runningBackup']) as RunningBackup | undefined;
  return {
    ...(point !== undefined && { point }),
    ...(before !== undefined && { before }),
    ...(volumes && { volumes }),
    ...(runningBackup && { runningBackup }),
  };
}
