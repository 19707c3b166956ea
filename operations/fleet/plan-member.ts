import { createHash } from 'node:crypto';
import { overallVerdict } from '../../domain/checks.ts';
import type { FleetRestore, Member } from '../../domain/fleet/fleet.ts';
import { short } from '../../domain/fleet/outcome.ts';
import type { PlatformName } from '../../domain/platform.ts';
import type { Assessment } from '../../domain/runs/assessment.ts';
import type { Watch } from '../../domain/watch.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { assessRestore } from '../restore/assess-restore.ts';

export interface MemberCall extends FleetRestore {
  platform: PlatformName;
}

/** The plan that people approve, by its hash; or why there is none. A plan itself is too large for a fleet's history. */
export type PlannedMember = { plan: NonNullable<Member['plan']> } | { refused: string };

/** Preflight and plan of a restore, with nothing changed and nothing pinned. Failures: those of preflight. */
export async function planMember(open: OpenPlatform, call: MemberCall, watch: Watch): Promise<PlannedMember> {
  return plannedMember(await assessRestore(open, call, watch));
}

/** What a fleet keeps of an assessment. */
export function plannedMember({
  plan,
  checks,
  forecast,
}: Pick<Assessment, 'plan' | 'checks' | 'forecast'>): PlannedMember {
  if (plan === undefined || overallVerdict(checks) !== 'pass') {
    const bad = checks.filter(({ verdict }) => verdict !== 'pass').map(({ name, evidence }) => `${name}: ${evidence}`);
    return { refused: short(`preflight refuses: ${bad.join('; ')}`) };
  }
  return {
    plan: {
      hash: plan.hash,
      ...(plan.recoveryPoint && { point: plan.recoveryPoint.id }),
      ...(forecast && { downtimeSeconds: forecast.downtimeSeconds }),
    },
  };
}

/** SHA-256 of `waveText`: what an approval of the wave names. */
export const hashOfWave = (text: string): string => createHash('sha256').update(text).digest('hex');
