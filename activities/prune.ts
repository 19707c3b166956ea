import { Context } from '@temporalio/activity';
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import type { WorkflowClient } from '@temporalio/client';
import { passed, warned, type Check } from '../domain/checks.ts';
import type { Plan } from '../domain/plans/plan.ts';
import { mostInOneRun, planPrune } from '../domain/plans/plan-prune.ts';
import type { RecoveryPointId } from '../domain/recovery-points/recovery-point.ts';
import type { PruneInput, StepCall } from '../domain/runs/run.ts';
import type { StepOutcome } from '../domain/plans/steps.ts';
import { activity } from './activity.ts';
import { openPlatform, type Dependencies } from '../operations/open-platform.ts';
import { storeNamed } from '../operations/store-named.ts';
import { withHash } from '../operations/plan-hash.ts';
import { assessRetention, type RetentionAssessment } from '../operations/prune/assess-prune.ts';
import { deleteSnapshots, markDeleting, removePoints } from '../operations/prune/delete-points.ts';
import { runsWithoutUse } from './prune/run-objects.ts';
import { dropStalePins } from './prune/stale-pins.ts';

/** Retention: what goes, and its going. */
export function pruneActivities(dependencies: Dependencies) {
  return {
    preparePrune: activity(
      async ({ platform: name }: PruneInput, { signal }): Promise<{ plan: Plan; checks: Check[] }> => {
        const open = await openPlatform(dependencies, name);
        const { workflow } = Context.current().client;
        await dropStalePins(open.catalogue, workflow);
        const running = await pointsInUse(workflow, name);
        const assessment = await assessRetention(open, { running });
        const { removals, halfRemoved } = assessment;
        const runs = await runsWithoutUse(open, workflow, signal);
        const { platform, fileHash: platformFileHash, host } = open;
        return {
          plan: withHash(planPrune({ platform, platformFileHash, host, removals, halfRemoved, runs })),
          checks: checksOf(assessment),
        };
      },
    ),

    markDeleting: activity(async ({ platform, run, arguments: args }: StepCall<'markDeleting'>): Promise<StepOutcome> =>
      markDeleting(await openPlatform(dependencies, platform), { ...args, run }),
    ),

    deleteSnapshots: activity(
      async ({ platform, arguments: args }: StepCall<'deleteSnapshots'>, watch): Promise<StepOutcome> => {
        const open = await openPlatform(dependencies, platform);
        const client = await open.elasticsearch(storeNamed(open.platform, 'elasticsearch', args.store));
        try {
          return await deleteSnapshots(open, client, args, watch);
        } finally {
          await client.close();
        }
      },
    ),

    removePoints: activity(async ({ platform, arguments: args }: StepCall<'removePoints'>): Promise<StepOutcome> =>
      removePoints(await openPlatform(dependencies, platform), args),
    ),

    removeRunObjects: activity(
      async ({ platform, arguments: { runs } }: StepCall<'removeRunObjects'>): Promise<StepOutcome> => {
        const { catalogue } = await openPlatform(dependencies, platform);
        for (const run of runs) await catalogue.removeRunObjects(run);
        return { summary: `what ${runs.length} runs kept for a way back is removed: ${runs.slice(0, 5).join(', ')}` };
      },
    ),
  };
}

const pointAttribute = defineSearchAttributeKey('RekindleRecoveryPoint', SearchAttributeType.KEYWORD);

/** What the platform's open runs work with, as far as Temporal lists them; the pin of a restore says it anyway. */
async function pointsInUse(workflows: Pick<WorkflowClient, 'list'>, platform: string): Promise<Set<RecoveryPointId>> {
  const query = `RekindlePlatform = "${platform}" AND ExecutionStatus = "Running"`;
  const ids = new Set<RecoveryPointId>();
  for await (const { typedSearchAttributes } of workflows.list({ query })) {
    const id = typedSearchAttributes.get(pointAttribute);
    if (id !== undefined) ids.add(id);
  }
  return ids;
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
        'prune again, or leave it to the next scheduled prune',
      ),
    );
  const [first] = leftAlone;
  if (first)
    checks.push(
      warned(
        'left alone',
        `${leftAlone.length} recovery points should go but cannot be deleted from here, first ${first.id}: ${first.why}`,
        '"rekindle prune --dry-run" lists them all; delete them where their repository is, or by hand',
      ),
    );
  return checks;
}
