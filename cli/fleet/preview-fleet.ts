import pLimit from 'p-limit';
import { checkNow } from '../../client/check-now.ts';
import { withTemporal } from '../../client/connection.ts';
import type { FleetInput, Member } from '../../domain/fleet/fleet.ts';
import { short } from '../../domain/fleet/outcome.ts';
import { membersInWaves, ofWave, waveCount, waveText } from '../../domain/fleet/waves.ts';
import { seconds } from '../../domain/units.ts';
import { dependenciesOf } from '../../operations/open-platform.ts';
import { hashOfWave, plannedMember, type PlannedMember } from '../../operations/fleet/plan-member.ts';
import { surveyPlatforms } from '../../operations/fleet/survey.ts';
import { assessNow } from '../assess-now.ts';
import type { CommandContext, CommandResult } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { openPlatform } from '../open-platform.ts';
import { sizeOf } from '../render/fleet.ts';
import { table } from '../render/table.ts';

/**
 * Waves and plans as of now; nothing is changed and nothing is started. A platform of this machine needs no Temporal; that of
 * another machine is asked through its worker.
 */
export async function previewFleet(context: CommandContext, fleet: FleetInput): CommandResult {
  const { environment, output } = context;
  const surveyed = await surveyPlatforms(dependenciesOf(environment), fleet.platforms);
  const members = membersInWaves(fleet, surveyed);
  const limit = pLimit(fleet.limits.overall);
  await limit.map(members, async (member) => {
    if (member.state === 'waiting') take(member, await planOf(context, fleet, member).catch(refused));
  });
  const numbers = Array.from({ length: waveCount(members) }, (_, index) => index + 1);
  const waves = numbers.map((number) => ({ wave: number, hash: hashOfWave(waveText(ofWave(members, number))) }));
  output.document({ fleet: fleet.fleet, approval: fleet.approval, waves, members });
  const rows = members.map((member) => [
    String(member.wave),
    member.platform,
    member.host,
    sizeOf(member),
    member.plan?.point ?? '-',
    member.plan?.downtimeSeconds === undefined ? '?' : seconds(member.plan.downtimeSeconds),
    member.plan?.hash ?? member.reason ?? '',
  ]);
  const heading = ['wave', 'platform', 'host', 'size', 'recovery point', 'downtime', 'plan, or why there is none'];
  output.say(table([heading, ...rows]).join('\n'));
  if (fleet.approval === 'wave')
    output.say(waves.map(({ wave, hash }) => `Wave ${wave} would be approved by ${hash}`).join('\n'));
  return members.every(({ plan }) => plan) ? exitCodes.passed : exitCodes.refused;
}

async function planOf(
  { environment, output }: CommandContext,
  { restore }: FleetInput,
  { platform, host }: Member,
): Promise<PlannedMember> {
  const input = { platform, ...restore };
  if (host === environment.host)
    return plannedMember(await assessNow(await openPlatform(environment, platform), input, { wait: output.wait }));
  return withTemporal(environment, async (client) =>
    plannedMember(await checkNow(client, environment.taskQueue, platform, restore)),
  );
}

const refused = (error: unknown): PlannedMember => ({
  refused: short(error instanceof Error ? error.message : String(error)),
});

function take(member: Member, found: PlannedMember): void {
  if ('plan' in found) member.plan = found.plan;
  else Object.assign(member, { state: 'failed', reason: found.refused });
}
