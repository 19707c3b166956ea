import { passed, warned, type Check } from '../../domain/checks.ts';
import { mostInOneRun, planPrune } from '../../domain/plans/plan-prune.ts';
import type { Plan } from '../../domain/plans/plan.ts';
import type { RecoveryPointId } from '../../domain/recovery-points/recovery-point.ts';
import type { AskRunState } from '../../domain/recovery-points/unfinished.ts';
import type { Watch } from '../../domain/watch.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { withHash } from '../with-hash.ts';
import { assessRetention, type RetentionAssessment } from './assess-retention.ts';
import { runsWithoutUse } from './run-objects.ts';
import { dropStalePins } from './stale-pins.ts';

/** What only Temporal knows. */
export interface OpenRuns {
  runState: AskRunState;
  /** Recovery points that the platform's open runs work with. */
  pointsInUse: () => Promise<ReadonlySet<RecoveryPointId>>;
}

/** Plans what retention removes now. Failures: those of the catalogue's storage. */
export async function preparePrune(
  open: OpenPlatform,
  { runState, pointsInUse }: OpenRuns,
  { signal }: Watch,
): Promise<{ plan: Plan; checks: Check[] }> {
  await dropStalePins(open.catalogue, runState);
  const assessment = await assessRetention(open, { running: await pointsInUse() });
  const { removals, halfRemoved } = assessment;
  const runs = await runsWithoutUse(open, runState, signal);
  const { platform, fileHash: platformFileHash, host } = open;
  return {
    plan: withHash(planPrune({ platform, platformFileHash, host, removals, halfRemoved, runs })),
    checks: checksOf(assessment),
  };
}

function checksOf({ policy, verdicts, removals, leftAlone, halfRemoved }: RetentionAssessment): Check[] {
  const kept = verdicts.filter(({ keep }) => keep).length;
  const figures = `${verdicts.length} recovery points: ${kept} stay, ${verdicts.length - kept} go`;
  const begun = halfRemoved.length > 0 ? `; ${halfRemoved.length} interrupted removals are finished` : '';
  const nothing = removals.length === 0 && halfRemoved.length === 0 ? '; nothing to remove' : '';
  const rule = policy ? '' : ' (the platform file has no backup.retention)';
  const checks = [passed('retention', figures + rule + begun + nothing)];
  if (removals.length > mostInOneRun)
    checks.push(
      warned(
        'lots',
        `${removals.length} recovery points go, ${mostInOneRun} in this run`,
        'Prune again, or leave it to the next scheduled prune',
      ),
    );
  const [first] = leftAlone;
  if (first)
    checks.push(
      warned(
        'left alone',
        `${leftAlone.length} recovery points should go but cannot be deleted from here, first ${first.id}: ${first.why}`,
        'List them with "rekindle prune --dry-run"; delete them where their repository is, or by hand',
      ),
    );
  return checks;
}
