import { findHelperImage } from '../../domain/deployment.ts';
import { deploymentOn } from '../../domain/hosts.ts';
import { listed } from '../../domain/listed.ts';
import type { StepOutcome } from '../../domain/plans/steps.ts';
import type { AskRunState } from '../../domain/recovery-points/unfinished.ts';
import type { StepCall } from '../../domain/runs/run.ts';
import { observeHere, otherHosts } from '../hosts/observe-here.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { ownerOf } from '../quarantine/recorded-deployment.ts';

/**
 * Runs whose objects nobody needs any more: neither the run nor its quarantine is running, its report is written, and
 * nothing of it is in quarantine on the host's engine.
 */
export async function runsWithoutUse(
  open: OpenPlatform,
  runState: AskRunState,
  signal?: AbortSignal,
): Promise<string[]> {
  const owners = await open.catalogue.runsWithObjects();
  if (owners.length === 0) return [];
  const quarantined = await ownersOnHosts(open, signal);
  if (quarantined === undefined) return [];
  const reports = new Set(await open.catalogue.listReports());
  const over: string[] = [];
  for (const owner of owners) {
    const run = ownerOf(owner)?.run;
    if (run === undefined || quarantined.has(owner) || !reports.has(run)) continue;
    // A quarantine is called by its owner's full name when the run's id was used before.
    const ids = [run, `quarantine/${run}`, `quarantine/${owner}`];
    const states = await Promise.all(ids.map((id) => runState(id)));
    if (!states.includes('running')) over.push(owner);
  }
  return over;
}

export async function removeRunObjects(
  { catalogue }: OpenPlatform,
  { arguments: { runs } }: StepCall<'removeRunObjects'>,
): Promise<StepOutcome> {
  for (const run of runs) await catalogue.removeRunObjects(run);
  return { summary: `Kept by ${runs.length} runs for a rollback, and removed: ${listed(runs)}` };
}

/** Of every host. Undefined when one of them cannot tell. */
async function ownersOnHosts(open: OpenPlatform, signal?: AbortSignal): Promise<Set<string> | undefined> {
  const own = await ownersOfQuarantine(open, signal);
  const others = await Promise.all(otherHosts(open).map((host) => open.ask(host, 'quarantineOwners', {}, { signal })));
  if (own === undefined || others.includes(null)) return undefined;
  return new Set([...own, ...others.flatMap((owners) => owners ?? [])]);
}

/** Undefined when no image of the platform is on the host to list it with. */
export async function ownersOfQuarantine(open: OpenPlatform, signal?: AbortSignal): Promise<Set<string> | undefined> {
  const { platform, deployment } = open.platform;
  // Nothing is ever set aside where no data service lies.
  if (deploymentOn(deployment, open.host).data.length === 0) return new Set();
  const image = findHelperImage(deployment, await observeHere(open, signal));
  if (image === undefined) return undefined;
  const entries = await open.docker.listQuarantine({ platform, image, signal });
  return new Set(entries.flatMap(({ run, volumes }) => (volumes.length > 0 ? [run] : [])));
}
