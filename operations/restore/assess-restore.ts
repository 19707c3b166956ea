import { overallVerdict, type Check } from '../../domain/checks.ts';
import { Failure } from '../../domain/failures.ts';
import type { Forecast } from '../../domain/runs/forecast.ts';
import type { Plan } from '../../domain/plans/plan.ts';
import { planRestore, type RestoreSituation } from '../../domain/plans/plan-restore.ts';
import type { RecoveryPointId } from '../../domain/recovery-points/recovery-point.ts';
import type { RestoreInput } from '../../domain/runs/run.ts';
import type { Watch } from '../../domain/watch.ts';
import { findCapture } from './find-capture.ts';
import { forecastRestore } from './forecast.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { preflight } from '../preflight/preflight.ts';
import { choiceOf } from '../recovery-points/point-choice.ts';
import { chooseManifest, readExpectedSet } from '../recovery-points/read-point.ts';
import { withHash } from '../with-hash.ts';

/** A plan together with preflight's checks; no plan when none can be made. */
export interface Assessment {
  plan?: Plan;
  checks: Check[];
  forecast?: Forecast;
}

/**
 * Observes, chooses the recovery point, runs preflight and plans; also without Temporal, for `restore --dry-run` and
 * `check`. `again`: leaves out what takes long and was proven before, and goes by the `versions` that it found.
 */
export async function assessRestore(
  open: OpenPlatform,
  input: RestoreInput,
  {
    again = false,
    versions: before,
    onChosen,
    ...watch
  }: Watch & {
    again?: boolean;
    versions?: RestoreSituation['versions'];
    onChosen?: (recoveryPoint: RecoveryPointId) => Promise<void>;
  } = {},
): Promise<Assessment> {
  const situation = { ...(await observeForRestore(open, input, onChosen)), versions: before };
  const [{ checks, versions, bootstraps }, forecast] = await Promise.all([
    preflight(open, situation, { scratch: again ? 'never' : 'when dead', ...watch }),
    again ? undefined : forecastRestore(open, situation.manifest),
  ]);
  try {
    return { plan: withHash(planRestore({ ...situation, versions, bootstraps })), checks, forecast };
  } catch (error) {
    // Preflight has found what makes planning impossible; its checks report everything at once.
    if (error instanceof Failure && overallVerdict(checks) !== 'pass') return { checks, forecast };
    throw error;
  }
}

/** Failures: those of choosing the recovery point and of reading it. */
export async function observeForRestore(
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
  const nodes: RestoreSituation['nodes'] = {};
  for (const { store } of manifest.stores) {
    const expected = await readExpectedSet(open, manifest.id, store);
    indices[store] = expected.indices;
    if (expected.nodes !== undefined) nodes[store] = expected.nodes;
  }
  return {
    platform,
    platformFileHash: open.fileHash,
    manifest,
    indices,
    nodes,
    passedOver,
    capture: outline,
    captureSource: source,
    observed,
    volumes: input.volumes ?? platform.restore.volumes,
  };
}
