import { failed, warned, type Check } from '../../domain/checks.ts';
import type { RestoreSituation } from '../../domain/plans/plan-restore.ts';
import { checkProof, proof } from '../../domain/readiness/objectives.ts';

/**
 * Whether a drill or a restore has proven a recovery point as lately as the platform file demands. The policy
 * `restore.requireProvenWithinDays` refuses a point that nobody named; the objective `objectives.provenWithinDays` only warns. Undefined: the file
 * demands neither. `now` in milliseconds.
 */
export function checkProven(
  { platform, manifest }: Pick<RestoreSituation, 'platform' | 'manifest'>,
  { points, named }: NonNullable<RestoreSituation['proofs']>,
  now: number,
): Check | undefined {
  const { platform: name, restore, objectives } = platform;
  const required = restore.requireProvenWithinDays;
  const days = required ?? objectives.provenWithinDays;
  if (days === undefined) return undefined;
  const found = checkProof(days, { platform: name, points, now });
  if (found.verdict === 'pass') return found;
  const drill = `drill it first: rekindle drill ${name}`;
  if (required === undefined || named) return warned(proof, found.evidence, `When there is time, ${drill}`);
  const proven = points.newestProven;
  return failed(
    proof,
    `${found.evidence} (restore.requireProvenWithinDays)`,
    `${proven ? `Restore the newest proven point, ${proven.id} ("--point proven"), or` : 'Restore'} this one by its name, knowing that none was proven lately ("--point ${manifest.id}"); when there is time, ${drill}`,
  );
}
