import { overallVerdict } from '../../domain/checks.ts';
import { ChecksFailed } from '../../domain/checks-failed.ts';
import { Failure } from '../../domain/failures.ts';
import type { RestoreSituation } from '../../domain/plans/plan-restore.ts';
import type { SceneIs } from '../../domain/plans/step-arguments.ts';
import type { StepOutcome } from '../../domain/plans/steps.ts';
import type { RestoreInput, StepCall } from '../../domain/runs/run.ts';
import { placementsOf, placesIn, type Placement, type SwarmPlaces } from '../../domain/swarm-places.ts';
import type { Watch } from '../../domain/watch.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { placedAt } from '../hosts/place-on-nodes.ts';
import { preflight } from '../preflight/preflight.ts';
import { isOfInPlaceAlone } from './assess-beside.ts';
import { assessRestore, observeForRestore } from './assess-restore.ts';

/**
 * Preflight once more: what was true at approval may have changed before the first stop, or after the last one.
 * Failures: PreflightRefused, PlanStale.
 */
export async function repeatPreflight(
  open: OpenPlatform,
  call: StepCall<'repeatPreflight'>,
  watch: Watch,
): Promise<StepOutcome> {
  const { recoveryPoint, volumes, platformIs, versions, beside, promotes } = call.arguments;
  const again = { platform: call.platform, point: recoveryPoint, volumes };
  if (platformIs === 'stopped') return finalPreflight(open, again, versions, { ...watch, places: call.places, beside });
  const asked = { ...again, ...(promotes !== undefined && { promote: promotes }) };
  const { plan, checks } = await assessRestore(open, asked, {
    again: true,
    versions,
    ...(beside && { beside: { run: call.run, scene: beside } }),
    ...watch,
  });
  if (overallVerdict(checks) !== 'pass')
    throw new ChecksFailed('Preflight, repeated right before the first stop, refuses', checks, 'PreflightRefused');
  // Only what was approved is carried out: names, volumes and the platform file must still be those of the plan.
  if (call.planHash !== undefined && plan?.hash !== call.planHash)
    throw new Failure('PlanStale', {
      message: `${call.platform} has changed since the plan was made: its hash would now be ${plan?.hash.slice(0, 12) ?? 'none'}, the approved one is ${call.planHash.slice(0, 12)}; nothing was stopped`,
      remedy: `Start the restore again and approve the new plan; "rekindle restore ${call.platform} --dry-run" shows it`,
    });
  return { summary: `${checks.length} checks passed again, the plan is unchanged` };
}

/** Right before the first data is moved. The services are stopped by now, so the plan's hash cannot be compared. */
async function finalPreflight(
  opened: OpenPlatform,
  input: RestoreInput,
  versions: RestoreSituation['versions'],
  { places, beside, ...watch }: Watch & Pick<StepCall<'repeatPreflight'>, 'places'> & { beside?: SceneIs | undefined },
): Promise<StepOutcome> {
  const situation = { ...(await observeForRestore(opened, input)), versions };
  const moved = movedSince(situation, places);
  if (moved.length > 0) throw elsewhereNow(moved, places);
  const open = placedAt(opened, placesIn(situation.platform).places);
  const { checks: all } = await preflight(open, situation, { scratch: 'never', ...watch });
  // The fence, which comes next, stops them or asks.
  const checks = all.filter(
    (check) => check.name !== 'other containers' && !(beside === 'filled' && isOfInPlaceAlone(check)),
  );
  if (overallVerdict(checks) !== 'pass')
    throw new ChecksFailed(
      'Preflight, repeated right before the point of no return, refuses',
      checks,
      'PreflightRefused',
    );
  return { summary: `${checks.length} checks passed once more, nothing is lost yet` };
}

/** Data services that a swarm places on another node than the plan. One that several may take is not known once it is stopped. */
function movedSince(
  { platform: { deployment }, observed: { swarm, host }, capture }: RestoreSituation,
  places: SwarmPlaces | undefined,
): Placement[] {
  if (deployment.kind !== 'swarm' || swarm === undefined) return [];
  return placementsOf({ deployment, host, swarm, capture }).filter(
    (now) => now.among === undefined && now.host !== (places?.services[now.service] ?? host),
  );
}

function elsewhereNow(moved: readonly Placement[], places: SwarmPlaces | undefined): Failure {
  const words = moved.map(
    ({ service, host }) =>
      `${service} lies on ${host} now, and the plan says ${places?.services[service] ?? "the manager's node"}`,
  );
  return new Failure('PlanStale', {
    message: `Swarm has other nodes for data than the plan: ${words.join('; ')}; no data was moved`,
    remedy: 'Abort this restore, see which node has the label of each service (docker node inspect), and start another',
  });
}
