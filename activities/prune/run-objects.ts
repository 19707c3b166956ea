import type { OpenPlatform } from '../../operations/open-platform.ts';
import { runState, type Workflows } from './run-state.ts';

/**
 * Runs whose objects nobody needs any more: the run is over (Temporal does not know it as running, nor its quarantine,
 * and its report is written), and the host's engine keeps nothing of it aside.
 */
export async function runsWithoutUse(
  open: OpenPlatform,
  workflows: Workflows,
  signal?: AbortSignal,
): Promise<string[]> {
  const owners = await open.catalogue.runsWithObjects();
  if (owners.length === 0) return [];
  const aside = await ownersOfQuarantine(open, signal);
  if (aside === undefined) return [];
  const reports = new Set(await open.catalogue.listReports());
  const over: string[] = [];
  for (const owner of owners) {
    // As `quarantineOf` names it: the run and the beginning of its execution's id.
    const run = /^(.+)~[0-9a-f]{8}$/s.exec(owner)?.[1];
    if (run === undefined || aside.has(owner) || !reports.has(run)) continue;
    // The second name of a quarantine: when the run's id was used before.
    const ids = [run, `quarantine/${run}`, `quarantine/${owner}`];
    const states = await Promise.all(ids.map((id) => runState(workflows, id)));
    if (!states.includes('running')) over.push(owner);
  }
  return over;
}

/** Undefined when no image of the platform is on the host to look with. */
async function ownersOfQuarantine(open: OpenPlatform, signal?: AbortSignal): Promise<Set<string> | undefined> {
  const { deployment } = open.platform;
  const { containers } = await open.docker.observe(deployment, open.host, signal);
  const image = containers.find(({ service }) => deployment.data.includes(service))?.image;
  if (image === undefined) return undefined;
  const entries = await open.docker.listQuarantine({ platform: open.platform.platform, image, signal });
  return new Set(entries.flatMap(({ run, volumes }) => (volumes.length > 0 ? [run] : [])));
}
