import { basesIn } from '../../domain/bases.ts';
import { overallVerdict, type Check } from '../../domain/checks.ts';
import { Failure } from '../../domain/failures.ts';
import { isDeployed } from '../../domain/platform.ts';
import type { Forecast } from '../../domain/runs/forecast.ts';
import type { Plan, UnhashedPlan } from '../../domain/plans/plan.ts';
import { planRestore, type RestoreSituation } from '../../domain/plans/plan-restore.ts';
import { digestPoints } from '../../domain/recovery-points/points-digest.ts';
import type { RecoveryPointId } from '../../domain/recovery-points/recovery-point.ts';
import type { RestoreInput } from '../../domain/runs/run.ts';
import { sourcesOf, type RunSources } from '../../domain/runs/sources.ts';
import { placesIn } from '../../domain/swarm-places.ts';
import type { Watch } from '../../domain/watch.ts';
import { readKept } from '../drill/keep-scene.ts';
import { assessBeside, besideAsked, type Beside } from './assess-beside.ts';
import { chooseWhole } from './choose-whole.ts';
import { forecastRun, readForecastBasis } from './forecast.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { otherHosts } from '../hosts/observe-here.ts';
import { observeHosts } from '../hosts/observe-hosts.ts';
import { placedAt, placedBy } from '../hosts/place-on-nodes.ts';
import { observeDataOnHosts } from '../preflight/observe-data.ts';
import type { HostPreflightAsked } from '../hosts/questions.ts';
import { preflight, type PreflightOptions } from '../preflight/preflight.ts';
import { choiceOf } from '../recovery-points/point-choice.ts';
import { basedAsPoint, basedOn } from '../repository/bases.ts';
import { withHash } from '../with-hash.ts';

/** A plan together with preflight's checks; no plan when none can be made. */
export interface Assessment {
  plan?: Plan;
  checks: Check[];
  forecast?: Forecast;
  /** Absent: of a rollback. */
  sources?: RunSources;
  /** See `Assessment` of the domain. */
  rollbackOf?: string;
}

/**
 * Observes, chooses the recovery point, runs preflight and plans; also without Temporal, for `restore --dry-run` and
 * `check`. `again`: leaves out what takes long and was proven before, and goes by the `versions` that it found.
 */
export async function assessRestore(
  opened: OpenPlatform,
  asked: RestoreInput,
  {
    again = false,
    scratch = again ? 'never' : 'when dead',
    versions: before,
    onChosen,
    beside: besideWanted = besideAsked(asked),
    ...watch
  }: Watch & {
    again?: boolean;
    /** Whose scene it is, and whether it is filled; default: as `input` asks, of a dry run. */
    beside?: Beside | undefined;
    /** See `PreflightOptions`. */
    scratch?: PreflightOptions['scratch'];
    versions?: RestoreSituation['versions'];
    onChosen?: (recoveryPoint: RecoveryPointId) => Promise<void>;
  } = {},
): Promise<Assessment> {
  assertDeployed(opened.platform);
  const promoted = asked.promote === undefined ? undefined : await promotionOf(opened, asked.promote);
  const beside = promoted?.beside ?? besideWanted;
  const input = promoted ? { ...asked, point: promoted.point } : asked;
  const situation = { ...(await observeForRestore(opened, input, onChosen)), versions: before };
  const open = placedAt(basedOn(opened, basesIn(situation.platform).bases), placesIn(situation.platform).places);
  const [{ checks, versions, bootstraps }, basis] = await Promise.all([
    preflight(open, situation, { scratch, ...watch }),
    again ? undefined : readForecastBasis(open, situation.manifest),
  ]);
  const sources = sourcesOf(situation.manifest, situation.capture, situation.observed, versions);
  const forecast = (plan?: UnhashedPlan) => basis && forecastRun(open.platform, situation.manifest, plan, basis);
  if (beside) {
    const found = await assessBeside(open, { ...situation, versions }, { ...beside, ...watch, checks });
    return {
      ...(found.plan && { plan: withHash(found.plan) }),
      checks: found.checks,
      forecast: forecast(found.plan),
      sources,
    };
  }
  try {
    const plan = planRestore({ ...situation, versions, bootstraps });
    return { plan: withHash(plan), checks, forecast: forecast(plan), sources };
  } catch (error) {
    // Preflight has found what makes planning impossible; its checks report everything at once.
    if (error instanceof Failure && overallVerdict(checks) !== 'pass') return { checks, forecast: forecast() };
    throw error;
  }
}

