import { passed, warned, type Check } from './checks.ts';

/** A worker that asked for work within the last minute and a half. */
export interface WorkerSeen {
  /** `<process id>@<host>`. */
  identity: string;
  /** Version and digest of its workflows, `0.1.0+8c1f09ab42d1`; absent: it does not say. */
  version?: string;
}

/** The versions of the workers, sorted; those that say none are left out. */
export function versionsOf(workers: readonly WorkerSeen[]): string[] {
  return [...new Set(workers.flatMap(({ version }) => version ?? []))].toSorted();
}

/**
 * Warns of workers of different versions: each goes on with runs that another began, but a step may behave as one of them
 * or the other. Undefined when nobody can be asked.
 */
export function checkWorkers(workers: readonly WorkerSeen[]): Check | undefined {
  const versions = versionsOf(workers);
  if (workers.length === 0) return undefined;
  if (versions.length < 2) return passed('workers', `${workers.length} at work, ${versions[0] ?? 'version not known'}`);
  const evidence = versions.map(
    (version) =>
      `${version} (${workers
        .filter((worker) => worker.version === version)
        .map(({ identity }) => identity)
        .join(', ')})`,
  );
  return warned('workers', `Workers of ${versions.length} versions are at work: ${evidence.join('; ')}`, updateRemedy);
}

export const updateRemedy = 'Finish the upgrade: bring every worker to the same version, one after the other';
