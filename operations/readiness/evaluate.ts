import { ChecksFailed } from '../../domain/checks-failed.ts';
import { failed, type Check } from '../../domain/checks.ts';
import { Failure } from '../../domain/failures.ts';
import { announcesOf } from '../../domain/notifications/announcement.ts';
import { judgeReadiness, type Evaluated } from '../../domain/readiness/judge.ts';
import { checkObjectives } from '../../domain/readiness/objectives.ts';
import type { ReadinessCall, ReadinessJudged } from '../../domain/readiness/readiness.ts';
import { digestPoints } from '../../domain/recovery-points/points-digest.ts';
import type { RunOutcome } from '../../domain/runs/outcome.ts';
import { lastDrillOf } from '../../domain/status/last-runs.ts';
import type { Watch } from '../../domain/watch.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { assessRestore, type Assessment } from '../restore/assess-restore.ts';

const dayMs = 86_400_000;

/**
 * Evaluates all that preflight checks without a scratch Elasticsearch, and the objectives. Changes nothing. A platform that could not be
 * restored is an answer. Failures: those of the catalogue, and DockerUnreachable: then nobody knows.
 */
export async function evaluateReadiness(
  open: OpenPlatform,
  { platform: name, last }: ReadinessCall,
  watch: Watch = {},
  assessed: typeof assessRestore = assessRestore,
): Promise<ReadinessJudged> {
  const { platform } = open;
  const { everyMinutes } = platform.readiness ?? { everyMinutes: 0 };
  const observation = await evaluate(open, watch, assessed);
  const { next, news } = judgeReadiness({
    platform: name,
    everyMinutes,
    observation,
    last,
    now: new Date().toISOString(),
  });
  const announces = announcesOf(platform);
  const heard = announces?.events.includes('readiness') === true || platform.metrics.statsd?.dialect === 'dogstatsd';
  return news && heard ? { next, news } : { next };
}

async function evaluate(open: OpenPlatform, watch: Watch, assessed: typeof assessRestore): Promise<Evaluated> {
  const { platform, catalogue } = open;
  const [{ checks, plan, forecast }, { points }, lastDrill] = await Promise.all([
    assess(open, watch, assessed),
    catalogue.listPoints(),
    findLastDrill(open),
  ]);
  const objectives = checkObjectives(platform.objectives, {
    platform: platform.platform,
    points: digestPoints(points),
    forecast,
    lastDrill,
    now: Date.now(),
  });
  // A warning of preflight about the same objective says no more.
  const named = new Set(objectives.map(({ name }) => name));
  const point = plan?.recoveryPoint;
  return {
    checks: [...checks.filter(({ name }) => !named.has(name)), ...objectives],
    ...(point && { point: { id: point.id, startedAt: point.startedAt } }),
    ...(forecast && { forecast }),
  };
}

/** Nothing is read where nobody asks. What ended long ago is listed only where nothing lately did. */
async function findLastDrill({ platform, catalogue }: OpenPlatform): Promise<RunOutcome | undefined> {
  const { drilledWithinDays } = platform.objectives;
  if (drilledWithinDays === undefined) return undefined;
  const since = new Date(Date.now() - drilledWithinDays * dayMs).toISOString();
  return lastDrillOf(await catalogue.listOutcomes(since)) ?? lastDrillOf(await catalogue.listOutcomes());
}

/** That there is no recovery point, or none that can be read, is what preflight found. */
async function assess(
  open: OpenPlatform,
  watch: Watch,
  assessed: typeof assessRestore,
): Promise<Pick<Assessment, 'checks' | 'plan' | 'forecast'>> {
  try {
    return await assessed(open, { platform: open.platform.platform }, { scratch: 'never', ...watch });
  } catch (error) {
    const checks = checksOf(error);
    if (checks.length === 0) throw error;
    return { checks };
  }
}

function checksOf(error: unknown): Check[] {
  if (error instanceof ChecksFailed) return error.checks;
  if (error instanceof Failure && ['RecoveryPointNotFound', 'VolumeRefused', 'ServiceNotFound'].includes(error.kind))
    return [failed('recovery point', error.message, error.remedy)];
  return [];
}