/** The scene and the recovery point of the drill that is promoted. Failure: RunNotFound, when it keeps nothing. */
async function promotionOf(open: OpenPlatform, drill: string): Promise<{ beside: Beside; point: RecoveryPointId }> {
  const promotes = await readKept(open, drill);
  return { beside: { run: drill, scene: 'filled', promotes }, point: promotes.recoveryPoint };
}

/** Failure: InvalidArgument, for a platform whose file has no deployment. */
function assertDeployed(platform: OpenPlatform['platform']): void {
  if (isDeployed(platform)) return;
  throw new Failure('InvalidArgument', {
    message: `The platform file of ${platform.platform} has no deployment: there are no services to stop, to clear and to start`,
    remedy: `Bring indices back into the living cluster: rekindle copy ${platform.platform} ${platform.platform} --existing swap`,
  });
}

/**
 * `dataOf`: finds out whether the data can be set aside, which takes a helper container. Failures: those of choosing the
 * recovery point and of reading it.
 */
export async function observeForRestore(
  opened: OpenPlatform,
  input: RestoreInput,
  onChosen?: (recoveryPoint: RecoveryPointId) => Promise<void>,
  dataOf: typeof observeDataOnHosts = observeDataOnHosts,
): Promise<RestoreSituation> {
  const first = await observeHosts(opened);
  const { point, points, manifest, read, passedOver } = await chooseWhole(opened, choiceOf(input), first.observed);
  await onChosen?.(manifest.id);
  const { capture, indices, nodes } = read;
  const { outline, source } = capture;
  // Of services that are gone, a swarm alone does not say on which nodes they lay.
  const open = placedBy(basedAsPoint(opened, manifest), first.observed, outline);
  const { platform } = open;
  const again = platform.deployment.kind === 'swarm' && otherHosts(open).length > 0;
  if (again) await open.assertWorkers?.(otherHosts(open));
  const seen = again ? await observeHosts(open, { capture: outline }) : first;
  const { observed } = seen;
  const storePaths = await seen.storePaths(outline.storePaths);
  const volumes = input.volumes ?? platform.restore.volumes;
  return {
    ...(seen.otherFiles.length > 0 && { platformFilesDiffer: seen.otherFiles }),
    ...(seen.strays.length > 0 && { strays: seen.strays }),
    platform,
    platformFileHash: open.fileHash,
    manifest,
    indices,
    nodes,
    passedOver,
    proofs: { points: digestPoints(points), named: input.point !== undefined && input.point !== 'latest' },
    ...(point.suspect && { suspect: await whySuspect(open, manifest.id) }),
    capture: outline,
    captureSource: source,
    observed: await dataOf(open, { platform, manifest, observed, capture: outline, storePaths, volumes }),
    storePaths,
    volumes,
  };
}

/**
 * The same situation as another host has it, which was told the point, and what was observed on all hosts. Failure:
 * PreflightRefused when it cannot read that point.
 */
export async function situationAsAsked(
  open: OpenPlatform,
  { recoveryPoint, volumes, versions, observed, storePaths }: HostPreflightAsked,
): Promise<RestoreSituation> {
  const { manifest, read } = await chooseWhole(open, { id: recoveryPoint }, observed);
  if (manifest.id !== recoveryPoint)
    throw new Failure('CatalogueRefused', {
      message: `The recovery point ${recoveryPoint} cannot be read from ${open.host}`,
      remedy: 'Give all hosts the same catalogue and the same key (REKINDLE_KEY_FILE)',
    });
  const { capture, indices, nodes } = read;
  return {
    platform: open.platform,
    platformFileHash: open.fileHash,
    manifest,
    indices,
    nodes,
    versions,
    capture: capture.outline,
    captureSource: capture.source,
    observed,
    storePaths,
    volumes,
  };
}

async function whySuspect({ catalogue }: OpenPlatform, id: RecoveryPointId): Promise<string> {
  const markers = (await catalogue.findPoint(id))?.markers ?? [];
  return markers.find(({ marker }) => marker === 'suspect')?.note ?? '';
}
