import { loadFleetFile } from '../../config/fleet-file.ts';
import { onlyKeeps } from '../../domain/runs/progress.ts';
import { isWell, type PlatformSummary } from '../../domain/status/platform-summary.ts';
import { age, seconds } from '../../domain/units.ts';
import type { CommandContext, CommandResult } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { table } from '../render/table.ts';
import { platformDesk } from '../with-desk.ts';

/** `status --fleet [file]`: all platforms in one table, or those of a fleet file. Failures: those of the file. */
export async function overviewTable({ environment, output }: CommandContext, file: string | undefined): CommandResult {
  const all = await (await platformDesk(environment)).overview();
  const names = all.map(({ platform }) => platform);
  const chosen = file === undefined ? names : (await loadFleetFile(file, names, environment.variables)).platforms;
  const wanted = new Set(chosen);
  const platforms = all.filter(({ platform }) => wanted.has(platform));
  output.document({ platforms });
  const now = Date.now();
  const heading = ['platform', 'state', 'newest good', 'RPO', 'next backup', 'now', 'last restore', 'why'];
  if (platforms.length === 0) output.say('there is no platform');
  else output.say(table([heading, ...platforms.map((one) => rowOf(one, now))]).join('\n'));
  const bad = platforms.filter((one) => !isWell(one)).length;
  output.say(`${platforms.length} platforms, ${platforms.length - bad} well, ${bad} not`);
  return bad === 0 ? exitCodes.passed : exitCodes.failed;
}

function rowOf(summary: PlatformSummary, now: number): string[] {
  const { platform, state, worker, newestGood, recoveryPointObjectiveSeconds: objective } = summary;
  const { nextBackupAt, runs, lastRestore, reason } = summary;
  return [
    platform,
    worker === 'absent' ? `${state}, no worker` : state,
    newestGood === undefined ? '-' : `${age(newestGood.startedAt, now)} old`,
    objective === undefined ? '-' : seconds(objective),
    nextBackupAt ?? ('value' in runs ? '-' : '?'),
    nowOf(runs),
    lastRestore === undefined ? '-' : `${lastRestore.phase} ${lastRestore.finishedAt}`,
    reason ?? '',
  ];
}

function nowOf(runs: PlatformSummary['runs']): string {
  if ('trouble' in runs) return '?';
  const working = runs.value.filter((run) => !onlyKeeps(run));
  return working.length === 0 ? '-' : working.map(({ kind, phase }) => `${kind}: ${phase}`).join('; ');
}
