import { redact } from '../../config/redaction.ts';
import { passed, warned, type Check } from '../../domain/checks.ts';
import { Failure } from '../../domain/failures.ts';
import { isFolder } from '../../domain/mounts.ts';
import { whatGoes } from '../../domain/plans/mount-fates.ts';
import { planRestore } from '../../domain/plans/plan-restore.ts';
import { whyNoScript } from '../../domain/plans/script/script.ts';
import { kitText, type Kit } from '../../domain/recovery-points/kit.ts';
import type { RecoveryPointManifest } from '../../domain/recovery-points/recovery-point.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { observeDataOnHosts } from '../preflight/observe-data.ts';
import { observeForRestore } from '../restore/assess-restore.ts';
import { scriptOfPlan } from '../restore/script-of-plan.ts';
import { withHash } from '../with-hash.ts';

/**
 * Puts into the catalogue what a restore of this point begins with when Rekindle is gone. The point is good without it, so
 * that a fault is a warning. Called after a good backup only: the kit of the last good point stays.
 */
export async function writeKit(open: OpenPlatform, manifest: RecoveryPointManifest): Promise<Check[]> {
  const { kitSources, catalogue, platform } = open;
  if (kitSources === undefined) return [];
  const script = await attempt(() => scriptFor(open, manifest, kitSources.keyFile));
  const texts = {
    // It names secrets and holds none; what a person wrote into it all the same does not get any further.
    'platform.yaml': redact(kitSources.fileText),
    'manifest.json': JSON.stringify(manifest, undefined, 2),
    ...('text' in script && { 'restore.sh': script.text }),
    README: kitText(platform.platform, manifest.id, 'why' in script ? script.why : undefined),
  };
  const encoder = new TextEncoder();
  const kit: Kit = Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, encoder.encode(text)]));
  const written = await attempt(async () => {
    await catalogue.writeKit(manifest, kit);
    return '';
  });
  if ('why' in written)
    return [
      warned(
        'kit',
        `The recovery point ${manifest.id} is complete, but what a restore by hand begins with was not written: ${written.why}`,
        'Correct what keeps the catalogue from taking it; the next backup writes it',
      ),
    ];
  const expected = whyNoScript(platform) !== undefined;
  if ('why' in script && !expected)
    return [
      warned(
        'kit',
        `The kit for a restore by hand is written without a script: ${script.why}`,
        `Find out what stands in the way of a restore: rekindle check ${platform.platform}`,
      ),
    ];
  return [passed('kit', `What a restore by hand begins with is written: ${Object.keys(texts).join(', ')}`)];
}

/** The plan of a restore of this point, as a script. Failures: why there can be none. */
export async function scriptFor(open: OpenPlatform, { id }: RecoveryPointManifest, keyFile: string): Promise<string> {
  const { platform } = open;
  const why = whyNoScript(platform);
  if (why !== undefined) throw new Failure('InvalidArgument', { message: why, remedy: '' });
  const situation = await observeForRestore(open, { platform: platform.platform, point: id }, undefined, dataOf);
  return scriptOfPlan({ platform: situation.platform, plan: withHash(planRestore(situation)), keyFile });
}

/** Only of a folder it must be found out whether it is there; a helper container after each backup is to be avoided. */
const dataOf: typeof observeDataOnHosts = (open, situation, watch) =>
  [...whatGoes(situation)].some(isFolder)
    ? observeDataOnHosts(open, situation, watch)
    : Promise.resolve(situation.observed);

async function attempt(work: () => Promise<string>): Promise<{ text: string } | { why: string }> {
  try {
    return { text: await work() };
  } catch (error) {
    if (error instanceof Failure) return { why: error.message };
    throw error;
  }
}
