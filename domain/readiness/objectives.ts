import { failed, passed, type Check } from '../checks.ts';
import type { Objectives, PlatformName } from '../platform.ts';
import { ageSeconds, type PointsDigest } from '../recovery-points/points-digest.ts';
import type { Forecast } from '../runs/forecast.ts';
import type { RunOutcome } from '../runs/outcome.ts';
import { seconds } from '../units.ts';

/** The names of the objectives among the checks. */
export const rpo = 'objective RPO';
export const rto = 'objective RTO';
export const proof = 'objective proven';
export const drilled = 'objective drilled';

const daySeconds = 86_400;

export interface ObjectivesSeen {
  platform: PlatformName;
  points: PointsDigest;
  forecast: Pick<Forecast, 'downtimeSeconds' | 'basis'> | undefined;
  /** The newest drill that passed; absent: none has. */
  lastDrill?: RunOutcome | undefined;
  /** In milliseconds. */
  now: number;
}

/** Those that the platform file sets, each as a check. */
export function checkObjectives(objectives: Objectives, seen: ObjectivesSeen): Check[] {
  const { recoveryPointMinutes, recoveryTimeMinutes, provenWithinDays, drilledWithinDays } = objectives;
  return [
    ...(recoveryPointMinutes === undefined ? [] : [checkRecoveryPoint(recoveryPointMinutes * 60, seen)]),
    ...(recoveryTimeMinutes === undefined ? [] : [checkRecoveryTime(recoveryTimeMinutes * 60, seen)]),
    ...(provenWithinDays === undefined ? [] : [checkProof(provenWithinDays, seen)]),
    ...(drilledWithinDays === undefined ? [] : [checkDrill(drilledWithinDays, seen)]),
  ];
}

function checkRecoveryPoint(objective: number, { platform, points: { newestGood }, now }: ObjectivesSeen): Check {
  const backup = `Take a backup: rekindle backup ${platform}`;
  if (newestGood === undefined) return failed(rpo, 'There is no good recovery point', backup);
  const old = ageSeconds(newestGood, now);
  const evidence = `The newest good recovery point, ${newestGood.id}, is ${seconds(old)} old; the objective is ${seconds(objective)}`;
  return old > objective ? failed(rpo, evidence, backup) : passed(rpo, evidence);
}

function checkRecoveryTime(objective: number, { forecast, platform }: ObjectivesSeen): Check {
  if (forecast === undefined)
    return {
      name: rto,
      verdict: 'inconclusive',
      evidence: 'How long a restore would take is not known: no plan could be made',
      remedy: 'Do what the other checks say',
    };
  const { downtimeSeconds, basis } = forecast;
  const evidence = `A restore would take about ${seconds(downtimeSeconds)} (${basis}); the objective is ${seconds(objective)}`;
  if (downtimeSeconds <= objective) return passed(rto, evidence);
  return failed(
    rto,
    evidence,
    `See what takes so long ("rekindle restore ${platform} --dry-run"): raise restoreThrottle, give the servers more, or set a longer objective`,
  );
}

/** When any good point was proven last, by a drill or a restore. */
export function checkProof(
  days: number,
  { platform, points, now }: Pick<ObjectivesSeen, 'platform' | 'points' | 'now'>,
): Check {
  const { lastProof } = points;
  const remedy = `Drill: rekindle drill ${platform}`;
  const wanted = `the objective is ${days} d`;
  if (lastProof === undefined) return failed(proof, `No good recovery point was ever proven; ${wanted}`, remedy);
  const by = lastProof.by === undefined ? '' : ` by ${lastProof.by}`;
  const { ago, late } = agoIn(days, lastProof.at, now);
  const evidence = `${lastProof.id} was proven${by} at ${lastProof.at}, ${ago}; ${wanted}`;
  return late ? failed(proof, evidence, remedy) : passed(proof, evidence);
}

/**
 * When a drill passed last. A restore proves a point as well, but nobody rehearsed by it; a drill of some indices proves none,
 * and shows all the same that drills work: so this is not the objective of proofs.
 */
function checkDrill(days: number, { platform, lastDrill, now }: ObjectivesSeen): Check {
  const wanted = `the objective is ${days} d`;
  const remedy = `Drill: rekindle drill ${platform}`;
  if (lastDrill === undefined) return failed(drilled, `No drill has ever passed; ${wanted}`, remedy);
  const { run, finishedAt, recoveryPoint } = lastDrill;
  const { ago, late } = agoIn(days, finishedAt, now);
  const of = recoveryPoint === undefined ? '' : ` of ${recoveryPoint}`;
  const evidence = `The newest drill that passed, ${run}${of}, ended at ${finishedAt}, ${ago}; ${wanted}`;
  return late ? failed(drilled, evidence, remedy) : passed(drilled, evidence);
}

function agoIn(days: number, time: string, now: number): { ago: string; late: boolean } {
  const age = (now - Date.parse(time)) / 1000;
  return { ago: `${(age / daySeconds).toFixed(1)} d ago`, late: age > days * daySeconds };
}
