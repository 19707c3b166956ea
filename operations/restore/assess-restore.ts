import { overallVerdict, type Check } from '../../domain/checks.ts';
import { Failure } from '../../domain/failures.ts';
import type { Forecast } from '../../domain/runs/forecast.ts';
import type { Plan } from '../../domain/plans/plan.ts';
import { planRestore, type RestoreSituation } from '../../domain/plans/plan-restore.ts';
import type { PointChoice, RecoveryPointId } from '../../domain/recovery-points/recovery-point.ts';
import type { RestoreInput } from '../../domain/runs/run.ts';
import type { StepOutcome } from '../../domain/plans/steps.ts';
import type { Watch } from '../../domain/watch.ts';
import { ChecksFailed } from '../../domain/checks-failed.ts';
import { findCapture } from './find-capture.ts';
import { forecastRestore } from './forecast.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { preflight } from '../preflight/preflight.ts';
import { chooseManifest, readExpectedSet } from '../recovery-points/read-point.ts';
import { withHash } from '../plan-hash.ts';

/** A plan together with what preflight saw; no plan when none can be made. */
export interface Assessment {
  plan?: Plan;
  checks: Check[];
  forecast?: Forecast;
}

/**
 * Observation, choice, preflight and plan; also used without Temporal, by `restore --dry-run` and `check`. `again`: what
 * takes long and was proven before is left out.
 */
export async function assessRestore(
  open: OpenPlatform,
  input: RestoreInput,
  {
    again = false,
    onChosen,
    ...watch
  }: Watch & { again?: boolean; onChosen?: (recoveryPoint: RecoveryPointId) => Promise<void> } = {},
): Promise<Assessment> {
  const situation = await observeForRestore(open, input, onChosen);
  const [checks, forecast] = await Promise.all([
    preflight(open, situation, { scratch: again ? 'never' : 'when dead', ...watch }),
    again ? undefined : forecastRestore(open, situation.manifest),
  ]);
  try {
    return { plan: withHash(planRestore(situation)), checks, forecast };
  } catch (error) {
    // What makes planning impossible is a finding of preflight already; the checks say all of it at once.
    if (error instanceof Failure && overallVerdict(checks) !== 'pass') return { checks, forecast };
    throw error;
  }
}

async function observeForRestore(
  open: OpenPlatform,
  input: RestoreInput,
  onChosen?: (recoveryPoint: RecoveryPointId) => Promise<void>,
): Promise<RestoreSituation> {
  const { platform } = open;
  const observed = await open.docker.observe(platform.deployment, open.host);
  const { manifest, passedOver } = await chooseManifest(open, choiceOf(input));
  await onChosen?.(manifest.id);
  const { source, outline } = await findCapture(open, manifest, observed);
  const indices: RestoreSituation['indices'] = {};
  for (const { store } of manifest.stores) indices[store] = (await readExpectedSet(open, manifest.id, store)).indices;
  return {
    platform,
    platformFileHash: open.fileHash,
    manifest,
    indices,
    passedOver,
    capture: outline,
    captureSource: source,
    observed,
    volumes: input.volumes ?? platform.restore.volumes,
  };
}

/** Right before the first data is moved. The services are stopped by now, so the plan's hash says nothing any more. */
export async function finalPreflight(open: OpenPlatform, input: RestoreInput, watch: Watch): Promise<StepOutcome> {
  const checks = await preflight(open, await observeForRestore(open, input), { scratch: 'never', ...watch });
  if (overallVerdict(checks) !== 'pass')
    throw new ChecksFailed(
      'preflight, repeated right before the point of no return, refuses',
      checks,
      'PreflightRefused',
    );
  return { summary: `${checks.length} checks passed once more, nothing is lost yet` };
}

/** Failure: InvalidArgument for a time that is none. */
export function choiceOf({ point, before }: Pick<RestoreInput, 'point' | 'before'>): PointChoice {
  if (before !== undefined) {
    const time = new Date(before);
    if (Number.isNaN(time.getTime()))
      throw new Failure('InvalidArgument', {
        message: `"${before}" is not a time`,
        remedy: 'write it as ISO 8601 in UTC, for instance 2026-11-21T09:30:00Z',
      });
    return { before: time.toISOString() };
  }
  if (point === undefined || point === 'latest') return { latest: true };
  return point === 'proven' ? { proven: true } : { id: point };
}
